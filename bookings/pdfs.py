"""Documents as PDFs: the register on paper."""

from collections.abc import Iterable

from bookings.register import registers_of
from courses.models import Event
from wscb_training.documents import pdf

SPARE_ROWS = 5


def registers(events: Iterable[Event]) -> bytes:
    """Return the registers of events as one PDF, A4 across, each from a new page: boxes to sign, rows for walk-ins.

    Access and dietary needs are not on it: it lies open in the room.
    """
    return pdf("bookings/pdf/register.html", {"registers": registers_of(events), "spare": range(SPARE_ROWS)})
