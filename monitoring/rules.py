"""What a figure means: programme years, statuses, words. Pure decisions of §6, as the Board reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from math import ceil

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from accounts.rules import year_of
from wscb_training.wording import local_date, short_day

NEAR = Decimal("0.8")  # of a target: at risk from here, not met below


class Status(StrEnum):
    """How a figure stands to its target; in order, the worst first."""

    NOT_MET = "not met"
    NOT_MET_SO_FAR = "not met so far"
    AT_RISK = "at risk"
    NO_DATA = "no data"
    ON_TRACK = "on track"
    MET = "met"
    NOT_JUDGED = "for information"

    @property
    def colour(self) -> str:
        """The colour of its tag."""
        return {"met": "green", "on track": "blue", "at risk": "yellow", "not met": "red", "not met so far": "red"}.get(
            self.value, "grey"
        )

    @property
    def words(self) -> str:
        return self.value.capitalize()


@dataclass(frozen=True)
class Period:
    """A programme year, seen as at a day: only what happened by `moment` counts."""

    year: int
    starts_on: date
    ends_on: date  # its last day
    as_at: date
    moment: datetime

    @property
    def starts_at(self) -> datetime:
        return _midnight(self.starts_on)

    @property
    def ends_at(self) -> datetime:
        """The first moment of the next year."""
        return _midnight(self.ends_on + timedelta(days=1))

    @property
    def is_open(self) -> bool:
        """Whether some of the year is still to come."""
        return self.moment < self.ends_at and self.as_at < self.ends_on

    @property
    def name(self) -> str:
        """ "2026-27", or "2026" where it is a calendar year."""
        return str(self.year) if self.ends_on.year == self.year else f"{self.year}-{self.ends_on.year % 100:02}"

    @property
    def in_words(self) -> str:
        return f"{short_day(self.starts_on)} to {short_day(self.as_at)}"

    @property
    def share_gone(self) -> Decimal:
        """How much of the year lies behind `as_at`: 0 to 1."""
        days = (self.ends_on - self.starts_on).days + 1
        return Decimal((self.as_at - self.starts_on).days + 1) / days

    def year_before(self) -> "Period":
        """The year before, as at the same day of it."""
        back, day = relativedelta(years=1), self.as_at - relativedelta(years=1)
        if self.as_at == self.ends_on:  # a leap year ends on its own last day
            day = self.starts_on - timedelta(days=1)
        return Period(
            self.year - 1,
            self.starts_on - back,
            self.starts_on - timedelta(days=1),
            day,
            min(self.moment, _midnight(day + timedelta(days=1)) - timedelta(microseconds=1)),
        )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()), timezone.get_default_timezone())


def period(*, year: int | None, as_at: date | None, now: datetime, starts_month: int) -> Period:
    """Return the period asked for: this year and today where nothing is said; never after today, always in the year."""
    today = local_date(now)
    year = year_of(min(as_at or today, today), starts_month=starts_month) if year is None else year
    starts_on = date(year, starts_month, 1)
    ends_on = starts_on + relativedelta(years=1) - timedelta(days=1)
    day = min(as_at if as_at and starts_on <= as_at <= ends_on else ends_on, today)
    day = max(day, starts_on)
    end_of_day = _midnight(day + timedelta(days=1)) - timedelta(microseconds=1)
    return Period(year, starts_on, ends_on, day, min(now, end_of_day))


def count_status(*, delivered: int, coming: int, target: Decimal, is_open: bool) -> Status:
    """Return the status of a number: met; on track with what is to come; at risk while the year is open; not met."""
    if delivered >= target:
        return Status.MET
    if not is_open:
        return Status.NOT_MET
    return Status.ON_TRACK if delivered + coming >= target else Status.AT_RISK


def ratio_status(*, part: int, whole: int | None, target: Decimal, is_open: bool, near: Status | None = None) -> Status:
    """Return the status of a percentage: met; at risk from 80% of the target; not met below. Nothing: no data.

    `near` says what everything short of the target is, where a priority says so itself (7, 8, 12).
    """
    if not whole:
        return Status.NO_DATA
    if part * 100 >= target * whole:
        return Status.MET
    if near is not None:
        return near
    if part * 100 >= target * NEAR * whole:
        return Status.AT_RISK
    return Status.NOT_MET_SO_FAR if is_open else Status.NOT_MET


def comparison_status(*, this: int, last: int | None) -> Status:
    """Return the status of a number that should grow: up is met, level or down is not; no data without last year's."""
    if not last:
        return Status.NO_DATA
    return Status.MET if this > last else Status.NOT_MET


def evidence_status(*, due: Iterable[tuple[date, date | None]], as_at: date) -> Status:
    """Return the status of milestones, as (due, signed off) pairs: met when all is signed off, not met when overdue."""
    due = [(day, signed if signed and signed <= as_at else None) for day, signed in due]
    if not due:
        return Status.NO_DATA
    if all(signed for _, signed in due):
        return Status.MET
    return Status.NOT_MET if any(not signed and day < as_at for day, signed in due) else Status.AT_RISK


def worst(statuses: Iterable[Status]) -> Status:
    """Return the worst status of the parts that are judged; no data where none is.

    A part without data keeps the whole from being met: nobody knows it.
    """
    judged = [status for status in statuses if status != Status.NOT_JUDGED]
    return min(judged, key=list(Status).index, default=Status.NO_DATA)


def quarters_gone(*, starts_on: date, as_at: date) -> list[tuple[date, date]]:
    """Return the quarters of the year that are over, or have begun, as first and last days."""
    quarters = [starts_on + relativedelta(months=3 * number) for number in range(4)]
    return [(first, first + relativedelta(months=3) - timedelta(days=1)) for first in quarters if first <= as_at]


def percent(part: int, whole: int) -> Decimal:
    """Return a percentage with one decimal, rounded down: 74.96 never reads as a target of 75 that was reached."""
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_FLOOR)


def plain_number(number: Decimal | int | float) -> str:
    """Return "75", "74.9", "1,204"."""
    number = Decimal(str(number))
    return f"{int(number):,}" if number == int(number) else f"{number:,.1f}"


def pro_rata(total: int, share: Decimal) -> int:
    """Return a year's number for a share of the year, rounded up: a baseline is never made to look easier."""
    return ceil(total * share)
