"""Messages that T&D writes to the people of an event, and the warning that few are booked."""

from datetime import datetime

from django.db import transaction

from accounts.models import Policy, User
from bookings import emails
from courses.models import Event


@transaction.atomic
def write_to_people(*, event: Event, by: User, subject: str, text: str, token: str) -> int:
    """Send what T&D wrote to everyone with a confirmed place, one email each; return how many.

    `token` names this message: sent again it goes to nobody twice.
    """
    bookings = list(event.bookings.confirmed().for_page())
    for booking in bookings:
        emails.note(booking, subject=subject.strip(), text=text.strip(), token=token, by=by)
    return len(bookings)


@transaction.atomic
def warn_of_few_bookings(*, now: datetime) -> int:
    """Tell T&D once of each event that starts soon with fewer people than its minimum; return how many."""
    short = Event.objects.short_of_people(at=now, days=Policy.current().minimum_warning_days)
    events = list(short.filter(minimum_warned_at__isnull=True).select_for_update(of=("self",)).for_list())
    for event in events:
        emails.few_bookings(event)
    Event.objects.filter(pk__in=[event.pk for event in events]).update(minimum_warned_at=now)
    return len(events)
