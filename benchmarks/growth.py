"""What years of past events and bookings cost the pages of today: each page before and after."""

import http.client
import time
from urllib.parse import urlsplit

from benchmarks.load import get_page
from benchmarks.world import add_past
from tests.browser.site import Site

SMALL, LARGE = 200, 20_000  # past events; 25 bookings each
ASKED = 15


def grow(site: Site, world: dict) -> tuple[dict, dict, dict[str, tuple[float, float]]]:
    """Measure the pages of a small board and of one a hundred times as old.

    Returns the sizes of both, and for each page its seconds before and after: the least of 15, which is what the page
    costs without whatever else the machine does. All are asked by somebody signed in, for whom nothing is kept.
    """
    small = add_past(site, first=1, events=SMALL)
    before = _times(site, world, small["session"])
    large = add_past(site, first=SMALL + 1, events=LARGE)
    after = _times(site, world, large["session"])
    assert small["own"] == large["own"], "the learner has as many bookings of their own as before"
    return small, large, {page: (before[page], after[page]) for page in before}


def _times(site: Site, world: dict, session: str) -> dict[str, float]:
    pages = [
        "/", "/events/", "/events/?only=places", "/events/?q=neglect", "/events/calendar/", "/events/feed.ics",
        f"/events/{world['reference']}/", f"/events/{world['reference']}/book/", "/courses/",
        f"/courses/{world['courses']}/", "/my-training/", "/my-pathway/", "/my-record/", "/your-details/",
    ]  # fmt: skip
    return {page: _least(site.url, page, session) for page in pages}


def _least(url: str, page: str, session: str) -> float:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    times = []
    for _ in range(ASKED):
        start = time.perf_counter()
        get_page(connection, page, session)
        times.append(time.perf_counter() - start)
    connection.close()
    return min(times)
