"""Which forms are due: made from what was attended, taken back when that no longer stands (§15)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Organisation, Policy
from bookings.models import Attendance, Booking, TrainingRecord
from bookings.rules import PRESENT
from courses.models import Event
from evaluations import rules
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
    related = ("event", "person__coordinator", "organisation")
    missing = due.exclude(Exists(there)).select_related(*related).prefetch_related("organisation__cpd_leads")
    while some := list(missing.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        last = some[-1].pk
        forms = [_form(kind, booking, questionnaire, weeks) for booking in some]
        forms = [form for form in forms if form.opens_at <= now]
        # Two workers at once: the database keeps one form a booking and kind.
        made += len(Evaluation.objects.bulk_create(forms, ignore_conflicts=True))
    return made


def _form(kind: str, booking: Booking, questionnaire: Questionnaire, weeks: int) -> Evaluation:
    event, person = booking.event, booking.person
    opens_at = {
        Kind.PRE: lambda: rules.pre_opens_at(starts_at=event.starts_at),
        Kind.POST: lambda: event.ends_at,
    }.get(kind, lambda: rules.impact_opens_at(ends_at=event.ends_at, weeks=weeks))()
    form = Evaluation(booking=booking, kind=kind, questionnaire=questionnaire, opens_at=opens_at)
    if kind == Kind.IMPACT_MANAGER:
        form.respondent, form.respondent_email = manager_of(booking)
    else:
        form.respondent, form.respondent_email = person, person.message_email
    return form


def manager_of(booking: Booking):
    """Return who is asked about somebody's practice as (person or None, address or ""): never themselves.

    The line manager whom they named, else a CPD lead of the organisation they had when booked. ("", None) is nobody:
    T&D names somebody.
    """
    person = booking.person
    address = person.manager_email.lower()
    if address and address != (person.email or "").lower():
        return None, address
    leads = booking.organisation.cpd_leads.all() if booking.organisation else []
    for lead in sorted(leads, key=lambda lead: lead.pk):
        if lead.pk != person.pk and lead.is_active and lead.message_email:
            return lead, lead.message_email
    return None, ""


@transaction.atomic
def _take_back_and_return(*, now: datetime) -> None:
    """Withdraw the open forms whose booking does not stand any more, and give back those whose booking does again."""
    completed = TrainingRecord.objects.counted().filter(booking=OuterRef("booking"))
    stands = Q(booking__status=Booking.Status.CONFIRMED, booking__person__is_active=True) & ~Q(
        booking__event__status=Event.Status.CANCELLED
    )
    standing = Evaluation.objects.filter(stands).filter(Q(kind__in=[Kind.PRE, Kind.POST]) | Exists(completed))
    fallen = Evaluation.objects.open().exclude(pk__in=standing.values("pk"))
    fallen.update(withdrawn_at=now, withdrawn_reason=NOT_STANDING)
    back = Evaluation.objects.filter(pk__in=standing.values("pk"), withdrawn_reason=NOT_STANDING)
    back.update(withdrawn_at=None, withdrawn_reason="")
