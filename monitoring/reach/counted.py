"""Reach as numbers: this year to a day, and last year to the same day; each opens rows (`reach.rows`)."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlencode

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Q, QuerySet, Sum

from accounts.models import Organisation
from bookings.models import TrainingRecord
from competence.models import CompetenceGroup
from courses.models import Course, Subject
from monitoring import kept
from monitoring.indicators.populations import FACE_TO_FACE, standing
from monitoring.indicators.sectors import take_up_by_sector
from monitoring.models import Baseline
from monitoring.reach import rows
from monitoring.rules import Period, percent, plain_number


@dataclass(frozen=True)
class Line:
    """A number of this year and of last year to the same day.

    `last` is None where last year has no data. `rows` names the rows that it was counted from and `query` their filter,
    so that a press on it opens them; `last_is_rows` says whether last year's number opens rows too.
    """

    name: str
    this: int
    last: int | None
    rows: str = ""
    query: dict[str, str] = field(default_factory=dict)
    last_query: dict[str, str] | None = None  # where last year's rows are found by another filter
    last_is_rows: bool = True
    note: str = ""

    @property
    def parameters(self) -> str:
        """The filter of its rows, to add to a query string: "&sector=Education", or ""."""
        return _added(self.query)

    @property
    def last_parameters(self) -> str:
        """The filter of last year's rows, likewise."""
        return _added(self.query if self.last_query is None else self.last_query)

    @property
    def change(self) -> str:
        """ "+12", "−3", "0", or "" where there is nothing to compare with."""
        if self.last is None:
            return ""
        difference = self.this - self.last
        return f"{'+' if difference > 0 else '−' if difference < 0 else ''}{abs(difference):,}"


def _added(query: dict[str, str]) -> str:
    return f"&{urlencode(query)}" if query else ""


@dataclass(frozen=True)
class Breakdown:
    """Take-up by one thing: its lines, and what to know when reading them."""

    code: str  # also the name of the filter of the rows
    title: str
    heading: str
    lines: list[Line]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class District:
    """A postcode district: take-up of those who work there, and how many of its organisations somebody came from."""

    code: str
    name: str
    take_up: Line
    organisations: int
    reached: int
    community_events: int

    @property
    def share(self) -> str:
        """Of its organisations, how many are reached: "42%", or "No data"."""
        return f"{plain_number(percent(self.reached, self.organisations))}%" if self.organisations else "No data"


