"""Guessing is limited: whoever opens too many addresses that don't exist, of the kind that a secret opens, must wait.

Only misses count, so a whole school behind one network address may open its links at once. Sign-in, sign-up and
reset have allauth's own limits. Without its cache the site lets people in and says so in the log.
"""

import logging

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from redis.exceptions import RedisError

MOST_MISSES, WITHIN = 20, 10 * 60  # seconds
logger = logging.getLogger(__name__)


class GuessingMiddleware:
    """Counts the misses of one network address at the pages named in settings, and answers 429 when they are many."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 404 and _is_opened_by_a_secret(request):
            _note_miss(request)
        return response

    def process_view(self, request, view, args, kwargs):
        if _is_opened_by_a_secret(request) and _misses(request) >= MOST_MISSES:
            response = render(request, "429.html", status=429)
            response.headers["Retry-After"] = str(WITHIN)
            return response
        return None


def _is_opened_by_a_secret(request) -> bool:
    return bool(request.resolver_match) and request.resolver_match.view_name in settings.OPENED_BY_A_SECRET


def _key(request) -> str:
    try:
        return f"misses/{get_adapter(request).get_client_ip(request)}"
    except PermissionDenied:  # a socket without an address
        return "misses/unknown"


def _misses(request) -> int:
    try:
        return cache.get(_key(request), 0)
    except (RedisError, OSError):
        logger.warning("No cache: guesses are not counted.")
        return 0


def _note_miss(request) -> None:
    try:
        cache.add(_key(request), 0, WITHIN)
        cache.incr(_key(request))
    except (RedisError, OSError, ValueError):  # ValueError: it ran out between the two
        logger.warning("No cache: guesses are not counted.")
