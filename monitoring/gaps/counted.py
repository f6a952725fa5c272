"""Who lacks which content of their pathway on a day (§6.10), by organisation, sector and group.

People are counted where they work today, in the group they have today; what they completed counts up to the day
asked for. A dozen queries, whatever the number of people and bookings.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from django.db.models import QuerySet

from accounts.models import Organisation, User
from competence.models import CompetenceGroup, TrainingContent
from competence.rules import percent_done
from learning.coverage import needed_by_group, people_with
from monitoring.models import SingleAgencyTraining

OWN_COUNTS_FOR = relativedelta(months=12)  # single-agency courses held within it are mapped beside the gaps


class _Need:
    """How much of a need is met, of anything that says what is `needed` and what people `have`."""

    needed: int
    have: int

    @property
    def missing(self) -> int:
        """Contents that are missing, added up over the people."""
        return self.needed - self.have

    @property
    def percent(self) -> int:
        """How much of the need is met, rounded down: 100 only when all of it is."""
        return percent_done(done=self.have, required=self.needed)


@dataclass(frozen=True)
class Cell(_Need):
    """One content for some people: how many need it, how many of these have it, and own courses that cover it."""

    content: TrainingContent
    needed: int
    have: int
    own: int = 0


@dataclass(frozen=True)
class Line(_Need):
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


NO_ORGANISATION = "No organisation"


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
