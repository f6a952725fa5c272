"""Pages that are the same for everybody who is not signed in, kept in memory while the database stands as it did.

PostgreSQL says with one short question (`pg_current_snapshot`) which transactions are done. As long as its answer stays
the same, no row of any table has changed, so a page made since then is still true, whoever wrote or forgot to: there
is nothing to invalidate. What pages say of the time is true to the minute. SQLite has no such answer: nothing is kept.
"""

import gzip
import time
from collections import OrderedDict
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

_pages: OrderedDict[str, tuple[tuple, bytes, bytes]] = OrderedDict()
_lock = Lock()


def same_for_everybody(view):
    """Keep what the view answers to people who are not signed in; it must depend on the address alone, and the time.

    An answer that is not a page (200), sets a cookie, or has a form with a token in it is never kept.
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        address = request.get_full_path()
        stamp = _stamp() if _is_stranger(request) and len(address) <= LONGEST_ADDRESS else None
        if stamp is None:
            return view(request, *args, **kwargs)
        kept = _kept(address, stamp)
        if kept is None:
            response = view(request, *args, **kwargs)
            if not _may_be_kept(request, response):
                return response
            kept = _keep(address, stamp, response.content)
        return _answer(request, *kept)

    return wrapped


def forget_all() -> None:
    """Forget every page: for tests."""
    with _lock:
        _pages.clear()


def _is_stranger(request) -> bool:
    cookies = request.COOKIES
    return settings.SESSION_COOKIE_NAME not in cookies and CookieStorage.cookie_name not in cookies


def _stamp() -> tuple | None:
    """Return what stays the same while the database and the minute do; None where nothing tells.

    Inside a transaction the answer does not tell of one's own writes.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return cursor.fetchone()[0], int(time.time()) // MINUTE


def _kept(address: str, stamp: tuple) -> tuple[bytes, bytes] | None:
    with _lock:
        page = _pages.get(address)
        if page is None or page[0] != stamp:
            return None
        _pages.move_to_end(address)
        return page[1:]


def _keep(address: str, stamp: tuple, content: bytes) -> tuple[bytes, bytes]:
    page = (stamp, content, gzip.compress(content, compresslevel=6, mtime=0))
    with _lock:
        _pages[address] = page
        _pages.move_to_end(address)
        while len(_pages) > MOST_PAGES:
            _pages.popitem(last=False)
    return page[1:]


def _may_be_kept(request, response) -> bool:
    has_token = "CSRF_COOKIE" in request.META or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
    return response.status_code == 200 and not (response.cookies or has_token or request.session.modified)


def _answer(request, content: bytes, compressed: bytes) -> HttpResponse:
    """Return the page, compressed where the browser can: nothing secret is in it that its size could give away."""
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(compressed if zipped else content)
    if zipped:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return response