@dataclass(frozen=True)
class Reach:
    """All of reach as at a day."""

    period: Period
    before: Period
    counted_at: datetime
    headlines: list[Line]
    organisations: int  # active ones, from whom somebody could take part
    months: list[Line]
    breakdowns: list[Breakdown]
    voluntary: list[Line]
    voluntary_share: str  # of all places, those secured: "12.5%" or "No data"
    community: list[Line]
    districts: list[District]
    elsewhere: Line  # take-up of people whose organisation lies outside the districts, or has no postcode
    is_counted_again: bool = False  # a worker was asked to, just now

    def breakdown(self, code: str) -> Breakdown:
        """Return one of the breakdowns by its code; raises StopIteration for an unknown one."""
        return next(each for each in self.breakdowns if each.code == code)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show of either year."""
        return not self.headlines[0].this and not self.headlines[0].last


def reach(period: Period, *, now: datetime, again: bool = False) -> Reach:
    """Return the reach of a period as it was last counted (`kept`); `again` asks for a new count."""
    found = kept.kept(_key(period), lambda: _count(period, now), period=period, now=now, again=again)
    return replace(found.what, is_counted_again=True) if found.is_counted_again else found.what


def count_reach(period: Period, *, now: datetime) -> Reach:
    """Count the reach of a period, keep it until the next such count, and return it."""
    return kept.count(_key(period), lambda: _count(period, now), now=now, until=kept.UNTIL_THE_NEXT_COUNT).what


def _key(period: Period) -> str:
    return f"reach:{period.year}:{period.starts_on}:{period.as_at}"


def _count(period: Period, now: datetime) -> Reach:
    before = period.year_before()
    this, last = rows.taken(period), rows.taken(before)
    voluntary, share = _voluntary(period, before)
    districts, elsewhere = _districts(period, this, last)
    return Reach(
        period, before, now,
        headlines=_headlines(period, before, this, last),
        organisations=Organisation.objects.open_to_join().count(),
        months=_months(period, this, last),
        breakdowns=[
            _by_sector(period, this, last), _by_group(this, last), _by_kind(this, last), _by_subject(this, last),
            _by_delivery(this, last),
        ],
        voluntary=voluntary, voluntary_share=share, community=_community(period, before), districts=districts,
        elsewhere=elsewhere,
    )  # fmt: skip


def _numbers(records: QuerySet, field: str) -> Counter:
    found = records.order_by().values_list(field).annotate(number=Count("pk"))
    return Counter(dict(found))


def _headlines(period: Period, before: Period, this: QuerySet, last: QuerySet) -> list[Line]:
    def numbers(records):
        return records.order_by().aggregate(
            all=Count("pk"), people=Count("person", distinct=True),
            events=Count("pk", filter=Q(source=TrainingRecord.Source.EVENT)),
        )  # fmt: skip

    now, then = numbers(this), numbers(last)
    none = not then["all"]
    return [
        Line("Attendances and online completions", now["all"], None if none else then["all"], "take-up"),
        Line("People who took part", now["people"], None if none else then["people"], "people",
             note="Somebody who came three times is one person here, and three attendances."),
        Line("Organisations from which somebody took part", _reached(period), None if none else _reached(before),
             "organisations", {"counted": "yes"}),
    ]  # fmt: skip


def _reached(of: Period, **of_kind) -> int:
    return rows.organisation_rows(of).items.filter(is_counted=True, **of_kind).count()


def _months(period: Period, this: QuerySet, last: QuerySet) -> list[Line]:
    now, then = (_numbers(records, "month") for records in (this, last))
    gone = (period.as_at.year - period.starts_on.year) * 12 + period.as_at.month - period.starts_on.month
    firsts = [period.starts_on + relativedelta(months=number) for number in range(gone + 1)]
    return [
        Line(f"{first:%B}", now[first], then[first - relativedelta(years=1)] if then else None, "take-up",
             {"month": str(first)}, last_query={"month": str(first - relativedelta(years=1))})
        for first in firsts
    ]  # fmt: skip


def _lines(names: dict, this: Counter, last: Counter, code: str, *, unknown: str = "Not known") -> list[Line]:
    """Return a line for each name that has either year's number, in the order of `names`, strangers last."""
    keys = [*names, *sorted((key for key in this.keys() | last.keys() if key not in names), key=str)]
    has_last = bool(last)
    return [
        Line(names.get(key, str(key) if key else unknown), this[key], last[key] if has_last else None, "take-up",
             {code: str(key)}) for key in keys
    ]  # fmt: skip


def _by_sector(period: Period, this: QuerySet, last: QuerySet) -> Breakdown:
    active = Organisation.objects.open_to_join().order_by("sector__reporting_sector")
    names = {name: name for name in active.values_list("sector__reporting_sector", flat=True).distinct()}
    imported = Baseline.objects.filter(year=period.year - 1).exists()
    before = take_up_by_sector(period.year_before()) if imported else _numbers(last, "reporting_sector")
    lines = _lines(names, _numbers(this, "reporting_sector"), before, "sector")
    notes = ["People count in the sector that they worked in when they booked or started."]
    if imported:
        lines = [Line(x.name, x.this, x.last, x.rows, x.query, last_is_rows=False) for x in lines]
        notes.append("Last year’s numbers are those imported from before this system, in proportion to the days gone.")
    return Breakdown("sector", "By sector", "Sector", lines, notes)


def _by_group(this: QuerySet, last: QuerySet) -> Breakdown:
    names = {group.number: f"Group {group.number}: {group.short_name}" for group in CompetenceGroup.objects.all()}
    lines = _lines(names, _numbers(this, "group_then"), _numbers(last, "group_then"), "group")
    notes = ["People count in the competence group that they had when they booked or started."]
    return Breakdown("group", "By competence group", "Group", lines, notes)


def _by_kind(this: QuerySet, last: QuerySet) -> Breakdown:
    there = set(Organisation.objects.open_to_join().order_by().values_list("kind", flat=True).distinct())
    now, then = _numbers(this, "kind_then"), _numbers(last, "kind_then")
    names = {key: words for key, words in rows.KINDS.items() if key in there or key in now or key in then}
    names |= {rows.NOT_KNOWN: "Not known"} if rows.NOT_KNOWN in now.keys() | then.keys() else {}
    return Breakdown("kind", "By kind of organisation", "Kind", _lines(names, now, then, "kind"))


