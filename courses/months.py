"""The month calendar: which sitting falls on which day. Pure."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from wscb_training.wording import local_date


@dataclass(frozen=True, order=True)
class Month:
    """A month of the year. Raises ValueError for one that no calendar shows: years 2000 to 2100."""

    year: int
    month: int

    def __post_init__(self):
        if not (2000 <= self.year <= 2100 and 1 <= self.month <= 12):
            raise ValueError(f"{self.year}-{self.month} is no month of this calendar")

    def __str__(self):
        return f"{self.first_day:%B %Y}"

    @classmethod
    def of(cls, moment: datetime) -> "Month":
        """Return the month of `moment` in London."""
        day = local_date(moment)
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def starts_at(self) -> datetime:
        """The first moment of the month in London."""
        return timezone.make_aware(datetime.combine(self.first_day, time.min))

    @property
    def ends_at(self) -> datetime:
        """The first moment after the month."""
        following = (self.first_day + timedelta(days=31)).replace(day=1)
        return timezone.make_aware(datetime.combine(following, time.min))

    def next(self) -> "Month":
        """Return the month after this one."""
        return Month.of(self.ends_at)

    def previous(self) -> "Month":
        """Return the month before this one."""
        return Month.of(self.starts_at - timedelta(days=1))


@dataclass(frozen=True)
class Sitting:
    """One session of an event on its day, with the words that a calendar shows of it."""

    event: object
    starts_at: datetime

    @property
    def course(self):
        return self.event.course

    @property
    def places_in_words(self) -> str:
        return self.event.places_in_words

    def get_absolute_url(self) -> str:
        return self.event.get_absolute_url()


@dataclass
class Day:
    """One cell of the calendar."""

    date: date
    in_month: bool
    is_today: bool
    events: list[Sitting] = field(default_factory=list)


def weeks(month: Month, sessions: Iterable, *, today: date) -> list[list[Day]]:
    """Return the weeks of the month, Monday to Sunday, with the sessions of each day in the order given.

    Weeks that have passed are left out of the month that runs now.
    """
    days = {
        day: Day(date=day, in_month=day.month == month.month, is_today=day == today)
        for day in Calendar().itermonthdates(month.year, month.month)
    }
    for session in sessions:
        days[local_date(session.starts_at)].events.append(Sitting(session.event, session.starts_at))
    cells = list(days.values())
    result = [cells[start : start + 7] for start in range(0, len(cells), 7)]
    return [week for week in result if (today.year, today.month) != (month.year, month.month) or week[-1].date >= today]
