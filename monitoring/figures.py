"""The figures of the fifteen priorities, judged: value, status, last year's, the line over the months.

What is slow, the counting, is kept for a while (`kept.py`) under the year and the day. Targets are applied afterwards,
so that a new target shows at once; the page says when it was counted and can be told to count again. A figure's own
page always counts afresh.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import accumulate

from monitoring import kept
from monitoring.charts import Sparkline, sparkline
from monitoring.indicators import DEFINITIONS, Rows, Tally
from monitoring.models import Indicator, Milestone, Priority
from monitoring.rules import (
    Period,
    Status,
    comparison_status,
    count_status,
    evidence_status,
    percent,
    plain_number,
    ratio_status,
    worst,
)  # fmt: skip
from wscb_training.wording import count


@dataclass(frozen=True)
class Counted:
    """One indicator as it was counted: this year, the same days of the year before, and why it can't be met."""

    tally: Tally
    before: Tally
    obstacle: str = ""
    milestones: tuple[tuple[date, date | None], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """One indicator, judged against its target."""

    indicator: Indicator
    period: Period
    counted: Counted

    @property
    def tally(self) -> Tally:
        return self.counted.tally

    @property
    def has_data(self) -> bool:
        """Whether there is anything to say: a percentage of nothing is no percentage."""
        return self.indicator.kind in (Indicator.Kind.COUNT, Indicator.Kind.COMPARISON) or bool(self.tally.whole)

    @property
    def value(self) -> str:
        """The figure itself: "3", "83.3%", "+0.8", "No data"."""
        return _value(self.indicator, self.tally) if self.has_data else "No data"

    @property
    def unit(self) -> str:
        """The unit as it is read behind the value: "1 event", "2 events"."""
        is_one = self.indicator.kind == Indicator.Kind.COUNT and self.tally.part == 1
        return self.indicator.unit.removesuffix("s") if is_one else self.indicator.unit

    @property
    def under(self) -> str:
        """What stands under the value: "4 of 5 events", "event, 1 more to come", "milestones signed off"."""
        return under(self.indicator.kind, self.unit, self.detail) if self.has_data else ""

    @property
    def detail(self) -> str:
        """What the figure was counted from: "10 of 12 sectors"; "" where the value says it all."""
        noun, tally = self.indicator.unit.removeprefix("of "), self.tally
        if not self.has_data:
            return ""
        if self.indicator.kind in (Indicator.Kind.RATIO, Indicator.Kind.EVIDENCE):
            return f"{tally.part:,} of {tally.whole:,} {noun}"
        if self.indicator.kind == Indicator.Kind.MEAN:
            return f"from {count(tally.whole, 'person', 'people')}"
        if tally.coming and self.indicator.kind == Indicator.Kind.COUNT:
            return f"{tally.coming:,} more to come"
        return ""

    @property
    def target(self) -> str:
        """The target in words, or ""."""
        return target_in_words(self.indicator.kind, self.indicator.target)

    @property
    def status(self) -> Status:
        """How it stands to its target."""
        kind, tally, target = self.indicator.kind, self.tally, self.indicator.target
        if target is None or kind == Indicator.Kind.MEAN:
            return Status.NOT_JUDGED
        if self.counted.obstacle:
            return Status.NOT_MET
        if kind == Indicator.Kind.COUNT:
            return count_status(delivered=tally.part, coming=tally.coming, target=target, is_open=self.period.is_open)
        if kind == Indicator.Kind.COMPARISON:
            return comparison_status(this=tally.part, last=self.counted.before.part)
        if kind == Indicator.Kind.EVIDENCE:
            return evidence_status(due=self.counted.milestones, as_at=self.period.as_at)
        near = DEFINITIONS[self.indicator.code].near
        return ratio_status(part=tally.part, whole=tally.whole, target=target, is_open=self.period.is_open, near=near)

    @property
    def reason(self) -> str:
        """Why it stands so, where the number alone doesn't tell; a sentence or ""."""
        return self.counted.obstacle

    @property
    def last_year(self) -> str:
        """The same figure of last year to the same day, or "No data"."""
        before = self.counted.before
        if self.indicator.kind == Indicator.Kind.COUNT:
            return plain_number(before.part)
        if self.indicator.kind == Indicator.Kind.COMPARISON:
            return plain_number(before.part) if before.part else "No data"
        return _value(self.indicator, before) if before.whole else "No data"

    @property
    def trend(self) -> str:
        """ "up", "down" or "level" against last year, "" where either has no data."""
        if "No data" in (self.last_year, self.value):
            return ""
        now, then = (_number(self.indicator, tally) for tally in (self.tally, self.counted.before))
        return "level" if now == then else "up" if now > then else "down"

    @property
    def line(self) -> list[tuple[date, float]]:
        """The figure as it grew month by month, for the line beside it."""
        if not self.has_data or not self.tally.months:
            return []
        days, parts, wholes = zip(*self.tally.months, strict=True)
        days = [min(day, self.period.as_at) for day in days]  # places of events to come count already
        grown = zip(days, accumulate(parts), accumulate(wholes), strict=True)
        undated = self.tally.whole - sum(wholes)
        if self.indicator.kind in (Indicator.Kind.COUNT, Indicator.Kind.COMPARISON):
            return [(day, float(part)) for day, part, _ in grown]
        times = 1 if self.indicator.kind == Indicator.Kind.MEAN else 100
        return [(day, times * part / (whole + undated)) for day, part, whole in grown if whole + undated]

    @property
    def sparkline(self) -> Sparkline | None:
        """The line to draw, or None."""
        sign = "%" if self.indicator.kind in (Indicator.Kind.RATIO, Indicator.Kind.EVIDENCE) else ""
        return sparkline(self.line, starts_on=self.period.starts_on, as_at=self.period.as_at, sign=sign)


def under(kind: str, unit: str, detail: str) -> str:
    """Return the unit and what a figure was counted from as one line under it, neither said twice."""
    if kind == Indicator.Kind.EVIDENCE:
        return f"{unit.removeprefix('of ')} signed off"
    if kind == Indicator.Kind.RATIO:
        return detail
    return f"{unit}, {detail}" if detail else unit


def target_in_words(kind: str, target: Decimal | None) -> str:
    """Return a target as people say it: "75%", "2 or more", "more than last year"; "" where there is none."""
    if target is None:
        return ""
    if kind == Indicator.Kind.COMPARISON:
        return "more than last year"
    if kind == Indicator.Kind.EVIDENCE:
        return "all by their dates"
    return f"{plain_number(target)}%" if kind == Indicator.Kind.RATIO else f"{plain_number(target)} or more"


def earlier_targets(indicator: Indicator) -> list[tuple[datetime, str, str]]:
    """Return what the target was and became: (when, the target in words, who set it or ""), the newest first.

    Empty while it is the first that it had.
    """
    records = list(indicator.history.select_related("history_user").order_by("history_date", "history_id"))
    changes = [
        (now.history_date, target_in_words(now.kind, now.target) or "None", str(now.history_user or ""))
        for before, now in zip([None, *records], records, strict=False)
        if before is None or before.target != now.target
    ]
    return changes[::-1] if len(changes) > 1 else []


def _value(indicator: Indicator, tally: Tally) -> str:
    if indicator.kind == Indicator.Kind.RATIO:
        return f"{plain_number(percent(tally.part, tally.whole))}%"
    if indicator.kind == Indicator.Kind.EVIDENCE:
        return f"{tally.part} of {tally.whole}"
    if indicator.kind == Indicator.Kind.MEAN:
        return f"{tally.part / tally.whole:+.1f}".replace("-", "−")
    return plain_number(tally.part)


def _number(indicator: Indicator, tally: Tally) -> float:
    is_number = indicator.kind in (Indicator.Kind.COUNT, Indicator.Kind.COMPARISON)
    return tally.part if is_number else tally.part / tally.whole


@dataclass(frozen=True)
class Judged:
    """A priority with its figures; its status is that of its worst part."""

    priority: Priority
    figures: list[Figure] = field(default_factory=list)

    @property
    def status(self) -> Status:
        return worst(figure.status for figure in self.figures)

    @property
    def worst_figure(self) -> Figure | None:
        """The part that the status comes from, where there are several."""
        judged = [figure for figure in self.figures if figure.status == self.status]
        return judged[0] if judged and len(self.figures) > 1 else None


@dataclass(frozen=True)
class Overview:
    """All priorities as at a day, and when they were counted."""

    period: Period
    priorities: list[Judged]
    counted_at: datetime
    is_counted_again: bool = False  # a worker was asked to, just now

    @property
    def by_status(self) -> list[tuple[Status, int]]:
        """How many priorities have each status, the best first; those that none has are left out."""
        statuses = [judged.status for judged in self.priorities]
        return [(status, statuses.count(status)) for status in reversed(Status) if status in statuses]


def overview(period: Period, *, now: datetime, again: bool = False) -> Overview:
    """Return all priorities in `period` as they were last counted (`kept`); `again` asks for a new count."""
    indicators = list(Indicator.objects.select_related("priority"))
    codes = {indicator.code for indicator in indicators}
    found = kept.kept(
        _key(period),
        lambda: _count(indicators, period),
        period=period,
        now=now,
        again=again,
        fits=lambda what: codes <= what.keys(),
    )
    priorities = {priority.pk: Judged(priority, []) for priority in Priority.objects.all()}
    for indicator in indicators:
        priorities[indicator.priority_id].figures.append(Figure(indicator, period, found.what[indicator.code]))
    return Overview(period, list(priorities.values()), found.counted_at, found.is_counted_again)


def count_all(period: Period, *, now: datetime) -> None:
    """Count all figures of a period, and keep them until the next such count."""
    indicators = list(Indicator.objects.select_related("priority"))
    kept.count(_key(period), lambda: _count(indicators, period), now=now, until=kept.UNTIL_THE_NEXT_COUNT)


def _key(period: Period) -> str:
    return f"figures:{period.year}:{period.starts_on}:{period.as_at}"


def _count(indicators: list[Indicator], period: Period) -> dict[str, Counted]:
    return {indicator.code: count_one(indicator, period)[0] for indicator in indicators}


def count_one(indicator: Indicator, period: Period) -> tuple[Counted, Rows]:
    """Return one indicator counted now, this year and last, with the rows of this year."""
    definition = DEFINITIONS[indicator.code]
    rows, earlier = definition.rows(period, indicator), period.year_before()
    tally = rows.tally()
    if definition.last_year:
        before = definition.last_year(period, indicator)
    else:
        before = definition.rows(earlier, indicator).tally()
    milestones = ()
    if indicator.kind == Indicator.Kind.EVIDENCE:
        due = Milestone.objects.filter(indicator=indicator, year=period.year)
        milestones = tuple(due.values_list("due_on", "signed_off_on"))
    obstacle = definition.override(period) if definition.override else ""
    return Counted(tally, before, obstacle, milestones, tuple(rows.notes)), rows


def figure(indicator: Indicator, period: Period) -> tuple[Figure, Rows]:
    """Return one figure, counted now, with its rows."""
    counted, rows = count_one(indicator, period)
    return Figure(indicator, period, counted), rows