def _by_subject(this: QuerySet, last: QuerySet) -> Breakdown:
    now, then = (_numbers(each, "course__subjects__name") for each in (this, last))
    untold = now.pop(None, 0), then.pop(None, 0)
    names = {name: name for name in Subject.objects.filter(courses__is_active=True).distinct()
             .values_list("name", flat=True)}  # fmt: skip
    lines = sorted(_lines(names, now, then, "subject"), key=lambda line: (-line.this, -(line.last or 0), line.name))
    notes = ["A course on two subjects counts in both, so these numbers add up to more than the whole."]
    if nobody := sorted(line.name for line in lines if not line.this):
        notes.append(f"Nobody took part this year in: {'; '.join(nobody)}.")
    if untold[0]:
        notes.append(f"{untold[0]:,} of this year were of courses without a subject.")
    return Breakdown("subject", "By subject", "Subject", lines, notes)


def _by_delivery(this: QuerySet, last: QuerySet) -> Breakdown:
    now, then = (_numbers(each, "delivered_as") for each in (this, last))
    names = dict(Course.Delivery.choices)
    return Breakdown("delivery", "By delivery", "Delivery", _lines(names, now, then, "delivery"))


def _voluntary(period: Period, before: Period) -> tuple[list[Line], str]:
    def numbers(of: Period) -> dict:
        places = standing(of).filter(FACE_TO_FACE).aggregate(
            capacity=Sum("capacity", default=0), kept=Sum("vcs_places", default=0)
        )  # fmt: skip
        secured = rows.voluntary_rows(of).items.order_by()
        states = dict(secured.values_list("state").annotate(number=Count("pk")))
        organisations = _reached(of, is_vcs=True)
        return {**places, "secured": sum(states.values()), "organisations": organisations, **states}

    now, then = numbers(period), numbers(before)
    none = not then["capacity"]

    def line(name, key, **fields):
        return Line(name, now.get(key, 0), None if none else then.get(key, 0), **fields)

    rows_of = "voluntary-sector"
    lines = [
        line("Places at events held face to face", "capacity", rows="places"),
        line("Of these kept for the voluntary sector", "kept", rows="places"),
        line("Places secured by the voluntary sector", "secured", rows=rows_of),
        line("Of these attended", "attended", rows=rows_of, query={"state": "attended"}),
        line("Of these not attended", "missed", rows=rows_of, query={"state": "missed"}),
        line("Of these to come, or the register is still open", "open", rows=rows_of, query={"state": "open"}),
        line(
            "Voluntary organisations from which somebody took part",
            "organisations",
            rows="organisations",
            query={"voluntary": "True", "counted": "yes"},
        ),
    ]
    share = f"{plain_number(percent(now['secured'], now['capacity']))}%" if now["capacity"] else "No data"
    return lines, share


def _community(period: Period, before: Period) -> list[Line]:
    def numbers(of: Period) -> tuple[int, int, int, bool]:
        tally = rows.community_rows(of).tally()
        there = rows.taken(of).filter(hosted="community").count()
        return tally.part, tally.coming, there, standing(of).exists()

    now, then = numbers(period), numbers(before)
    last = then if then[3] else (None, None, None)
    return [
        Line("Events delivered in the community", now[0], last[0], "community", {"counted": "yes"}),
        Line("Attendances at events in the community", now[2], last[2], "take-up", {"hosted": "community"}),
        Line("Events in the community still to come this year", now[1], None, "community", {"coming": "True"},
             note="Published; they count when they are held."),
    ]  # fmt: skip


def _districts(period: Period, this: QuerySet, last: QuerySet) -> tuple[list[District], Line]:
    now, then = _numbers(this, "district_then"), _numbers(last, "district_then")
    listed = rows.organisation_rows(period).items
    organisations = _numbers(listed, "district")
    reached = _numbers(listed.filter(is_counted=True), "district")
    hosted = _numbers(rows.community_rows(period).items.filter(is_counted=True), "district")

    has_last = bool(then)

    def line(code, name, this, last):
        return Line(name, this, last if has_last else None, "take-up", {"district": code})

    found = [
        District(
            code, name, line(code, name, now.pop(code, 0), then.pop(code, 0)), organisations[code], reached[code],
            hosted[code],
        )
        for code, (name, _, _) in rows.DISTRICTS.items()
    ]  # fmt: skip
    return found, line(rows.ELSEWHERE, "Elsewhere, or no postcode known", now.total(), then.total())
