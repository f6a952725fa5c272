"""How often a machine may ask."""

import time

from django.core.cache import cache
from ninja.throttling import BaseThrottle

MINUTE = 60
BY_ADDRESS, BY_TOKEN = 120, 300  # requests a minute


class PerMinute(BaseThrottle):
    """So many requests a minute for each token, or for each address without one.

    Counted in the cache, one atomic step a request: ninja's own throttles keep their state on the object, which is
    shared between threads.
    """

    def allow_request(self, request) -> bool:
        token = getattr(request, "auth", None)
        who, most = (f"token/{token.pk}", BY_TOKEN) if token else (f"address/{self.get_ident(request)}", BY_ADDRESS)
        key = f"api/{who}/{int(time.time() // MINUTE)}"
        cache.add(key, 0, 2 * MINUTE)
        try:
            return cache.incr(key) <= most
        except ValueError:  # it ran out in between
            return True

    def wait(self) -> float:
        """Return the seconds until the next minute begins."""
        return MINUTE - time.time() % MINUTE
