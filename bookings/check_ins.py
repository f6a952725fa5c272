"""The code in the room by which people check themselves in: it changes every few minutes, so no photo of it helps."""

from datetime import datetime, timedelta

from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from bookings import rules
from bookings.models import Booking
from courses.models import Session
from courses.rules import CLEAR_LETTERS

CHANGES_EVERY = timedelta(minutes=5)
LETTERS = 6


def code_of(session: Session, *, now: datetime, earlier: int = 0) -> str:
    """Return the code of a session at `now`, or of `earlier` turns before: six letters that are easy to type."""
    turn = int(now.timestamp() // CHANGES_EVERY.total_seconds()) - earlier
    digest = salted_hmac("bookings.check_ins", f"{session.pk}/{turn}", algorithm="sha256").digest()
    return "".join(CLEAR_LETTERS[byte % len(CLEAR_LETTERS)] for byte in digest[:LETTERS])


def session_of(code: str, *, person: User, now: datetime) -> tuple[Booking, Session] | None:
    """Return the booking and session that this code checks the person into, or None: wrong, too old, not booked.

    Only sessions around `now` of which the person has a confirmed place are looked at, so a code tells nothing else.
    """
    code = "".join(letter for letter in code.upper() if letter.isalnum())
    near = {"starts_at__gte": now - rules.CHECK_IN_CLOSES, "starts_at__lte": now - rules.CHECK_IN_OPENS}
    for booking in Booking.objects.confirmed().filter(person=person).select_related("event__course"):
        for session in booking.event.sessions.filter(**near):
            if any(constant_time_compare(code, code_of(session, now=now, earlier=turn)) for turn in (0, 1)):
                return booking, session
    return None
