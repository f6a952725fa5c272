"""Who is asked about somebody's practice twelve weeks on: their line manager, a CPD lead, or whom T&D names (§15)."""

from collections.abc import Iterable, Set
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from bookings.models import Booking
from evaluations import rules
from evaluations.models import Evaluation, Kind

Somebody = tuple[User | None, str]  # (their account if they have one, address); (None, "") is nobody
AT_ONCE = 500


def find_managers(forms: Iterable[Evaluation]) -> None:
    """Set on each of these forms, not saved here, who is asked: never the learner themselves; in two queries.

    The line manager whom they named, else a CPD lead of the organisation they had when booked, else nobody. Passed over
    is who left, whose mail comes back, and who said that they can't answer.
    """
    forms = list(forms)
    named = {form.booking.person.manager_email.lower() for form in forms} - {""}
    accounts = User.objects.filter(email__in=named).filter(Q(is_active=False) | Q(bounced_at__isnull=False))
    lost = set(accounts.values_list("email", flat=True))
    for form in forms:
        form.respondent, form.respondent_email = manager_of(form.booking, lost | {form.declined_by})


def manager_of(booking: Booking, lost: Set[str] = frozenset()) -> Somebody:
    """Return who is asked about the practice of the person of this booking; nobody whose address is `lost`."""
    person = booking.person
    address = person.manager_email.lower()
    if address and address != (person.email or "").lower() and address not in lost:
        return None, address
    leads = booking.organisation.cpd_leads.all() if booking.organisation else []
    for lead in sorted(leads, key=lambda lead: lead.pk):
        if lead.pk != person.pk and lead.message_email and lead.message_email not in lost:
            return lead, lead.message_email
    return None, ""


@transaction.atomic
def look_for_managers_again(*, now: datetime) -> int:
    """Ask somebody else where there was nobody, or who was asked has left: a lead was appointed meanwhile.

    Returns how many forms found somebody. Where there is nobody, T&D sees it. Safe to repeat.
    """
    gone = Q(respondent__is_active=False) | Q(respondent__bounced_at__isnull=False)
    due = Evaluation.objects.due(at=now).of_kind(Kind.IMPACT_MANAGER).filter(opens_at__gt=now - rules.ISSUED_WITHIN)
    lost = due.filter(Q(respondent_email="") | gone).select_for_update(of=("self",), no_key=True)
    related = lost.select_related("booking__person", "booking__organisation", "respondent")
    found, last = 0, 0
    while some := list(
        related.prefetch_related("booking__organisation__cpd_leads").filter(pk__gt=last).order_by("pk")[:AT_ONCE]
    ):
        last, before = some[-1].pk, {form.pk: form.respondent_email for form in some}
        find_managers(some)
        changed = [form for form in some if form.respondent_email != before[form.pk]]
        for form in changed:
            form.issued_at = form.first_reminded_at = form.second_reminded_at = None
        Evaluation.objects.bulk_update(changed, ASKED)
        found += sum(bool(form.respondent_email) for form in changed)
    return found


ASKED = ["respondent", "respondent_email", "issued_at", "first_reminded_at", "second_reminded_at"]


@transaction.atomic
def decline(*, form: Evaluation, now: datetime) -> Evaluation:
    """Note that who was asked can't answer about this person: the next best is asked, else T&D names somebody.

    Raises Refused when it was answered, withdrawn or closed meanwhile.
    """
    form = Evaluation.objects.select_for_update(of=("self",)).get(pk=form.pk)
    if sentence := rules.answer_refusal(form, now=now):
        raise Refused(sentence)
    form.declined_by, form.draft = form.respondent_email, {}
    find_managers([form])
    form.issued_at = form.first_reminded_at = form.second_reminded_at = None
    form.save(update_fields=["declined_by", "draft", *ASKED])
    return form


@transaction.atomic
def name_respondent(*, form: Evaluation, address: str, by: User) -> Evaluation:
    """Say who answers a form that nobody can be asked about: T&D's answer to "nobody to ask". It is sent next.

    Raises Refused when it is answered, or the address is the learner's own.
    """
    form = Evaluation.objects.select_for_update(of=("self",)).select_related("booking__person").get(pk=form.pk)
    if form.submitted_at:
        raise Refused("This form is answered already.")
    if address.lower() == (form.booking.person.email or "").lower():
        raise Refused("Nobody answers for their manager themselves.")
    form.respondent = User.objects.filter(email__iexact=address, is_active=True).first()
    form.respondent_email = address.lower()
    form.issued_at = form.first_reminded_at = form.second_reminded_at = None
    form.save(update_fields=ASKED)
    return form


class Refused(Exception):
    """A form can't be answered (any more); the text is the sentence for the person."""
