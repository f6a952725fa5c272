"""What an indicator is: the rows that it is counted from. Figure, page and file all come from these same rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from monitoring.models import Indicator
from monitoring.rules import Period, Status
from wscb_training.wording import local_date

Column = tuple[str, Callable]  # heading, what it shows of a row: text, a number or a date


@dataclass(frozen=True)
class Tally:
    """A figure before anybody judges it. `part` counts; of `whole` for a percentage; `coming` is still to come."""

    part: int = 0
    whole: int = 0
    coming: int = 0
    months: tuple[tuple[date, int, int], ...] = ()  # (first of the month, part, whole) of what has a date


def as_it_is(items):
    """Return the rows as they are: their columns need nothing more."""
    return items


@dataclass(frozen=True)
class Rows:
    """What a figure was counted from: each row `is_counted` or does not, and a percentage is the share that counts.

    `items` is a QuerySet annotated with `is_counted` (and `coming`, `part`, `whole` where they are used), or a list of
    objects with these attributes. `dated` names the date of a row. Where `weighed`, `part` and `whole` are added up.
    """

    noun: str  # "event", or "child,children"
    items: QuerySet | list
    columns: Sequence[Column]
    dated: str = ""
    weighed: bool = False
    has_coming: bool = False
    at_least: int = 0  # fewer rows are not shown at all
    # name: (label, field or attribute), and the words for its values where these are codes
    filters: dict[str, tuple] = field(default_factory=dict)
    for_page: Callable = as_it_is  # adds what the columns show
    notes: Sequence[str] = ()
    order: Sequence[str] = ()

    def tally(self) -> Tally:
        """Return what the rows add up to; one query, or none where they are a list."""
        tally = self._of_list() if isinstance(self.items, list) else self._of_database()
        return Tally() if tally.whole < self.at_least else tally

    def _of_database(self) -> Tally:
        part = Sum("part", default=0) if self.weighed else Count("pk", filter=Q(is_counted=True))
        whole = Sum("whole", default=0) if self.weighed else Count("pk")
        numbers = {"numerator": part, "denominator": whole}
        if self.has_coming:
            numbers["to_come"] = Count("pk", filter=Q(coming=True))
        items = self.items.order_by()
        if not self.dated:
            found = items.aggregate(**numbers)
            return Tally(found["numerator"], found["denominator"], found.get("to_come", 0))
        lines = list(items.annotate(month=TruncMonth(self.dated)).values("month").annotate(**numbers))
        return Tally(
            sum(line["numerator"] for line in lines),
            sum(line["denominator"] for line in lines),
            sum(line.get("to_come", 0) for line in lines),
            _in_order({}, [(line["month"], line["numerator"], line["denominator"]) for line in lines]),
        )

    def _of_list(self) -> Tally:
        dated = [
            (getattr(row, self.dated), int(row.is_counted), 1) for row in self.items if self.dated and row.is_counted
        ]
        if self.weighed:
            return Tally(sum(row.part for row in self.items), sum(row.whole for row in self.items))
        return Tally(sum(bool(row.is_counted) for row in self.items), len(self.items), 0, _in_order({}, dated))


def _in_order(months: dict, lines: list) -> tuple:
    for day, part, whole in lines:
        if day is None:
            continue
        day = (local_date(day) if isinstance(day, datetime) else day).replace(day=1)
        before = months.get(day, (0, 0))
        months[day] = (before[0] + (part or 0), before[1] + (whole or 0))
    return tuple((day, *numbers) for day, numbers in sorted(months.items()))


@dataclass(frozen=True)
class Definition:
    """One indicator: its code, the rows it is counted from, and a status rule where §6 has one of its own."""

    code: str
    rows: Callable[[Period, Indicator], Rows]
    near: Status | None = None  # what is short of a percentage's target, where it is not the common rule
    last_year: Callable[[Period, Indicator], Tally] | None = None  # of a comparison: the number to grow from
    override: Callable[[Period], str] | None = None  # a sentence why it is not met whatever was counted, or ""
