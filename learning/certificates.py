"""Certificates: who gets one, what is on it, and all of an event as one document (§15)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import Policy
from bookings.models import TrainingRecord
from courses.models import Event
from evaluations.models import Evaluation, Kind
from learning import pdfs, rules
from notifications.prepared import CannotBeMade, Progress
from wscb_training.wording import local_date


@dataclass(frozen=True)
class Standing:
    """A training record, why there is no certificate for it (or None), and the open form that it waits for."""

    record: TrainingRecord
    refusal: str | None
    form: Evaluation | None


@dataclass(frozen=True)
class Certificate:
    """What is printed on one certificate. Dates are London's, each once."""

    record: TrainingRecord
    dates: list[date]
    hours: str
    contents: list[str]
    check_address: str

    @property
    def person(self):
        """Whose it is, under the name that they have now."""
        return self.record.person


def standings(records: Iterable[TrainingRecord], *, now: datetime) -> list[Standing]:
    """Return how each record stands to its certificate, with two questions to the database however many they are."""
    records = list(records)
    forms = {
        form.booking_id: form
        for form in Evaluation.objects.of_kind(Kind.POST).filter(
            booking__in=[record.booking_id for record in records if record.booking_id], withdrawn_at__isnull=True
        )
    }
    needs_evaluation = Policy.current().certificate_needs_evaluation
    return [_standing(record, forms.get(record.booking_id), needs_evaluation, now) for record in records]


def _standing(record, form: Evaluation | None, needs_evaluation: bool, now: datetime) -> Standing:
    refusal = rules.certificate_refusal(
        counts=record.counts,
        of_event=record.source == TrainingRecord.Source.EVENT,
        is_managed=record.person.is_managed,
        needs_evaluation=needs_evaluation,
        evaluation="" if form is None else "done" if form.submitted_at else "open",
        ended_at=record.booking.event.ends_at if record.booking else None,
        now=now,
    )
    return Standing(record, refusal, form if form and not form.submitted_at else None)


def ready_to_tell(*, now: datetime) -> QuerySet[TrainingRecord]:
    """Return the completed events whose certificate is ready and whose person was not told yet.

    The same rule as `rules.certificate_refusal`, as a question to the database.
    """
    completed = TrainingRecord.objects.counted().filter(
        source=TrainingRecord.Source.EVENT, certificate_told_at__isnull=True, person__is_active=True
    )
    if not Policy.current().certificate_needs_evaluation:
        return completed
    form = Evaluation.objects.of_kind(Kind.POST).filter(booking=OuterRef("booking"), withdrawn_at__isnull=True)
    never_asked = ~Exists(form) & Q(booking__event__ends_at__lte=now - rules.ASKED_WITHIN)
    return completed.filter(Q(person__email__isnull=True) | Exists(form.submitted()) | never_asked)


def certificate_of(record: TrainingRecord) -> Certificate:
    """Return what is printed for a completed event."""
    sessions = list(record.booking.event.sessions.all())
    length = sum((session.ends_at - session.starts_at for session in sessions), timedelta())
    address = f"{settings.BASE_URL}{reverse('learning:check_code', args=[record.check_code])}"
    return Certificate(
        record=record,
        dates=sorted({local_date(session.starts_at) for session in sessions}),
        hours=_hours(length),
        contents=[content.title for content in record.course.satisfies.all()],
        check_address=address,
    )


def _hours(length: timedelta) -> str:
    hours = round(length.total_seconds() / 3600 * 2) / 2
    return f"{hours:g} hour{'' if hours == 1 else 's'}"


def of_event(event: Event, *, now: datetime) -> list[Standing]:
    """Return how everyone who completed the event stands to their certificate, by name."""
    records = TrainingRecord.objects.counted().filter(booking__event=event)
    records = records.select_related("person", "course", "booking__event").order_by("person__full_name", "pk")
    return standings(records.prefetch_related("course__satisfies", "booking__event__sessions"), now=now)


def make_for_event(parameters: dict, progress: Progress) -> tuple[str, bytes]:
    """Make the certificates of an event that are ready, as one PDF; raises CannotBeMade when there are none."""
    event = Event.objects.select_related("course").get(pk=parameters["event"])
    ready = [standing.record for standing in of_event(event, now=timezone.now()) if not standing.refusal]
    if not ready:
        raise CannotBeMade("No certificate of this event is ready yet.")
    certificates = [certificate_of(record) for record in ready]
    return f"certificates-{event.reference}.pdf", pdfs.certificates(certificates, progress=progress)
