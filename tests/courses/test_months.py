"""The month calendar: which sitting falls on which day."""

from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from courses.months import Month, weeks

LONDON = ZoneInfo("Europe/London")
UTC = ZoneInfo("UTC")
TODAY = date(2026, 11, 23)


def session(*at, tz=LONDON):
    return SimpleNamespace(event=SimpleNamespace(course="Neglect"), starts_at=datetime(*at, tzinfo=tz))


def test_a_month_runs_from_monday_to_sunday_with_what_is_beside_it():
    january = weeks(Month(2027, 1), [], today=TODAY)
    assert [len(week) for week in january] == [7] * 5
    assert (january[0][0].date, january[-1][-1].date) == (date(2026, 12, 28), date(2027, 1, 31))
    assert [day.in_month for day in january[0]] == [False] * 4 + [True] * 3


def test_a_session_stands_on_its_day_in_london():
    """A quarter past midnight in London is the day before in UTC."""
    found = weeks(Month(2026, 6), [session(2026, 6, 10, 23, 15, tz=UTC)], today=date(2026, 6, 1))
    assert [day.date for week in found for day in week if day.events] == [date(2026, 6, 11)]


def test_weeks_that_have_passed_are_left_out_of_the_month_that_runs():
    november = weeks(Month(2026, 11), [session(2026, 11, 24, 9, 30)], today=TODAY)
    assert november[0][0].date == TODAY
    assert november[0][0].is_today
    assert len(weeks(Month(2025, 11), [], today=TODAY)) == 5


def test_the_first_and_last_moment_are_londons_over_a_clock_change():
    march = Month(2027, 3)
    assert march.starts_at == datetime(2027, 3, 1, tzinfo=UTC)
    assert march.ends_at == datetime(2027, 3, 31, 23, tzinfo=UTC)


def test_the_months_beside():
    assert Month(2026, 12).next() == Month(2027, 1)
    assert Month(2027, 1).previous() == Month(2026, 12)
    assert Month(2026, 12) < Month(2027, 1)
    assert str(Month(2027, 1)) == "January 2027"


@pytest.mark.parametrize("year, month", [(2027, 0), (2027, 13), (0, 1), (1999, 12), (2101, 1), (99999, 1)])
def test_what_is_no_month_of_the_calendar(year, month):
    with pytest.raises(ValueError, match="no month"):
        Month(year, month)
