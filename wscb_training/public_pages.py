"""Pages that are the same for everybody who is not signed in, kept in memory while the database stands as it did.

PostgreSQL says with one short question (`pg_current_snapshot`) which transactions are done. As long as its answer stays
the same, no row of any table has changed, so a page made since then is still true, whoever wrote or forgot to: there
is nothing to invalidate. For a second a page is shown without asking, so that a rush of bookings, each a change, makes
no page more than once a second; whether a place is left is decided under the lock, never by a page. What pages say of
the time is true to the minute. SQLite has no such answer: nothing is kept.
"""

import gzip
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import wraps
from threading import Lock

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

MOST_PAGES = 200  # in each process; a page has 10 to 60 kB
LONGEST_ADDRESS = 300  # letters; who sends more gets pages made for them alone
MINUTE = 60
TRUE_FOR = 1.0  # seconds for which a page is shown without asking how the database stands


@dataclass
class _Page:
    stamp: tuple  # how the database stood before it was made
    looked_at: float  # when that was last found to be so
    content: bytes
    compressed: bytes


_pages: OrderedDict[str, _Page] = OrderedDict()
_lock = Lock()


def same_for_everybody(view):
    """Keep what the view answers to people who are not signed in; it must depend on the address alone, and the time.

    An answer that is not a page (200), sets a cookie, or has a form with a token in it is never kept.
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        address = request.get_full_path()
        if not _can_tell() or not _is_stranger(request) or len(address) > LONGEST_ADDRESS:
            return view(request, *args, **kwargs)
        page = _kept(address)
        if page is None or time.monotonic() - page.looked_at >= TRUE_FOR:
            now, stamp = time.monotonic(), _stamp()
            if page is None or page.stamp != stamp:
                response = view(request, *args, **kwargs)
                if not _may_be_kept(request, response):
                    return response
                content = response.content
                page = _Page(stamp, now, content, gzip.compress(content, compresslevel=6, mtime=0))
                _keep(address, page)
            page.looked_at = now
        return _answer(request, page)

    return wrapped


def forget_all() -> None:
    """Forget every page: for tests."""
    with _lock:
        _pages.clear()


def _is_stranger(request) -> bool:
    cookies = request.COOKIES
    return settings.SESSION_COOKIE_NAME not in cookies and CookieStorage.cookie_name not in cookies


def _can_tell() -> bool:
    """Whether the database tells how it stands; inside a transaction it does not tell of one's own writes."""
    return connection.vendor == "postgresql" and not connection.in_atomic_block


def _stamp() -> tuple:
    """Return what stays the same while the database and the minute do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return cursor.fetchone()[0], int(time.time()) // MINUTE


def _kept(address: str) -> _Page | None:
    with _lock:
        if address in _pages:
            _pages.move_to_end(address)
        return _pages.get(address)


def _keep(address: str, page: _Page) -> None:
    with _lock:
        _pages[address] = page
        _pages.move_to_end(address)
        while len(_pages) > MOST_PAGES:
            _pages.popitem(last=False)


def _may_be_kept(request, response) -> bool:
    has_token = "CSRF_COOKIE" in request.META or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
    return response.status_code == 200 and not (response.cookies or has_token or request.session.modified)


def _answer(request, page: _Page) -> HttpResponse:
    """Return the page, compressed where the browser can: nothing secret is in it that its size could give away."""
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(page.compressed if zipped else page.content)
    if zipped:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return response
