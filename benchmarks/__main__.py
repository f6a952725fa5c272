"""`make bench`: pages and bookings a second over HTTP, beside the floor of each, from one run on one database."""

import json
import statistics
import tempfile
from pathlib import Path

from benchmarks.bare_sql import Database, book_bare
from benchmarks.documents import measure
from benchmarks.load import book_places, get_pages, run_clients
from tests.browser.site import Site, running_site, wait_for

CLIENTS, RUNS, SECONDS, BOOKINGS = 4, 5, 2.0, 25

WORLD = """
import json
from datetime import timedelta
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from accounts.models import Organisation, Sector, User
from competence.models import CompetenceGroup
from courses import actions
from courses.models import Course, Trainer, Venue
now = timezone.now()
sector, group = Sector.objects.first(), CompetenceGroup.objects.get(number=3)
school = Organisation.objects.create(name="Riverside School", sector=sector, confirmed_at=now)
venue = Venue.objects.create(name="Town Hall", address="High Street", postcode="SW18 2PU", capacity=1000)
trainer = Trainer.objects.create(name="Ama Mensah", train_the_trainer_on=now.date())
courses = list(Course.objects.exclude(delivery="online"))
for number in range(40):
    start = now + timedelta(days=20 + number)
    event = actions.create_event(course=courses[number % len(courses)], by=None, venue=venue, trainers=[trainer],
        sessions=[(start, start + timedelta(hours=3))], capacity=30000)
    actions.publish(event=event, by=None, now=now)
sessions = []
for number in range({people}):
    person = User.objects.create_user(f"p{{number}}@riverside.example", full_name=f"Pat {{number}}", job_role="Teacher",
        organisation=school, group=group)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    sessions.append(session.session_key)
print(json.dumps({{"reference": event.reference, "sessions": sessions}}))
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder)) as site:
        people = CLIENTS * BOOKINGS * RUNS
        world = json.loads(site.manage("shell", "-v", "0", "-c", WORLD.format(people=people)).splitlines()[-1])
        minimal = _start(site)
        database = "PostgreSQL" if site.environment.get("DATABASE_URL") else "SQLite"
        print(f"{database}, gunicorn with 2 workers, {CLIENTS} clients, median of {RUNS} runs (least to most)\n")
        documents = measure(site, runs=RUNS)
        events, floor = _pages(site.url + "/events/"), _pages(minimal)
        booked, bare = _bookings(site, world), _bare_bookings(site)
        _print("Events page (20 rows)", "pages", events)
        _print("… minimal Django view of 20 rows", "pages", floor)
        print(f"  the page runs at {_median(events) / _median(floor):.2f} of the minimal view\n")
        _print("Booking over HTTP", "bookings", booked)
        _print("… a safe booking in bare SQL", "bookings", bare)
        for name, (middle, least, most) in documents.items():
            print(f"  {name:36} {middle:8.2f} seconds  ({least:.2f} to {most:.2f})")


def _start(site: Site) -> str:
    """Start the site's web process and the minimal one beside it; return the minimal one's address."""
    port = int(site.url.rpartition(":")[2])
    for name, application, at in (("web", "wscb_training.wsgi", port), ("minimal", "benchmarks.minimal", port + 1)):
        site.start(
            name, "gunicorn", application, "--bind", f"127.0.0.1:{at}", "--workers", "2", "--threads", "2",
            "--log-level", "warning",
        )  # fmt: skip
    wait_for(site._answers, "the site to answer")
    minimal = f"http://127.0.0.1:{port + 1}/"
    wait_for(lambda: Site(site.folder, {"BASE_URL": minimal})._answers(), "the minimal view to answer")
    return minimal


def _pages(url: str) -> list[float]:
    get_pages(0.5, url)  # warm
    return [run_clients(get_pages, [SECONDS] * CLIENTS, url) for _ in range(RUNS)]


def _bookings(site: Site, world: dict) -> list[float]:
    """Everybody books the same event: all wait for one lock, as on a popular day."""
    url = f"{site.url}/events/{world['reference']}/book/"
    parts = [world["sessions"][start :: CLIENTS * RUNS] for start in range(CLIENTS * RUNS)]
    return [run_clients(book_places, parts[run * CLIENTS : (run + 1) * CLIENTS], url) for run in range(RUNS)]


def _bare_bookings(site: Site) -> list[float]:
    url, file = site.environment.get("DATABASE_URL", ""), site.folder / "db.sqlite3"
    Database(url, file).make_tables()
    number, rates = 200, []
    for run in range(RUNS):
        first = run * CLIENTS * number
        shares = [range(first + client * number, first + (client + 1) * number) for client in range(CLIENTS)]
        rates.append(run_clients(book_bare, shares, url, file))
    return rates


def _median(rates: list[float]) -> float:
    return statistics.median(rates)


def _print(name: str, unit: str, rates: list[float]) -> None:
    print(f"  {name:36} {_median(rates):8.0f} {unit} a second  ({min(rates):.0f} to {max(rates):.0f})")


if __name__ == "__main__":
    main()
