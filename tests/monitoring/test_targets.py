"""Every number of events at the boundary of its target with what is left out, and the rules of the status (§6).

1A, 1B, 4A, 4D, 9C, 11A, 11B and 14 here. The percentages and the rest stand by what they count: 2, 5, 9A and 9B in
`test_events_counted`, 3, 4B, 8 and 13A in `test_sectors_counted`, 4C, 7 and 13B in `test_questionnaires_counted`,
6, 10, 11C, 12 and 15 in `test_courses_counted`.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from courses.models import Course, Event
from monitoring.rules import Status, comparison_status, count_status, ratio_status, worst
from tests.factories import CourseFactory
from tests.monitoring.world import YEAR_END, YEAR_START, at, counted_course, event, person, shown, this_year

COUNTS = ("1A", "1B", "4A", "4D", "9C", "11A", "11B1", "11B2", "14A", "14B")
TARGETS = {"1A": 2, "1B": 1, "4A": 2, "9C": 2, "11A": 3, "11B1": 1, "11B2": 1, "14A": 1, "14B": 1}
JUNE, TO_COME = date(2026, 6, 10), date(2027, 2, 1)


def lead_course(level: str) -> Course:
    return CourseFactory(duty=Course.Duty.SAFEGUARDING_LEAD, level=level)


def counting(code: str, day: date, **fields) -> Event:
    """Return an event that counts for a figure once somebody attended it."""
    course, what = {
        "1A": lambda: (None, {"kind": Event.Kind.REVIEW_CONFERENCE}),
        "1B": lambda: (None, {"kind": Event.Kind.CASE_AUDIT}),
        "4A": lambda: (counted_course("4A"), {}),
        "4D": lambda: (counted_course("4A"), {"audience": Event.Audience.SECTORS}),
        "9C": lambda: (None, {"hosted_in_community": True}),
        "11A": lambda: (lead_course("basic"), {}),
        "11B1": lambda: (lead_course("basic"), {}),
        "11B2": lambda: (lead_course("advanced"), {}),
        "14A": lambda: (None, {"service_users_in_design": True}),
        "14B": lambda: (None, {"service_users_in_delivery": True}),
    }[code]()
    return event(course, day, **what, **fields)


@pytest.mark.django_db
@pytest.mark.usefixtures("priorities")
class TestNumbersOfEvents:
    @pytest.mark.parametrize(("code", "target"), TARGETS.items())
    def test_one_short_is_at_risk_with_one_planned_on_track_and_held_it_is_met(self, code, target):
        for _ in range(target - 1):
            counting(code, JUNE, came=[person()])
        assert (shown(code).value, shown(code).status) == (str(target - 1), "at risk")
        counting(code, TO_COME)
        assert (shown(code).value, shown(code).status) == (str(target - 1), "on track")
        counting(code, JUNE, came=[person()])
        assert (shown(code).value, shown(code).status) == (str(target), "met")

    @pytest.mark.parametrize(("code", "target"), TARGETS.items())
    def test_one_short_at_the_end_of_the_year_is_not_met(self, code, target):
        for _ in range(target - 1):
            counting(code, date(2025, 6, 10), came=[person()])
        figure = shown(code, this_year(year=2025))
        assert (figure.value, figure.status) == (str(target - 1), "not met")

    @pytest.mark.parametrize("code", COUNTS)
    def test_left_out_are_cancelled_drafts_those_nobody_came_to_and_other_years(self, code):
        counting(code, JUNE, came=[person()], status=Event.Status.CANCELLED, cancelled_at=at(date(2026, 6, 1)))
        counting(code, TO_COME, status=Event.Status.CANCELLED, cancelled_at=at(date(2026, 6, 1)))
        counting(code, TO_COME, status=Event.Status.DRAFT)
        counting(code, JUNE, booked=[person()])
        counting(code, YEAR_START - timedelta(days=1), came=[person()])
        counting(code, YEAR_END + timedelta(days=1))
        assert (shown(code).value, shown(code).tally.coming) == ("0", 0)
        counting(code, YEAR_START, came=[person()])
        counting(code, YEAR_END)
        assert (shown(code).value, shown(code).tally.coming) == ("1", 1)


@pytest.mark.parametrize(
    ("part", "whole", "is_open", "status"),
    [
        (7500, 10000, True, "met"), (7499, 10000, True, "at risk"),  # the target is 75
        (6000, 10000, True, "at risk"), (6000, 10000, False, "at risk"),  # 80% of the target
        (5999, 10000, True, "not met so far"), (5999, 10000, False, "not met"),
        (0, 0, True, "no data"), (0, 0, False, "no data"), (0, 1, True, "not met so far"),
    ],
)  # fmt: skip
def test_a_percentage_is_met_at_risk_from_80_percent_of_its_target_and_not_met_below(part, whole, is_open, status):
    assert ratio_status(part=part, whole=whole, target=Decimal(75), is_open=is_open) == status


@pytest.mark.parametrize(
    ("delivered", "coming", "is_open", "status"),
    [(2, 0, True, "met"), (1, 1, True, "on track"), (1, 0, True, "at risk"), (1, 1, False, "not met")],
)
def test_a_number_is_met_on_track_at_risk_or_not_met(delivered, coming, is_open, status):
    assert count_status(delivered=delivered, coming=coming, target=Decimal(2), is_open=is_open) == status


def test_against_last_year_one_more_is_met_and_level_is_not():
    assert [comparison_status(this=this, last=10) for this in (11, 10, 9)] == ["met", "not met", "not met"]
    assert [comparison_status(this=5, last=last) for last in (0, None)] == ["no data", "no data"]


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["met", "met", "for information"], "met"), (["met", "on track"], "on track"), (["met", "no data"], "no data"),
        (["no data", "at risk"], "at risk"), (["at risk", "not met so far"], "not met so far"),
        (["not met so far", "not met"], "not met"), (["for information"], "no data"), ([], "no data"),
    ],
)  # fmt: skip
def test_a_priority_has_the_status_of_its_worst_part(parts, whole):
    assert worst(Status(part) for part in parts) == whole
