"""How often a machine may ask."""

import time

from ninja.throttling import BaseThrottle

from wscb_training.limits import address_of, count_up

MINUTE = 60
BY_ADDRESS, BY_TOKEN = 120, 300  # requests a minute


class PerMinute(BaseThrottle):
    """So many requests a minute for each token, or for each address without one.

    Counted in the cache: ninja's own throttles keep their state on the object, which is shared between threads.
    """

    def allow_request(self, request) -> bool:
        token = getattr(request, "auth", None)
        who, most = (f"token/{token.pk}", BY_TOKEN) if token else (f"address/{address_of(request)}", BY_ADDRESS)
        return count_up(f"api/{who}/{int(time.time() // MINUTE)}", within=2 * MINUTE) <= most

    def wait(self) -> float:
        """Return the seconds until the next minute begins."""
        return MINUTE - time.time() % MINUTE
