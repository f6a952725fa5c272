"""What people are told before an event: joining instructions a week ahead, a reminder two days ahead (§6.9)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction

from bookings import emails
from bookings.models import Booking

JOINING, REMINDER = timedelta(days=7), timedelta(days=2)
AT_ONCE = 200  # bookings in one transaction


def send_joining_instructions(*, now: datetime) -> int:
    """Tell everyone confirmed a week before how to get there and what to bring; return how many. Once each.

    A late run still tells them, up to the start. Who got their place later was told with it.
    """
    return _tell_before(now=now, ahead=JOINING, told="joining_sent_at", email=emails.joining_instructions)


def send_reminders(*, now: datetime) -> int:
    """Remind everyone confirmed two days before; return how many. Once each, never who booked after that moment."""
    return _tell_before(now=now, ahead=REMINDER, told="reminded_at", email=emails.reminder)


def _tell_before(*, now: datetime, ahead: timedelta, told: str, email: Callable[[Booking], None]) -> int:
    sent = 0
    while number := _tell_some(now=now, ahead=ahead, told=told, email=email):
        sent += number
    return sent


@transaction.atomic
def _tell_some(*, now: datetime, ahead: timedelta, told: str, email) -> int:
    """Tell some of those due, marked in the same transaction as their messages are written; return how many.

    Each worker passes over the rows that another holds, and who cancels meanwhile waits for it or is not told.
    """
    skip = connection.features.has_select_for_update_skip_locked
    due = Booking.objects.to_tell_before(at=now, ahead=ahead, told=told)
    locked = due.select_for_update(no_key=True, skip_locked=skip, of=("self",)).order_by("pk")[:AT_ONCE]
    ids = list(locked.values_list("pk", flat=True))
    for booking in Booking.objects.filter(pk__in=ids).for_page().prefetch_related("event__sessions"):
        email(booking)
    Booking.objects.filter(pk__in=ids).update(**{told: now})
    return len(ids)
