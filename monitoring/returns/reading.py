"""What the system knows for a return, who has returned, and what the returns say together."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import CPDLead, Membership, Organisation
from bookings.models import TrainingRecord
from competence.models import CompetenceGroup
from courses.models import Subject
from monitoring.models import ReturnRound, ReturnTraining, ReturnWorkforce, SingleAgencyTraining, YearlyReturn
from monitoring.returns.rules import STOPS
from wscb_training.tables import Table
from wscb_training.wording import count, local_date, short_day

LOOKS_BACK = relativedelta(months=12)
MOST_TRAININGS = 12


@dataclass(frozen=True)
class Known:
    """What the system knows of an organisation: people by group, training elsewhere, its own courses."""

    workforce: dict[int, int]
    trainings: list[tuple[str, str, int]]  # title, provider, people
    own: list[SingleAgencyTraining]


def known(organisation: Organisation, *, today: date) -> Known:
    """Return what a return of the organisation is filled in with; three queries."""
    members = Membership.objects.open().confirmed().filter(organisation=organisation, person__group__isnull=False)
    workforce = dict(members.order_by().values_list("person__group").annotate(Count("pk")))
    records = TrainingRecord.objects.counted().of_team(organisation)
    elsewhere = records.filter(source=TrainingRecord.Source.ELSEWHERE, completed_on__gt=today - LOOKS_BACK)
    trainings = elsewhere.order_by("title").values_list("title", "provider").annotate(
        people=Count("person", distinct=True)
    )  # fmt: skip
    own = SingleAgencyTraining.objects.filter(organisation=organisation, held_on__gt=today - LOOKS_BACK)
    return Known(workforce, list(trainings[:MOST_TRAININGS]), list(own))


def current_round(*, today: date) -> ReturnRound | None:
    """Return the newest round that has opened, or None."""
    return ReturnRound.objects.filter(opens_on__lte=today).first()


def is_due(organisation: Organisation, *, today: date) -> bool:
    """Return whether a return is asked of the organisation that it has not sent; one query where no round is open."""
    round = current_round(today=today)
    if round is None or today > round.due_on + STOPS:
        return False
    sent = YearlyReturn.objects.filter(round=round, organisation=organisation, sent_at__isnull=False)
    return not sent.exists() and asked_organisations().filter(pk=organisation.pk).exists()


def asked_organisations() -> QuerySet[Organisation]:
    """Return the organisations of which a return is asked: active ones, childminders (who are one person) apart."""
    return Organisation.objects.listed()


def standings(round: ReturnRound) -> QuerySet[Organisation]:
    """Return these organisations, each with `has_sent`, `has_draft` and `has_lead` (somebody with an address)."""
    returns = YearlyReturn.objects.filter(round=round, organisation=OuterRef("pk"))
    leads = CPDLead.objects.filter(organisation=OuterRef("pk"), person__is_active=True, person__bounced_at=None)
    return asked_organisations().annotate(
        has_sent=Exists(returns.filter(sent_at__isnull=False)),
        has_draft=Exists(returns.filter(sent_at__isnull=True)),
        has_lead=Exists(leads.exclude(person__email=None)),
    )


STATES = {
    "sent": ("Returned", Q(has_sent=True)),
    "open": ("Not returned", Q(has_sent=False)),
    "draft": ("Begun, not sent", Q(has_draft=True)),
    "nobody": ("Nobody to ask", Q(has_sent=False, has_lead=False)),
}


def received(round: ReturnRound) -> tuple[int, int]:
    """Return how many organisations have returned, of how many that are asked."""
    found = standings(round).aggregate(sent=Count("pk", filter=Q(has_sent=True)), asked=Count("pk"))
    return found["sent"], found["asked"]


def received_by(year: int, *, as_at: date) -> str:
    """Return a sentence for the figures: how many returns of a programme year came by a day; "" without a round."""
    round = ReturnRound.objects.filter(year=year, opens_on__lte=as_at).first()
    if round is None:
        return ""
    sent = YearlyReturn.objects.filter(round=round, sent_at__date__lte=as_at).count()
    asked = count(asked_organisations().count(), "organisation")
    return f"Yearly returns received: {sent} of {asked}, due by {short_day(round.due_on)}."


def sent_returns(round: ReturnRound) -> QuerySet[YearlyReturn]:
    """Return the returns sent, with everything that a file of them shows."""
    sent = YearlyReturn.objects.filter(round=round, sent_at__isnull=False).select_related("organisation__sector")
    return sent.prefetch_related("workforce", "trainings", "subjects").order_by("organisation__name")


@dataclass(frozen=True)
class Together:
    """What the returns of a round say together."""

    returns: int
    workforce: list[tuple[str, list[int], int]]  # sector, people by group, all
    groups: list[CompetenceGroup]
    subjects: list[tuple[str, int]]  # asked for by how many organisations
    barriers: list[tuple[str, int]]
    trainings: list[tuple[str, int, int]]  # title, organisations, people


def together(round: ReturnRound) -> Together:
    """Return the returns of a round added up; six queries."""
    sent = YearlyReturn.objects.filter(round=round, sent_at__isnull=False)
    numbers = defaultdict(Counter)
    lines = ReturnWorkforce.objects.filter(yearly_return__in=sent).order_by()
    for sector, group, people in lines.values_list(
        "yearly_return__organisation__sector__reporting_sector", "group", "people"
    ):
        numbers[sector][group] += people
    groups = list(CompetenceGroup.objects.all())
    barriers = Counter(code for codes in sent.values_list("barriers", flat=True) for code in codes)
    subjects = Subject.objects.annotate(wanted=Count("wanted_in", filter=Q(wanted_in__in=sent))).filter(wanted__gt=0)
    elsewhere = defaultdict(lambda: [set(), 0])
    for title, organisation, people in ReturnTraining.objects.filter(yearly_return__in=sent).values_list(
        "title", "yearly_return", "people"
    ):
        elsewhere[title.strip()][0].add(organisation)
        elsewhere[title.strip()][1] += people
    trainings = [(title, len(who), people) for title, (who, people) in elsewhere.items()]
    return Together(
        returns=sent.count(),
        workforce=[
            (sector, [by_group[group.pk] for group in groups], by_group.total())
            for sector, by_group in sorted(numbers.items())
        ],
        groups=groups,
        subjects=list(subjects.order_by("-wanted", "name").values_list("name", "wanted")),
        barriers=[(label, barriers[code]) for code, label in YearlyReturn.Barrier.choices if barriers[code]],
        trainings=sorted(trainings, key=lambda row: (-row[1], -row[2], row[0])),
    )


def tables(round: ReturnRound) -> list[Table]:
    """Return the round as tables: who has returned, the returns, training held elsewhere."""
    groups = list(CompetenceGroup.objects.all())
    sent = list(sent_returns(round))
    who = [
        [
            each.name, each.sector.name, each.sector.reporting_sector,
            "Returned" if each.has_sent else "Begun" if each.has_draft else "Not returned",
            "Yes" if each.has_lead else "No",
        ]
        for each in standings(round).select_related("sector")
    ]  # fmt: skip
    returns, trainings = [], []
    for each in sent:
        people = {line.group_id: line for line in each.workforce.all()}
        returns.append(
            [
                each.organisation.name, each.organisation.sector.reporting_sector, local_date(each.sent_at),
                *(people[group.pk].people if group.pk in people else 0 for group in groups),
                sum(line.people for line in people.values()), sum(line.known for line in people.values()),
                ", ".join(subject.name for subject in each.subjects.all()), each.other_subjects,
                ", ".join(each.barrier_words), each.other_barriers, each.notes,
            ]
        )  # fmt: skip
        trainings += [[each.organisation.name, line.title, line.provider, line.people] for line in each.trainings.all()]
    headings = [
        "Organisation", "Sector", "Sent", *(f"People of group {group.pk}" for group in groups), "People in all",
        "Of these in this system", "Wanted subjects", "Other subjects", "Barriers", "Other barriers", "Notes",
    ]  # fmt: skip
    return [
        Table("Who has returned", ["Organisation", "Sector", "Reporting sector", "Return", "CPD lead to ask"], who),
        Table("Returns", headings, returns),
        Table("Training held elsewhere", ["Organisation", "Training", "Provider", "People"], trainings),
    ]
