"""The gap analysis (§6.10): who lacks which content of their pathway, and which courses would close most of it.

People are counted where they work today, in the group they have today; what they completed counts up to the day
asked for. A dozen queries, whatever the number of people and bookings.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from django.db.models import QuerySet

from accounts.models import Organisation, User
from bookings.models import Booking
from competence.models import CompetenceGroup, TrainingContent
from competence.rules import percent_done
from courses.models import Course, Event
from learning.coverage import needed_by_group, people_with
from monitoring.models import SingleAgencyTraining
from wscb_training.tables import Table
from wscb_training.wording import local_date

OWN_COUNTS_FOR = relativedelta(months=12)  # single-agency courses held within it are mapped beside the gaps


@dataclass(frozen=True)
class Cell:
    """One content for some people: how many need it, how many of these have it, and own courses that cover it."""

    content: TrainingContent
    needed: int
    have: int
    own: int = 0

    @property
    def missing(self) -> int:
        return self.needed - self.have

    @property
    def percent(self) -> int:
        """How much of the need is met, rounded down: 100 only when all of it is."""
        return percent_done(done=self.have, required=self.needed)


@dataclass(frozen=True)
class Line:
    """An organisation, a sector, a group or everybody: the people, and a cell for each content."""

    key: int | str | None  # the organisation's id, the sector's name, the group's number
    name: str
    people: int
    cells: list[Cell]
    own_trainings: int = 0

    @property
    def needed(self) -> int:
        return sum(cell.needed for cell in self.cells)

    @property
    def have(self) -> int:
        return sum(cell.have for cell in self.cells)

    @property
    def missing(self) -> int:
        """Contents that are missing, added up over the people."""
        return self.needed - self.have

    @property
    def percent(self) -> int:
        return percent_done(done=self.have, required=self.needed)


@dataclass(frozen=True)
class Running:
    """An event to come that would close gaps: whose pathway it fills of those who may come, and its places left."""

    event: Event
    would_fill: int
    places_left: int
    is_proposed: bool  # a draft: nobody can book it yet


@dataclass(frozen=True)
class Closing:
    """A course that would close gaps, the most people first, with what of it is planned."""

    course: Course
    contents: list[TrainingContent]
    would_fill: int  # people who lack at least one content that it completes
    contents_filled: int  # contents that they lack and it completes, added up
    booked: int  # of these people, those with a place on an event of it to come
    events: list[Running] = field(default_factory=list)

    @property
    def places_left(self) -> int:
        """Places left at events that can be booked."""
        return sum(running.places_left for running in self.events if not running.is_proposed)

    @property
    def places_proposed(self) -> int:
        """Places of events that are drafts."""
        return sum(running.places_left for running in self.events if running.is_proposed)

    @property
    def places_short(self) -> int:
        """People for whom no place is planned; 0 where it is taken online, which has room for all."""
        if self.course.is_online_learning:
            return 0
        return max(0, self.would_fill - self.booked - self.places_left - self.places_proposed)


@dataclass(frozen=True)
class Own:
    """A single-agency course of the last 12 months, as the analysis maps it."""

    organisation: int
    sector: str
    contents: frozenset[str]


class Part(NamedTuple):
    """People who are the same to the analysis: one organisation, one group, the same contents missing."""

    organisation: int | None
    sector_pk: int | None
    sector: str  # the reporting sector, or "No organisation"
    group: int
    lacks: frozenset[str]  # codes of contents
    people: int  # how many they are


NO_ORGANISATION, NOTHING = "No organisation", frozenset()


@dataclass(frozen=True)
class Gaps:
    """The whole analysis on a day, narrowed to a sector, a group or an organisation where that was asked for."""

    on: date
    contents: list[TrainingContent]
    parts: list[Part]
    lacks: dict[int, frozenset[str]]  # what each person (id) lacks
    needed: dict[int, set[str]]
    own: list[Own]
    without_group: int  # people whose group nobody knows, so that nobody knows what they need

    @property
    def total(self) -> Line:
        """Everybody together."""
        return self._line(None, "Everybody", self.parts, self.own)

    def by_organisation(self) -> list[Line]:
        """Return a line for each organisation with people, the most missing first; one query for their names."""
        names = dict(Organisation.objects.order_by().values_list("pk", "name"))
        return self._lines("organisation", lambda key: names.get(key, NO_ORGANISATION))

    def by_sector(self) -> list[Line]:
        """Return a line for each reporting sector, the most missing first."""
        return self._lines("sector", str)

    def by_group(self) -> list[Line]:
        """Return a line for each competence group with people, in order; single-agency courses are of no group."""
        names = {group.number: str(group) for group in CompetenceGroup.objects.all()}
        return sorted(self._lines("group", lambda key: names[key]), key=lambda line: line.key)

    def _lines(self, by: str, name_of: Callable) -> list[Line]:
        members, own = defaultdict(list), defaultdict(list)
        for part in self.parts:
            members[getattr(part, by)].append(part)
        for each in self.own if by != "group" else ():
            own[getattr(each, by)].append(each)
        lines = [self._line(key, name_of(key), parts, own[key]) for key, parts in members.items()]
        return sorted(lines, key=lambda line: (-line.missing, line.name))

    def _line(self, key, name: str, parts: list[Part], own: list[Own]) -> Line:
        groups, sets = Counter(), Counter()
        for part in parts:
            groups[part.group] += part.people
            sets[part.lacks] += part.people
        needed = _spread((self.needed.get(group, ()), number) for group, number in groups.items())
        missing = _spread(sets.items())
        covered = Counter(code for each in own for code in each.contents)
        cells = [
            Cell(each, needed[each.code], needed[each.code] - missing[each.code], covered[each.code])
            for each in self.contents
        ]
        return Line(key, name, groups.total(), cells, len(own))

    def closing(self, *, now: datetime) -> list[Closing]:
        """Return the courses offered that would close gaps, those that fill most people's pathway first.

        Events that can still be booked and drafts stand with each; seven queries.
        """
        events, booked, found = _events_to_come(now), _booked(now), []
        sets = Counter()
        for part in self.parts:
            sets[part.lacks] += part.people
        for course in Course.objects.offered().prefetch_related("satisfies"):
            completes = {content.code for content in course.satisfies.all()}
            filled = {lacks: number for lacks, number in sets.items() if lacks & completes}
            if not filled:
                continue
            missing = set().union(*filled) & completes
            found.append(
                Closing(
                    course=course,
                    contents=[content for content in course.satisfies.all() if content.code in missing],
                    would_fill=sum(filled.values()),
                    contents_filled=sum(number * len(lacks & completes) for lacks, number in filled.items()),
                    booked=sum(self.lacks.get(pk, NOTHING) in filled for pk in booked.get(course.pk, ())),
                    events=[self._running(event, audience, filled) for event, audience in events.get(course.pk, ())],
                )
            )
        return sorted(found, key=lambda each: (-each.would_fill, -each.contents_filled, each.course.title))

    def _running(self, event: Event, audience: "_Audience", filled: dict[frozenset[str], int]) -> Running:
        if audience.everybody:
            would_fill = sum(filled.values())
        else:
            would_fill = sum(part.people for part in self.parts if part.lacks in filled and audience.admits(part))
        left = max(0, event.capacity - event.held_vcs - event.held_other)
        return Running(event, would_fill, left, event.status == Event.Status.DRAFT)


def _spread(numbers: Iterable[tuple[Iterable[str], int]]) -> Counter:
    """Return how many people each content has, from sets of contents with their people."""
    found = Counter()
    for codes, number in numbers:
        for code in codes:
            found[code] += number
    return found


def gap_analysis(
    *, on: date, sector: str = "", group: int | None = None, organisation: int | None = None
) -> Gaps:  # fmt: skip
    """Return the gap analysis on a day; of one reporting sector, group or organisation where asked for.

    Active people in active organisations, and those without one. Eight queries.
    """
    people = User.objects.filter(is_active=True).exclude(organisation__is_active=False)
    own = SingleAgencyTraining.objects.filter(held_on__gt=on - OWN_COUNTS_FOR, held_on__lte=on)
    if sector:
        people = people.filter(organisation__sector__reporting_sector=sector)
        own = own.filter(organisation__sector__reporting_sector=sector)
    if organisation is not None:
        people, own = people.filter(organisation=organisation), own.filter(organisation=organisation)
    known = people.filter(group__isnull=False) if group is None else people.filter(group=group)
    needed = needed_by_group(on=on)
    parts, lacks = _parts(known, needed, on=on)
    return Gaps(
        on=on,
        contents=list(TrainingContent.objects.all()),
        parts=parts,
        lacks=lacks,
        needed=needed,
        own=_own(own),
        without_group=people.filter(group__isnull=True).count() if group is None else 0,
    )


def _parts(
    people: QuerySet[User], needed: dict[int, set[str]], *, on: date
) -> tuple[list[Part], dict[int, frozenset[str]]]:
    """Return the people by what is the same of them, and what each lacks; four queries.

    Contents are counted as bits of a number, for speed; equal sets of them are one object.
    """
    have, has, bits = people_with(on=on), defaultdict(int), {}
    for code in {*have, *(code for codes in needed.values() for code in codes)}:
        bits[code] = bit = 1 << len(bits)
        for pk in have.get(code, ()):
            has[pk] |= bit
    masks = {group: sum(bits[code] for code in codes) for group, codes in needed.items()}
    sets = _Sets(bits)
    counted, lacks = Counter(), {}
    rows = people.order_by().values_list(
        "pk", "organisation", "organisation__sector", "organisation__sector__reporting_sector", "group"
    )
    for pk, organisation, sector_pk, sector, group in rows.iterator(chunk_size=5000):
        lacks[pk] = missing = sets[masks.get(group, 0) & ~has.get(pk, 0)]
        counted[organisation, sector_pk, sector or NO_ORGANISATION, group, missing] += 1
    return [Part(*key, number) for key, number in counted.items()], lacks


class _Sets(dict):
    """The set of contents that a number stands for, made once each."""

    def __init__(self, bits: dict[str, int]):
        super().__init__()
        self.bits = bits

    def __missing__(self, number: int) -> frozenset[str]:
        self[number] = found = frozenset(code for code, bit in self.bits.items() if number & bit)
        return found


def _own(trainings) -> list[Own]:
    trainings = trainings.select_related("organisation__sector").prefetch_related("contents")
    return [
        Own(
            each.organisation_id,
            each.organisation.sector.reporting_sector,
            frozenset(content.code for content in each.contents.all()),
        )
        for each in trainings
    ]


@dataclass(frozen=True)
class _Audience:
    """Whom an event is for: everybody, or the people of these sectors or organisations."""

    everybody: bool
    sectors: frozenset[int] = frozenset()
    organisations: frozenset[int] = frozenset()

    def admits(self, part: Part) -> bool:
        """Whether these people may come."""
        return self.everybody or part.sector_pk in self.sectors or part.organisation in self.organisations


def _events_to_come(now: datetime) -> dict[int, list[tuple[Event, _Audience]]]:
    """Return by course the events that can still be booked, and the drafts that have not begun."""
    events = Event.objects.filter(status__in=[Event.Status.PUBLISHED, Event.Status.DRAFT]).exclude(starts_at__lte=now)
    events = events.exclude(booking_closes_at__lte=now).order_by("starts_at", "pk").select_related("course", "venue")
    found = defaultdict(list)
    for event in events.prefetch_related("sectors", "organisations"):
        audience = _Audience(
            event.audience == Event.Audience.ALL,
            frozenset(each.pk for each in event.sectors.all() if event.audience == Event.Audience.SECTORS),
            frozenset(each.pk for each in event.organisations.all() if event.audience == Event.Audience.ORGANISATIONS),
        )
        found[event.course_id].append((event, audience))
    return found


def _booked(now: datetime) -> dict[int, set[int]]:
    """Return by course who holds a place on an event of it to come."""
    found = defaultdict(set)
    coming = Booking.objects.holding().filter(event__status=Event.Status.PUBLISHED, event__starts_at__gt=now)
    for course, person in coming.order_by().values_list("event__course", "person").distinct():
        found[course].add(person)
    return found


def line_table(title: str, first: str, lines: list[Line]) -> Table:
    """Return lines as a table for a file: of each content how many lack it of how many need it."""
    contents = [cell.content for cell in lines[0].cells] if lines else []
    headings = [first, "People", *(f"Missing: {content.short_name}" for content in contents)]
    headings += [f"Needed: {content.short_name}" for content in contents]
    headings += ["Missing in all", "Needed in all", "Percent met", "Own courses in 12 months"]
    rows = [
        [
            line.name, line.people, *(cell.missing for cell in line.cells), *(cell.needed for cell in line.cells),
            line.missing, line.needed, line.percent, line.own_trainings,
        ]
        for line in lines
    ]  # fmt: skip
    return Table(title, headings, rows)


def closing_table(courses: list[Closing]) -> Table:
    """Return the courses that would close gaps as a table for a file."""
    headings = [
        "Course", "Delivery", "Would fill the pathway of", "Contents filled", "Of these booked already",
        "Places left at events", "Places at drafts", "No place planned for", "Next event",
    ]  # fmt: skip
    rows = [
        [
            each.course.title, each.course.get_delivery_display(), each.would_fill, each.contents_filled, each.booked,
            each.places_left, each.places_proposed, each.places_short, _next(each),
        ]
        for each in courses
    ]  # fmt: skip
    return Table("What would close gaps", headings, rows)


def _next(closing: Closing) -> date | str:
    dates = [running.event.starts_at for running in closing.events if running.event.starts_at]
    return local_date(min(dates)) if dates else ""


def tables(gaps: Gaps, *, now: datetime) -> list[Table]:
    """Return the whole analysis as tables: by sector, group and organisation, and what would close most of it."""
    return [
        line_table("Gaps by sector", "Sector", [*gaps.by_sector(), gaps.total]),
        line_table("Gaps by group", "Group", [*gaps.by_group(), gaps.total]),
        line_table("Gaps by organisation", "Organisation", gaps.by_organisation()),
        closing_table(gaps.closing(now=now)),
    ]
