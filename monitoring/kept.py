"""What was counted and is kept for a while, so that a page answers at once; each page says when it was counted.

A worker counts the figures of today every ten minutes and keeps them for twenty, so that nobody waits for a count; what
else is asked for is counted when it is asked, and kept for five minutes. Where a count takes long, "Count again" asks a
worker for it, and the figures that are there stay until it is done.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import current_app
from django.core.cache import cache
from kombu.exceptions import KombuError, OperationalError

FIVE_MINUTES, UNTIL_THE_NEXT_COUNT = timedelta(minutes=5), timedelta(minutes=20)
LONG = 4.0  # seconds that nobody should wait for a page


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


def kept(key: str, counting: Callable, *, now: datetime, again: bool, fits: Callable = bool) -> Kept:
    """Return what is kept under the key if it `fits`, else count; `again` counts anew, or has a worker do it."""
    there = cache.get(key)
    if there is None or not fits(there.what):
        return count(key, counting, now=now)
    if not again:
        return there
    if there.seconds > LONG and _ask_a_worker():
        return Kept(there.what, there.counted_at, there.seconds, is_counted_again=True)
    return count(key, counting, now=now)


def _ask_a_worker() -> bool:
    try:
        current_app.send_task("monitoring.tasks.count_today", retry=False)
    except (OperationalError, KombuError, OSError):
        return False
    return True
