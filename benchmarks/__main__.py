"""`make bench`: the promises of speed and cost over HTTP, beside the floor of each, from one run on one database."""

import statistics
import tempfile
from pathlib import Path

from benchmarks.bare_sql import Database, book_bare
from benchmarks.documents import measure
from benchmarks.growth import grow
from benchmarks.load import book_places, get_pages, run_clients, rush
from benchmarks.weight import cpu_of, memory_of, weigh
from benchmarks.world import busy_day
from tests.browser.site import Site, running_site, wait_for

CLIENTS, RUNS, SECONDS, BOOKINGS, RUSH = 4, 5, 2.0, 25, 500


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder)) as site:
        world = busy_day(site, people=max(CLIENTS * BOOKINGS * (RUNS + 1), RUSH))
        minimal = _start(site)
        on_postgres = bool(site.environment.get("DATABASE_URL"))
        database = "PostgreSQL" if on_postgres else "SQLite (the targets are for PostgreSQL: set DATABASE_URL)"
        print(f"{database}, gunicorn with 2 workers, {CLIENTS} clients, median of {RUNS} runs (least to most)\n")
        _show_pages(site, world, minimal)
        _show_bookings(site, world)
        _rush(site, world)
        weights = weigh(site.url, world)
        page, heaviest = max(weights.items(), key=lambda item: item[1])
        words = f"the heaviest page has {heaviest / 1000:.0f} kB with style and script ({page})"
        _target(words, "60 or less", heaviest < 60_000)
        if on_postgres:
            _growth()
        memory = memory_of(site.processes["web"].pid) / 1e6
        _target(f"a web process has {memory:.0f} MB after all this", "130 or less", memory < 130)
        for name, (middle, least, most) in measure(site, runs=RUNS).items():
            print(f"  {name:36} {middle:8.2f} seconds  ({least:.2f} to {most:.2f})")


def _show_pages(site: Site, world: dict, minimal: str) -> None:
    web, least = site.processes["web"].pid, site.processes["minimal"].pid
    (events, cost), (floor, floor_cost) = _pages(web, site.url + "/events/"), _pages(least, minimal)
    signed_in, signed_in_cost = _pages(web, site.url + "/events/", world["sessions"][0])
    _rates("Events page (20 rows)", "pages", events)
    _rates("… of somebody signed in", "pages", signed_in)
    _rates("… minimal Django view of 20 rows", "pages", floor)
    print(f"  processor time a page: {cost:.2f} ms, signed in {signed_in_cost:.2f} ms, minimal {floor_cost:.2f} ms")
    ratio = _median(events) / _median(floor)
    _target(f"the page runs at {ratio:.2f} of the minimal view", "0.5 or more", ratio >= 0.5)


def _show_bookings(site: Site, world: dict) -> None:
    web = site.processes["web"].pid
    before = cpu_of(web)
    booked = _bookings(site, world)
    cost = (cpu_of(web) - before) / (CLIENTS * BOOKINGS * (RUNS + 1))
    _rates("Booking over HTTP", "bookings", booked)
    _rates("… a safe booking in bare SQL", "bookings", _bare_bookings(site))
    print(f"  processor time a booking: {cost * 1000:.1f} ms of the web processes")
    _target(f"{_median(booked):.0f} bookings a second at {CLIENTS} clients", "60 or more", _median(booked) >= 60)


def _start(site: Site) -> str:
    """Start the site's web process and the minimal one beside it; return the minimal one's address."""
    _start_web(site)
    at = int(site.url.rpartition(":")[2]) + 1
    _serve(site, "minimal", "benchmarks.minimal", at)
    minimal = f"http://127.0.0.1:{at}/"
    wait_for(lambda: Site(site.folder, {"BASE_URL": minimal})._answers(), "the minimal view to answer")
    return minimal


def _start_web(site: Site) -> None:
    _serve(site, "web", "wscb_training.wsgi", int(site.url.rpartition(":")[2]))
    wait_for(site._answers, "the site to answer")


def _serve(site: Site, name: str, application: str, port: int) -> None:
    site.start(
        name, "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "2",
        "--log-level", "warning", "--config", "python:wscb_training.gunicorn",
    )  # fmt: skip


def _pages(server: int, url: str, session: str = "") -> tuple[list[float], float]:
    """Return the pages a second of each run, and the milliseconds of the server's processor time that a page takes.

    The second is what the page costs, however busy the machine is with other things.
    """
    get_pages(0.5, url, session)  # warm
    before = cpu_of(server)
    rates = [run_clients(get_pages, [SECONDS] * CLIENTS, url, session) for _ in range(RUNS)]
    return rates, (cpu_of(server) - before) / (sum(rates) * SECONDS) * 1000


def _bookings(site: Site, world: dict) -> list[float]:
    """Everybody books the same event: all wait for one lock, as on a popular day. The first run warms."""
    url, shares = f"{site.url}/events/{world['reference']}/book/", CLIENTS * (RUNS + 1)
    parts = [world["sessions"][start : shares * BOOKINGS : shares] for start in range(shares)]
    runs = [parts[first : first + CLIENTS] for first in range(0, shares, CLIENTS)]
    return [run_clients(book_places, run, url) for run in runs][1:]


def _bare_bookings(site: Site) -> list[float]:
    url, file = site.environment.get("DATABASE_URL", ""), site.folder / "db.sqlite3"
    Database(url, file).make_tables()
    number, rates = 200, []
    for run in range(RUNS):
        first = run * CLIENTS * number
        shares = [range(first + client * number, first + (client + 1) * number) for client in range(CLIENTS)]
        rates.append(run_clients(book_bare, shares, url, file))
    return rates


def _rush(site: Site, world: dict) -> None:
    """All at once for the last 20 places: everybody is answered, 20 are confirmed, the others wait."""
    event = world["last_20_places"]
    seconds = rush(world["sessions"][:RUSH], f"{site.url}/events/{event}/book/")
    counts = site.manage(
        "shell", "-v", "0", "-c",
        "from courses.models import Event\n"
        f"event = Event.objects.get(reference='{event}')\nprint(event.held_other, event.waiting)",
    ).split()  # fmt: skip
    assert counts == ["20", str(RUSH - 20)], f"20 places, and {counts} have a place and wait"
    _target(f"{RUSH} people for the last 20 places: {seconds:.1f} seconds, no error", "10 or less", seconds < 10)


def _growth() -> None:
    small, large, pages = grow(_start_web)
    sizes = [f"{size['events']:,} events and {size['bookings']:,} bookings" for size in (small, large)]
    print(f"  From {sizes[0]} to {sizes[1]}")
    for page, (before, after) in pages.items():
        print(f"  {page:36} {before * 1000:8.1f} ms, then {after * 1000:.1f}: {after / before:.2f} times")
    page, worst = max(((page, after / before) for page, (before, after) in pages.items()), key=lambda item: item[1])
    _target(f"the page that slows most takes {worst:.2f} times as long ({page})", "1.3 or less", worst <= 1.3)


def _median(rates: list[float]) -> float:
    return statistics.median(rates)


def _rates(name: str, unit: str, rates: list[float]) -> None:
    print(f"  {name:36} {_median(rates):8.0f} {unit} a second  ({min(rates):.0f} to {max(rates):.0f})", flush=True)


def _target(what: str, target: str, is_met: bool) -> None:
    print(f"  → {what}. Target {target}: {'met' if is_met else 'MISSED'}\n", flush=True)


if __name__ == "__main__":
    main()
