"""What years of past events and bookings cost today's pages: two boards side by side, one a hundred times the age."""

import http.client
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.load import get_page
from benchmarks.world import add_past, busy_day
from tests.browser.site import Site, running_site

SMALL, LARGE = 200, 20_000  # past events; 25 bookings each
WARM, ASKED = 4, 25


def grow(start: Callable[[Site], None]) -> tuple[dict, dict, dict[str, tuple[float, float]]]:
    """Measure the pages of a young board and of an old one, asked in turns, so that whatever else the machine does
    slows both alike.

    `start` starts a site's web process. Returns the sizes of both, and for each page its seconds on each: the least of
    25. All are asked by somebody signed in, for whom nothing is kept.
    """
    with (
        tempfile.TemporaryDirectory() as one,
        tempfile.TemporaryDirectory() as other,
        running_site(Path(one)) as young,
        running_site(Path(other)) as old,
    ):
        boards = [_board(young, SMALL, start), _board(old, LARGE, start)]
        assert boards[0]["own"] == boards[1]["own"], "both learners have as many bookings of their own"
        pages = [_in_turns(*addresses) for addresses in zip(*(board["pages"] for board in boards), strict=True)]
        return *boards, dict(zip(boards[0]["names"], pages, strict=True))


def _board(site: Site, events: int, start: Callable[[Site], None]) -> dict:
    world = busy_day(site, people=1)
    board = add_past(site, first=1, events=events)
    start(site)
    event, course = f"/events/{world['reference']}/", f"/courses/{world['courses']}/"
    asked = {
        "Home": "/", "Events": "/events/", "… with places": "/events/?only=places", "… searched": "/events/?q=neglect",
        "Calendar": "/events/calendar/", "… as a feed": "/events/feed.ics", "An event": event,
        "Booking it": f"{event}book/", "Courses": "/courses/", "A course": course, "My training": "/my-training/",
        "My pathway": "/my-pathway/", "My record": "/my-record/", "Your details": "/your-details/",
    }  # fmt: skip
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=300)
    pages = [(connection, address, board["session"]) for address in asked.values()]
    return {**board, "names": list(asked), "pages": pages}


def _in_turns(young: tuple, old: tuple) -> tuple[float, float]:
    for page in (young, old) * WARM:
        get_page(*page)
    times = [(_seconds(young), _seconds(old)) for _ in range(ASKED)]
    return min(time for time, _ in times), min(time for _, time in times)


def _seconds(page: tuple) -> float:
    start = time.perf_counter()
    get_page(*page)
    return time.perf_counter() - start
