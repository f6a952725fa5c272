"""When a message, or a document that a worker makes, is tried again."""

from datetime import datetime, timedelta

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240)]
# A worker that took a message and is silent for this long was killed; no mail server takes longer to answer.
CLAIM_LASTS = timedelta(minutes=5)

# A document in the making: the silence after which its worker was killed, how often it is begun, how long it is kept.
SILENCE = timedelta(minutes=2)
MOST_TRIES = 3
KEPT = timedelta(days=7)


def next_attempt(*, attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after `attempts` failures (from 1), or None when it is for T&D to look at."""
    return now + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def is_late(at: datetime | None, *, now: datetime, limit: timedelta) -> bool:
    """Return whether what last happened `at` is longer ago than `limit`; what never happened is late."""
    return at is None or now - at > limit
