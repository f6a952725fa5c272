"""Guessing is limited: whoever opens too many addresses that don't exist, of the kind that a secret opens, must wait.

Only misses count, so a whole school behind one network address may open its links at once. Sign-in, sign-up and
reset have allauth's own limits; the pages that count something else do it with `count_up`. Without its cache the site
lets people in and says so in the log.
"""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.shortcuts import render

MOST_MISSES, WITHIN = 20, 10 * 60  # seconds


class GuessingMiddleware:
    """Counts the misses of one network address at the pages named in settings, and answers 429 when they are many."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 404 and _is_opened_by_a_secret(request):
            count_up(_key(request), within=WITHIN)
        return response

    def process_view(self, request, view, args, kwargs):
        if _is_opened_by_a_secret(request) and _misses(request) >= MOST_MISSES:
            response = render(request, "429.html", status=429)
            response.headers["Retry-After"] = str(WITHIN)
            return response
        return None


def _is_opened_by_a_secret(request) -> bool:
    return bool(request.resolver_match) and request.resolver_match.view_name in settings.OPENED_BY_A_SECRET


def address_of(request) -> str | None:
    """Return the network address that somebody asks from, as our own proxies saw it, or None where there is none."""
    try:
        return get_adapter(request).get_client_ip(request)
    except PermissionDenied:  # a socket without an address
        return None


def count_up(key: str, *, within: int) -> int:
    """Count one more under a key, forgotten `within` so many seconds after the first; return how many it has been.

    One atomic step of the cache each. Without the cache it is 0: nobody is held up.
    """
    cache.add(key, 0, within)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        return 0


def _key(request) -> str:
    return f"misses/{address_of(request)}"


def _misses(request) -> int:
    return cache.get(_key(request), 0)
