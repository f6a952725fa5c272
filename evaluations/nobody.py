"""Forms about somebody's practice with nobody to ask, and who could be named: what T&D's list shows (§15)."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from accounts.models import CPDLead, Organisation, User
from evaluations.models import Evaluation, Kind

MOST_NAMED = 3


@dataclass(frozen=True)
class Place:
    """An organisation with forms that nobody can be asked for, and the people who could answer: (address, why)."""

    organisation: Organisation | None
    forms: list[Evaluation]
    people: list[tuple[str, str]]


def places(*, now: datetime) -> list[Place]:
    """Return where T&D has to name somebody at `now`, organisation by organisation; in a fixed number of queries."""
    forms = Evaluation.objects.nobody_to_ask(at=now).of_kind(Kind.IMPACT_MANAGER).for_page()
    grouped: dict[Organisation | None, list[Evaluation]] = defaultdict(list)
    for form in forms.order_by("booking__organisation__name", "booking__person__full_name", "pk"):
        grouped[form.booking.organisation].append(form)
    could = _could_answer([organisation.pk for organisation in grouped if organisation])
    return [
        Place(organisation, theirs, _for_these(could.get(organisation and organisation.pk, []), theirs))
        for organisation, theirs in grouped.items()
    ]


def _for_these(people: list[tuple[str, str]], forms: list[Evaluation]) -> list[tuple[str, str]]:
    """Leave out who said that they can't, and who is the only one they would be asked about."""
    declined = {form.declined_by for form in forms}
    learners = {form.booking.person.email for form in forms}
    alone = learners if len(learners) == 1 else set()
    return [(address, why) for address, why in people if address not in declined | alone]


def _could_answer(organisations: list[int]) -> dict[int, list[tuple[str, str]]]:
    """Return for each organisation its CPD leads, whom its people name as line manager, and who answered before."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    leads = CPDLead.objects.filter(organisation__in=organisations).select_related("person__coordinator")
    for lead in leads.order_by("pk"):
        if lead.person.message_email:
            found[lead.organisation_id].setdefault(lead.person.message_email, f"{lead.person}, CPD lead")
    named = User.objects.filter(organisation__in=organisations, is_active=True).exclude(manager_email="")
    for organisation, address, number in _most(named.values_list("organisation", "manager_email")):
        found[organisation].setdefault(address, f"line manager of {number} of their people")
    answered = Evaluation.objects.submitted().of_kind(Kind.IMPACT_MANAGER).exclude(respondent_email="")
    answered = answered.filter(booking__organisation__in=organisations).order_by()
    for organisation, address, number in _most(answered.values_list("booking__organisation", "respondent_email")):
        found[organisation].setdefault(address, f"has answered for {number} of their people")
    return {organisation: list(people.items()) for organisation, people in found.items()}


def _most(pairs):
    """Return the most frequent addresses of each organisation: (organisation, address, how often)."""
    counted: dict[int, Counter] = defaultdict(Counter)
    for organisation, address in pairs.iterator():
        counted[organisation][address.lower()] += 1
    return [
        (organisation, address, number)
        for organisation, of in counted.items()
        for address, number in of.most_common(MOST_NAMED)
    ]
