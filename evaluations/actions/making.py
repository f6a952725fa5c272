"""Which forms are due: made from what was attended, taken back when that no longer stands (§15)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Organisation, Policy
from bookings.models import Attendance, Booking, TrainingRecord
from bookings.rules import PRESENT
from courses.models import Event
from evaluations import rules
from evaluations.actions.managers import find_managers, look_for_managers_again
from evaluations.models import Evaluation, Kind, Questionnaire

AT_ONCE = 500  # bookings whose forms are made together
POST_WITHIN, IMPACT_WITHIN = timedelta(days=30), timedelta(days=365)
NOT_STANDING = "The booking, its attendance or the account no longer stands."


def make_due_forms(*, now: datetime) -> int:
    """Make every form that has become due and is not there yet; return how many. Safe at any time, any number of times.

    Before: for all confirmed, from the day before. After: for who was there. Twelve weeks later: for who completed, and
    for their manager. What was taken back and stands again is asked again.
    """
    _take_back_and_return(now=now)
    look_for_managers_again(now=now)
    return sum(_make(kind, due, now=now) for kind, due in _due(now).items())


def make_forms_of(booking: Booking, *, now: datetime) -> None:
    """Make the forms of one booking that are due at `now` (QR in the room)."""
    for kind, due in _due(now).items():
        _make(kind, due.filter(pk=booking.pk), now=now)


def _due(now: datetime) -> dict[str, QuerySet[Booking]]:
    bookings = Booking.objects.confirmed().filter(person__is_active=True)
    bookings = bookings.exclude(event__status__in=[Event.Status.DRAFT, Event.Status.CANCELLED])
    present = Attendance.objects.filter(booking=OuterRef("pk"), mark__in=[*PRESENT, Attendance.Mark.LEFT_EARLY])
    completed = TrainingRecord.objects.counted().filter(booking=OuterRef("pk"))
    # The day is worked out in London time below; this leaves out what can't be due.
    long_ago = now - timedelta(weeks=Policy.current().impact_weeks) + timedelta(days=1)
    impact = bookings.filter(
        Exists(completed), event__ends_at__lte=long_ago, event__ends_at__gt=long_ago - IMPACT_WITHIN
    )
    return {
        Kind.PRE: bookings.filter(event__starts_at__gt=now, event__starts_at__lte=now + rules.PRE_OPENS_BEFORE),
        Kind.POST: bookings.filter(Exists(present), event__ends_at__lte=now, event__ends_at__gt=now - POST_WITHIN),
        Kind.IMPACT_LEARNER: impact,
        Kind.IMPACT_MANAGER: impact.exclude(organisation__isnull=True).exclude(
            organisation__kind=Organisation.Kind.CHILDMINDER
        ),
    }


def _make(kind: str, due: QuerySet[Booking], *, now: datetime) -> int:
    questionnaire = Questionnaire.objects.filter(kind=kind, is_current=True).first()
    if questionnaire is None:
        return 0
    weeks, made, last = Policy.current().impact_weeks, 0, 0
    there = Evaluation.objects.filter(booking=OuterRef("pk"), kind=kind)
    missing = due.exclude(Exists(there)).select_related("event__course", "person__coordinator", "organisation")
    while some := list(
        missing.prefetch_related("organisation__cpd_leads").filter(pk__gt=last).order_by("pk")[:AT_ONCE]
    ):
        last = some[-1].pk
        outcomes = _outcomes(some)
        forms = [_form(kind, booking, questionnaire, weeks) for booking in some]
        forms = [form for form in forms if form.opens_at <= now]
        if kind == Kind.IMPACT_MANAGER:
            find_managers(forms)
        for form in forms:
            form.outcomes = outcomes[form.booking.event_id]
        # Two workers at once: the database keeps one form a booking and kind.
        made += len(Evaluation.objects.bulk_create(forms, ignore_conflicts=True))
    return made


def _outcomes(bookings: list[Booking]) -> dict[int, list[str]]:
    """Return for each event the learning outcomes that are asked about: those of its first form, else the course's.

    A course whose outcomes T&D rewords between two forms would otherwise be compared with another one.
    """
    events = {booking.event_id: booking.event for booking in bookings}
    asked = Evaluation.objects.filter(booking__event__in=events).exclude(outcomes=[]).order_by("-pk")
    first = dict(asked.values_list("booking__event", "outcomes"))
    return {
        pk: first.get(pk) or [outcome[:300] for outcome in event.course.outcome_list] for pk, event in events.items()
    }


def _form(kind: str, booking: Booking, questionnaire: Questionnaire, weeks: int) -> Evaluation:
    event = booking.event
    opens_at = {
        Kind.PRE: lambda: rules.pre_opens_at(starts_at=event.starts_at),
        Kind.POST: lambda: event.ends_at,
    }.get(kind, lambda: rules.impact_opens_at(ends_at=event.ends_at, weeks=weeks))()
    form = Evaluation(booking=booking, kind=kind, questionnaire=questionnaire, opens_at=opens_at)
    if kind != Kind.IMPACT_MANAGER:
        form.respondent, form.respondent_email = booking.person, booking.person.message_email
    return form


@transaction.atomic
def _take_back_and_return(*, now: datetime) -> None:
    """Withdraw the open forms whose booking does not stand any more, and give back those whose booking does again."""
    standing = Evaluation.objects.standing().values("pk")
    fallen = Evaluation.objects.open().exclude(pk__in=standing)
    fallen.update(withdrawn_at=now, withdrawn_reason=NOT_STANDING)
    back = Evaluation.objects.filter(pk__in=standing, withdrawn_reason=NOT_STANDING)
    back.update(withdrawn_at=None, withdrawn_reason="")
