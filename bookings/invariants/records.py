"""Registers and the training record: who completed has a record, and nobody else (§6, "attended")."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, F, Q

from bookings import rules
from bookings.models import Booking, TrainingRecord
from courses.models import Event

PRESENT = Q(attendances__mark__in=rules.PRESENT)


def disagreeing(now: datetime) -> Iterator[str]:
    """Yield where the register and the record differ.

    A record that was withdrawn by a decision (accounts merged, T&D) stands beside a completed booking rightly.
    """
    closed = Booking.objects.confirmed().filter(event__register_closed_at__isnull=False)
    closed = closed.annotate(
        present=Count("attendances", filter=PRESENT, distinct=True),
        sessions=Count("event__sessions", distinct=True),
    ).select_related("event")
    for booking in closed.filter(present__gte=F("sessions"), sessions__gt=0, record__isnull=True).order_by("pk"):
        yield f"Event {booking.event.reference}: booking {booking.pk} completed it, and no record says so."
    counted = closed.filter(record__status=TrainingRecord.Status.COUNTED)
    for booking in counted.filter(present__lt=F("sessions")).order_by("pk"):
        yield f"Event {booking.event.reference}: booking {booking.pk} did not complete it, but its record counts."
    yield from _records_without_a_register()


def _records_without_a_register() -> Iterator[str]:
    of_events = TrainingRecord.objects.counted().filter(source=TrainingRecord.Source.EVENT).order_by("pk")
    for record in of_events.exclude(booking__status=Booking.Status.CONFIRMED).select_related("booking__event"):
        yield f"Event {record.booking.event.reference}: record {record.pk} counts, and its booking has ended."
    for record in of_events.exclude(booking__person=F("person")).select_related("booking__event"):
        yield f"Event {record.booking.event.reference}: record {record.pk} is another person's than its booking."
    open_ones = of_events.filter(booking__event__register_closed_at__isnull=True).select_related("booking__event")
    for record in open_ones:
        yield f"Event {record.booking.event.reference}: record {record.pk} counts, and the register is not closed."
    half = Q(status=Event.Status.COMPLETED) ^ Q(register_closed_at__isnull=False)
    for event in Event.objects.filter(half).order_by("pk"):
        closed = "closed" if event.register_closed_at else "not closed"
        yield f"Event {event.reference}: is {event.status}, and its register is {closed}."
