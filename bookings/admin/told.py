"""Who is told of what T&D is about to do, named before it is done."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bookings.models import Booking
from courses.models import Event
from wscb_training.wording import count

NAMED = 60


@dataclass(frozen=True)
class Told:
    """How many people, in words and by the state of their booking, and the first of them by name."""

    number: int
    people: str
    split: str
    names: list[str]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.number - len(self.names)


def told_of(events: Iterable[Event], *statuses: str) -> Told:
    """Return who has a booking of these events, live or in one of `statuses`; one email goes to each booking."""
    found = Booking.objects.filter(event__in=events, status__in=statuses or Booking.LIVE).select_related("person")
    bookings = list(found.order_by("person__full_name", "pk"))
    labels = Counter(booking.get_status_display().lower() for booking in bookings)
    return Told(
        number=len(bookings),
        people=count(len(bookings), "person", "people"),
        split=", ".join(f"{number} {label}" for label, number in labels.items()),
        names=[str(booking.person) for booking in bookings[:NAMED]],
    )
