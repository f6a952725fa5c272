"""What was counted and is kept for a while, so that a page answers at once; each page says when it was counted.

A worker counts the figures of today every ten minutes and keeps them for twenty, so that nobody waits for a count; what
else is asked for is counted when it is asked, and kept for five minutes. Where a count takes long a worker makes it:
the page says so meanwhile, and with "Count again" the figures that are there stay until it is done.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import current_app
from django.core.cache import cache
from kombu.exceptions import KombuError, OperationalError

from bookings.models import Booking
from monitoring.rules import Period

FIVE_MINUTES, UNTIL_THE_NEXT_COUNT = timedelta(minutes=5), timedelta(minutes=20)
LONG = 4.0  # seconds that nobody should wait for a page
MANY = 100_000  # bookings; with as many a count takes that long
A_COUNT = timedelta(minutes=3)  # after which it is asked for again: the worker may have been killed


class BeingCounted(Exception):
    """A worker counts what the page shows; it will be there in a moment."""


@dataclass(frozen=True)
class Kept:
    """What was counted: when, in how many seconds, and whether a worker was asked to count it again just now."""

    what: object
    counted_at: datetime
    seconds: float
    is_counted_again: bool = False


def count(key: str, counting: Callable, *, now: datetime, until: timedelta = FIVE_MINUTES) -> Kept:
    """Count now, and keep it under the key."""
    start = time.perf_counter()
    made = Kept(counting(), now, time.perf_counter() - start)
    cache.set(key, made, until.total_seconds())
    return made


def kept(key: str, counting: Callable, *, period: Period, now: datetime, again: bool, fits: Callable = bool) -> Kept:
    """Return what is kept of a period under the key if it `fits`, else count. `again`: anew, or a worker is asked to.

    Raises BeingCounted where nothing is there and the count is long: a worker was asked for it.
    """
    there = cache.get(key)
    if there is None or not fits(there.what):
        if _is_long() and _ask_a_worker(period):
            raise BeingCounted
        return count(key, counting, now=now)
    if not again:
        return there
    if there.seconds > LONG and _ask_a_worker(period):
        return Kept(there.what, there.counted_at, there.seconds, is_counted_again=True)
    return count(key, counting, now=now)


def _is_long() -> bool:
    return Booking.objects.order_by("pk")[MANY : MANY + 1].exists()


def _ask_a_worker(period: Period) -> bool:
    """Ask for the count of a period, once while it is being made; return whether a worker was asked."""
    asked = _asked(period)
    if not cache.add(asked, True, A_COUNT.total_seconds()):
        return True
    try:
        current_app.send_task("monitoring.tasks.count_period", [period.year, period.as_at.isoformat()], retry=False)
    except (OperationalError, KombuError, OSError):
        cache.delete(asked)
        return False
    return True


def counted(period: Period) -> None:
    """Note that a period was counted: the next who wants it counted again may ask."""
    cache.delete(_asked(period))


def _asked(period: Period) -> str:
    return f"count-asked:{period.year}:{period.as_at}"
