"""What must be true of the database whatever failed: looked for from outside, by counting the rows again.

The actions keep these rules, and the database refuses most breaches of them. This looks at what they left, so that a
killed worker, a restored backup or a hand in the database can't have broken them unseen.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from bookings.invariants import messages, places, records

Look = Callable[[datetime], Iterator[str]]


@dataclass(frozen=True)
class Invariant:
    """One rule: its name as a person says it, and the function that yields a sentence for each breach at `now`."""

    name: str
    look: Look


INVARIANTS = (
    Invariant("No event is oversold", places.oversold),
    Invariant("The places counted on each event are those of its bookings", places.miscounted),
    Invariant("The quota for the voluntary sector is right and kept", places.wrong_quota),
    Invariant("Nobody has two live bookings of one event", places.booked_twice),
    Invariant("Nobody holds a place on an event that was cancelled", places.left_on_cancelled),
    Invariant("The waiting list is served, and in the order of asking", places.passed_over),
    Invariant("Completed and the training record say the same", records.disagreeing),
    Invariant("No message is lost", messages.lost),
    Invariant("No message is doubled", messages.doubled),
    Invariant("No message hangs", messages.hanging),
)


def broken(*, now: datetime) -> dict[Invariant, list[str]]:
    """Return for each invariant the sentences that say where it is broken at `now`; none means that it holds.

    All of it looks at one moment of the database (§6.9), however many people book meanwhile; nothing is written.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql" and not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return {invariant: list(invariant.look(now)) for invariant in INVARIANTS}
