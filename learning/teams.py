"""An organisation's staff against their pathway (Appendix 4): the rows of the team page, the matrix and its files."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from accounts.models import Membership, Organisation, User
from bookings.models import Booking, TrainingRecord
from competence import rules
from competence.models import PathwayTick, TrainingContent
from competence.rules import DONE, DUE, EXPIRED, MISSING, NOT_NEEDED, WORDS, Completion
from courses.models import Course
from wscb_training.wording import local_date


@dataclass(frozen=True)
class Cell:
    """One content for one person: where it stands, since when, until when, and by which training."""

    content: TrainingContent
    state: str
    completed_on: date | None = None
    valid_until: date | None = None
    by: str = ""

    @property
    def words(self) -> str:
        return WORDS[self.state]

    @property
    def needed(self) -> bool:
        return self.state != NOT_NEEDED

    @property
    def done(self) -> bool:
        """Whether it counts today: done, though perhaps due again soon."""
        return self.state in (DONE, DUE)


@dataclass(frozen=True)
class Row:
    """One person of the team with a cell for each content."""

    person: User
    membership: Membership
    cells: list[Cell]
    coming: int = 0  # places booked under this organisation on events to come

    def number(self, *states: str) -> int:
        return sum(cell.state in states for cell in self.cells)

    @property
    def required(self) -> int:
        return len(self.cells) - self.number(NOT_NEEDED)

    @property
    def done(self) -> int:
        return self.number(DONE, DUE)

    @property
    def percent(self) -> int:
        """How much of the pathway is done, rounded down: 100 only when all of it is."""
        return rules.percent_done(done=self.done, required=self.required)

    @property
    def expired(self) -> int:
        return self.number(EXPIRED)

    @property
    def missing(self) -> int:
        return self.number(MISSING)

    @property
    def due(self) -> int:
        return self.number(DUE)

    @property
    def next_date(self) -> date | None:
        """The first date on which something that counts runs out."""
        return min((cell.valid_until for cell in self.cells if cell.done and cell.valid_until), default=None)


def team(organisation: Organisation, *, today: date) -> list[Row]:
    """Return a row for everybody who works there now, confirmed, by name; in a fixed number of queries."""
    memberships = (
        Membership.objects.open()
        .confirmed()
        .filter(organisation=organisation)
        .select_related("person__group", "person__coordinator")
        .order_by("person__full_name", "person")
    )
    return rows(list(memberships), today=today, organisation=organisation)


def rows(memberships: list[Membership], *, today: date, organisation: Organisation) -> list[Row]:
    """Return the rows of these memberships, in their order."""
    people = {membership.person_id for membership in memberships}
    cells = pathways([membership.person for membership in memberships], today=today)
    coming = dict(
        Booking.objects.holding()
        .filter(organisation=organisation, person__in=people, event__ends_at__date__gte=today)
        .order_by()
        .values_list("person")
        .annotate(Count("pk"))
    )
    return [
        Row(
            person=membership.person,
            membership=membership,
            cells=cells[membership.person_id],
            coming=coming.get(membership.person_id, 0),
        )
        for membership in memberships
    ]


def pathways(people: list[User], *, today: date) -> dict[int, list[Cell]]:
    """Return each person's cells, one a content of Appendix 4, by the person's id; in a fixed number of queries."""
    contents, needed = list(TrainingContent.objects.all()), _needed(today)
    completed = _completions({person.pk for person in people})
    return {
        person.pk: [
            _cell(
                content,
                needed=content.pk in needed[person.group_id],
                completions=completed[person.pk, content.pk],
                today=today,
            )
            for content in contents
        ]
        for person in people
    }


def who_needs(course: Course, people: list[User], *, today: date) -> list[tuple[User, list[Cell]]]:
    """Return these people, each with what the course would fill of their pathway: who needs most first, then by name.

    Missing, expired and due again within three months count as needed. A fixed number of queries.
    """
    satisfied = set(course.satisfies.values_list("pk", flat=True))
    cells, lacking = pathways(people, today=today), (MISSING, EXPIRED, DUE)
    found = [
        (person, [cell for cell in cells[person.pk] if cell.state in lacking and cell.content.pk in satisfied])
        for person in people
    ]
    return sorted(found, key=lambda pair: (-len(pair[1]), pair[0].full_name.casefold()))


def _needed(today: date) -> dict[int | None, set[str]]:
    needed = defaultdict(set)
    for group, content in PathwayTick.objects.in_force(on=today).values_list("group", "content"):
        needed[group].add(content)
    return needed


def _completions(people: set[int]) -> dict[tuple[int, str], list[Completion]]:
    """Return what each person has completed, by person and content: through a course, or training elsewhere."""
    records = TrainingRecord.objects.counted().filter(person__in=people)
    satisfied, courses = defaultdict(list), {}
    for course, content in Course.satisfies.through.objects.values_list("course", "trainingcontent"):
        satisfied[course].append(content)
    for pk, title, months in Course.objects.values_list("pk", "title", "refresher_months"):
        courses[pk] = title, months
    elsewhere = defaultdict(list)
    links = TrainingRecord.contents.through.objects.filter(trainingrecord__in=records)
    for record, content in links.values_list("trainingrecord", "trainingcontent"):
        elsewhere[record].append(content)
    completed = defaultdict(list)
    for pk, person, course, title, day in records.values_list("pk", "person", "course", "title", "completed_on"):
        name, months = courses.get(course, (title, None))
        until = rules.valid_until(completed_on=day, refresher_months=months)
        for content in {*satisfied[course], *elsewhere[pk]}:
            completed[person, content].append(Completion(day, until, name))
    return completed


def _cell(content: TrainingContent, *, needed: bool, completions: list[Completion], today: date) -> Cell:
    best = rules.best(completions) if needed else None
    state = rules.state(best, needed=needed, today=today)
    return Cell(content, state, best.completed_on, best.valid_until, best.by) if best else Cell(content, state)


@dataclass(frozen=True)
class Standing:
    """One of several organisations that somebody leads: its team in figures, and what waits for the lead."""

    organisation: Organisation
    summary: "Summary"
    approvals: int
    records: int
    newcomers: int

    @property
    def waiting(self) -> int:
        return self.approvals + self.records + self.newcomers


def standings(organisations: list[Organisation], *, now: datetime) -> list[Standing]:
    """Return where each organisation stands, in their order; in a fixed number of queries however many there are."""
    memberships = list(
        Membership.objects.open().confirmed().filter(organisation__in=organisations).select_related("person")
    )
    cells, by_organisation = pathways([each.person for each in memberships], today=local_date(now)), defaultdict(list)
    for membership in memberships:
        row = Row(membership.person, membership, cells[membership.person_id])
        by_organisation[membership.organisation_id].append(row)
    approvals = _counted(Booking.objects.to_approve(at=now), "organisation", organisations)
    newcomers = _counted(Membership.objects.to_confirm(), "organisation", organisations)
    # A row a record: of those who work there now, not of those who did.
    to_verify = (
        Membership.objects.open().confirmed().filter(person__training_records__status=TrainingRecord.Status.TO_VERIFY)
    )
    records = _counted(to_verify, "organisation", organisations)
    return [
        Standing(each, summary(by_organisation[each.pk]), approvals[each.pk], records[each.pk], newcomers[each.pk])
        for each in organisations
    ]


def _counted(rows, field: str, organisations: list[Organisation]) -> dict[int, int]:
    """Return how many of the rows each organisation has."""
    counted = rows.filter(**{f"{field}__in": organisations}).order_by().values_list(field).annotate(Count("pk"))
    return defaultdict(int, counted)


SORTS = {
    "overdue": lambda row: (-row.expired, -row.missing, row.percent, row.person.full_name.casefold()),
    "name": lambda row: row.person.full_name.casefold(),
    "group": lambda row: (row.person.group_id or 99, row.person.full_name.casefold()),
    "progress": lambda row: (row.percent, row.person.full_name.casefold()),
    "next": lambda row: (row.next_date or date.max, row.person.full_name.casefold()),
}


def select(team_rows: list[Row], *, words: str = "", group: int | None = None, sort: str = "overdue") -> list[Row]:
    """Return the rows whose name or job role holds the words, of one group, sorted; most overdue first by default."""
    words = words.casefold()
    found = [
        row
        for row in team_rows
        if (group is None or row.person.group_id == group)
        and (words in row.person.full_name.casefold() or words in row.person.job_role.casefold())
    ]
    return sorted(found, key=SORTS.get(sort, SORTS["overdue"]))


@dataclass(frozen=True)
class Summary:
    """The team in four figures: people, how many have all they need, and how many need to act."""

    people: int
    complete: int
    overdue: int
    due: int

    @property
    def percent(self) -> int:
        return self.complete * 100 // self.people if self.people else 0


def summary(team_rows: list[Row]) -> Summary:
    """Return the figures of a team: complete has everything; overdue has something missing or expired."""
    return Summary(
        people=len(team_rows),
        complete=sum(row.done == row.required for row in team_rows),
        overdue=sum(bool(row.expired or row.missing) for row in team_rows),
        due=sum(bool(row.due) for row in team_rows),
    )
