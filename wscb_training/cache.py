"""Redis as a cache that may be away: the site then counts no guesses and makes every document anew, and stays open.

Nothing that must last is in the cache. allauth's limits use it at each sign-in, so one place forgives for all.
"""

import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

SECONDS = 2  # for an answer: a cache that hangs must not hold a page up
log = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Django's cache in Redis; while that is away nothing is there, and what is kept is gone."""

    def __init__(self, server, params):
        params["OPTIONS"] = {"socket_connect_timeout": SECONDS, "socket_timeout": SECONDS} | params.get("OPTIONS", {})
        super().__init__(server, params)

    def get(self, key, default=None, version=None):
        """Return what is kept under the key, or the default; that also without Redis."""
        return self._forgiving(super().get, default, key, default, version)

    def add(self, key, value, *args, **kwargs):
        """Keep a value where there is none; return whether it was kept. True without Redis: nobody waits for it."""
        return self._forgiving(super().add, True, key, value, *args, **kwargs)

    def set(self, key, value, *args, **kwargs):
        """Keep a value."""
        return self._forgiving(super().set, None, key, value, *args, **kwargs)

    def incr(self, key, delta=1, version=None):
        """Count up and return the new number; 0 without Redis. Raises ValueError where nothing is kept."""
        return self._forgiving(super().incr, 0, key, delta, version)

    def delete(self, key, version=None):
        """Forget a value; return whether there was one."""
        return self._forgiving(super().delete, False, key, version)

    def _forgiving(self, method, otherwise, *args, **kwargs):
        try:
            return method(*args, **kwargs)
        except (RedisError, OSError):
            log.warning("No cache: guesses and requests are not counted.")
            return otherwise
