"""Those who asked for a course are told of its new event, once."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from bookings import emails
from bookings.models import Booking
from courses.models import Event, Interest


def tell_interested(*, now: datetime) -> int:
    """Tell each person who would come to a course of the events of it first published since; return how many.

    Once a person and course, whatever runs twice: the row is claimed by a conditional UPDATE, and the email has its
    key. Who may not book any of the events stays untold; who has booked one already needs no telling.
    """
    published = {"course__events__first_published_at__gte": F("registered_at")}
    waiting = Interest.objects.filter(
        told_at__isnull=True, person__is_active=True, course__events__status=Event.Status.PUBLISHED,
        course__events__starts_at__gt=now, **published,
    )  # fmt: skip
    found = waiting.select_related("course", "person__organisation__sector", "person__coordinator").distinct()
    return sum(_tell(interest, now=now) for interest in found.order_by("pk"))


@transaction.atomic
def _tell(interest: Interest, *, now: datetime) -> bool:
    upcoming = Event.objects.upcoming(at=now).filter(
        course=interest.course, first_published_at__gte=interest.registered_at
    )
    events = [event for event in upcoming.for_list() if event.is_for(interest.person)]
    if not events:
        return False
    claimed = Interest.objects.filter(pk=interest.pk, told_at__isnull=True).update(told_at=now)
    booked = Booking.objects.live().filter(person=interest.person, event__course=interest.course).exists()
    if not claimed or booked:
        return False
    emails.interest(interest, events=events[:3])
    return True
