"""Priorities 1, 2, 4, 5, 9, 11 and 14: events and places, at the boundary of each target, with what is left out."""

from datetime import date, timedelta

import pytest

from courses.models import Course, Event
from monitoring.models import Indicator
from tests.factories import CourseFactory
from tests.monitoring.world import (
    YEAR_END,
    YEAR_START,
    at,
    book,
    conference,
    counted_course,
    event,
    organisation,
    person,
    shown,
    this_year,
)  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("priorities")]
JUNE = date(2026, 6, 10)


class TestNumberOfEvents:
    """What holds for every number of events, shown on 1A (two conferences a year)."""

    def test_two_meet_the_target_and_one_does_not(self):
        conference(JUNE, came=[person()])
        assert (shown("1A").value, shown("1A").status) == ("1", "at risk")
        conference(JUNE, came=[person()])
        assert (shown("1A").value, shown("1A").status) == ("2", "met")

    def test_one_held_and_one_to_come_are_on_track(self):
        conference(JUNE, came=[person()])
        conference(date(2027, 2, 1))
        assert (shown("1A").value, shown("1A").detail, shown("1A").status) == ("1", "1 more to come", "on track")

    def test_short_is_not_met_when_the_year_is_over(self):
        conference(date(2025, 6, 10), came=[person()])
        figure = shown("1A", this_year(year=2025))
        assert (figure.value, figure.status) == ("1", "not met")

    def test_left_out_are_cancelled_drafts_without_attenders_and_of_other_courses(self):
        conference(JUNE, came=[person()], status=Event.Status.CANCELLED, cancelled_at=at(date(2026, 6, 1)))
        conference(JUNE, status=Event.Status.DRAFT)
        conference(JUNE, booked=[person()])  # booked, and did not come
        event(None, JUNE, came=[person()])
        assert (shown("1A").value, shown("1A").tally.coming) == ("0", 0)

    def test_the_year_is_that_of_the_last_session(self):
        before = conference(YEAR_START - timedelta(days=1), came=[person()])
        conference(YEAR_START, came=[person()])
        conference(YEAR_END + timedelta(days=1))
        assert (shown("1A").value, shown("1A").tally.coming, shown("1A").last_year) == ("1", 0, "0")
        # Two days of which the last is in the new year count in the new year.
        Event.objects.filter(pk=before.pk).update(ends_at=at(YEAR_START, 12))
        assert shown("1A").value == "2"

    def test_as_at_a_day_only_what_happened_by_then_counts(self):
        conference(JUNE, came=[person()])
        conference(date(2026, 7, 1), came=[person()])
        cancelled_at = at(date(2026, 6, 20))
        conference(JUNE, came=[person()], status=Event.Status.CANCELLED, cancelled_at=cancelled_at)
        assert shown("1A", this_year(date(2026, 6, 9))).value == "0"
        assert shown("1A", this_year(JUNE)).value == "2"
        assert shown("1A", this_year(date(2026, 6, 30))).value == "1"
        assert shown("1A", this_year(date(2026, 7, 1))).value == "2"

    def test_last_year_is_counted_to_the_same_day(self):
        conference(date(2025, 11, 23), came=[person()])
        conference(date(2025, 11, 25), came=[person()])
        assert (shown("1A").last_year, shown("1A").trend) == ("1", "down")

    def test_the_line_grows_month_by_month(self):
        for day in (date(2026, 5, 1), date(2026, 5, 20), date(2026, 9, 1)):
            conference(day, came=[person()])
        assert shown("1A").line == [(date(2026, 5, 1), 2.0), (date(2026, 9, 1), 3.0)]
        assert shown("1A").sparkline.words == "2 by the end of May 2026, 3 by 23 November 2026"

    def test_a_target_that_td_changes_counts_at_once(self):
        conference(JUNE, came=[person()])
        Indicator.objects.filter(code="1A").update(target=1)
        assert shown("1A").status == "met"


def test_case_audits_count_for_all_agencies_and_never_as_a_conference_too():
    conference(JUNE, came=[person()])
    audit = {"kind": Event.Kind.CASE_AUDIT, "came": [person()]}
    event(None, JUNE, audience=Event.Audience.SECTORS, **audit)
    assert (shown("1A").value, shown("1B").value, shown("1B").status) == ("1", "0", "at risk")
    event(None, JUNE, **audit)
    assert (shown("1A").value, shown("1B").value, shown("1B").status) == ("1", "1", "met")


class TestMixedAudience:
    def people(self, *roles_and_groups):
        return [person(role=role, group=group) for role, group in roles_and_groups]

    def test_three_of_four_meet_75_percent(self):
        course, mixed = counted_course("2A"), [("Nurse", 3), ("Teacher", 5)]
        for _ in range(3):
            event(course, JUNE, came=self.people(*mixed))
        event(course, JUNE, came=self.people(("Teacher", 3), ("teacher ", 5)))  # one role, typed in two ways
        assert (shown("2A").value, shown("2A").detail, shown("2A").status) == ("75%", "3 of 4 events", "met")
        event(course, JUNE, came=self.people(("Nurse", 3), ("Teacher", 3)))  # one level
        assert (shown("2A").value, shown("2A").status) == ("60%", "at risk")  # 80% of 75 is 60
        event(course, JUNE, came=self.people(("Nurse", 3), ("Teacher", 3)))
        assert (shown("2A").value, shown("2A").status) == ("50%", "not met so far")

    def test_left_out_are_events_with_one_attender_online_ones_and_other_courses(self):
        course = counted_course("2A")
        event(course, JUNE, came=[person()], booked=[person(role="Nurse", group=5)])
        event(course, JUNE, came=self.people(("Nurse", 3), ("Teacher", 5)), venue=None)
        event(None, JUNE, came=self.people(("Nurse", 3), ("Teacher", 5)))
        assert (shown("2A").value, shown("2A").status) == ("No data", "no data")
        assert (shown("2B").value, shown("2B").status) == ("100%", "for information")

    def test_left_out_are_cancelled_events_and_those_of_other_years(self):
        course, mixed = counted_course("2A"), self.people(("Nurse", 3), ("Teacher", 5))
        event(course, JUNE, came=mixed, status=Event.Status.CANCELLED, cancelled_at=at(date(2026, 6, 1)))
        event(course, YEAR_START - timedelta(days=1), came=mixed)
        event(course, YEAR_END)  # to come
        assert [shown(code).value for code in ("2A", "2B")] == ["No data", "No data"]
        event(course, YEAR_START, came=mixed)
        assert [shown(code).detail for code in ("2A", "2B")] == ["1 of 1 events", "1 of 1 events"]

    def test_people_count_in_the_role_they_had(self):
        course, (nurse, teacher) = counted_course("2A"), self.people(("Nurse", 3), ("Teacher", 5))
        event(course, JUNE, came=[nurse, teacher])
        nurse.job_role, nurse.group = teacher.job_role, teacher.group
        nurse.save()
        assert shown("2A").value == "100%"


def test_events_on_allegations_are_for_all_and_those_for_some_are_listed_beside():
    course = counted_course("4A")
    event(course, JUNE, came=[person()])
    event(course, JUNE, came=[person()], audience=Event.Audience.SECTORS)
    assert (shown("4A").value, shown("4A").status) == ("1", "at risk")
    assert (shown("4D").value, shown("4D").status) == ("1", "for information")
    event(course, JUNE, came=[person()])
    assert shown("4A").status == "met"


def test_open_events_are_four_of_five_and_virtual_ones_are_no_part_of_it():
    for _ in range(4):
        event(None, JUNE, came=[person(), person()])
    event(None, JUNE, came=[person()], audience=Event.Audience.ORGANISATIONS)
    event(None, JUNE, came=[person()], audience=Event.Audience.ORGANISATIONS, venue=None)
    assert (shown("5A").value, shown("5A").detail, shown("5A").status) == ("80%", "4 of 5 events", "met")
    assert (shown("5B").value, shown("5B").detail) == ("88.8%", "8 of 9 attendances")  # 88.88…, rounded down
    event(None, JUNE, came=[person()], audience=Event.Audience.SECTORS)
    assert (shown("5A").value, shown("5A").status) == ("66.6%", "at risk")
    event(None, JUNE, came=[person()], audience=Event.Audience.SECTORS)
    event(None, JUNE, came=[person()], audience=Event.Audience.SECTORS)
    assert (shown("5A").value, shown("5A").status) == ("50%", "not met so far")


def test_left_out_of_open_events_are_cancelled_ones_those_nobody_came_to_and_other_years():
    event(None, JUNE, came=[person()], status=Event.Status.CANCELLED, cancelled_at=at(date(2026, 6, 1)))
    event(None, JUNE, booked=[person()])
    event(None, YEAR_START - timedelta(days=1), came=[person()])
    event(None, YEAR_END)  # to come
    assert [(shown(code).value, shown(code).tally.whole) for code in ("5A", "5B")] == [("No data", 0)] * 2
    assert shown("5A").status == "no data"
    event(None, YEAR_START, came=[person()])
    assert [shown(code).detail for code in ("5A", "5B")] == ["1 of 1 events", "1 of 1 attendances"]


class TestVoluntarySectorPlaces:
    def charity(self):
        return person(organisation("Voluntary and community", vcs=True))

    def test_two_of_twenty_meet_ten_percent(self):
        made = event(None, date(2026, 12, 10), capacity=20, vcs_places=2)
        book(made, self.charity())
        assert (shown("9A").value, shown("9A").status) == ("5%", "not met so far")
        book(made, self.charity())
        assert (shown("9A").value, shown("9A").detail, shown("9A").status) == ("10%", "2 of 20 places", "met")
        assert (shown("9B").value, shown("9B").status) == ("10%", "met")

    @pytest.mark.parametrize(("places", "status"), [(10, "met"), (9, "at risk"), (8, "at risk"), (7, "not met so far")])
    def test_of_a_hundred_places_ten_are_asked_for(self, places, status):
        made = event(None, date(2026, 12, 10), capacity=100, vcs_places=places)
        for _ in range(places):
            book(made, self.charity())
        for code in ("9A", "9B"):
            assert (shown(code).value, shown(code).status) == (f"{places}%", status)

    def test_nothing_planned_is_no_data_and_other_years_do_not_count(self):
        for day in (YEAR_START - timedelta(days=1), YEAR_END + timedelta(days=1)):
            book(event(None, day, capacity=10, vcs_places=1), self.charity())
        event(None, JUNE, capacity=10, vcs_places=1, status="cancelled", cancelled_at=at(date(2026, 6, 1)))
        event(None, date(2027, 1, 11), capacity=10, vcs_places=1, status="draft")
        for code in ("9A", "9B"):
            assert (shown(code).value, shown(code).status) == ("No data", "no data")
        book(event(None, YEAR_END, capacity=10, vcs_places=1), self.charity())
        for code in ("9A", "9B"):
            assert shown(code).detail == "1 of 10 places"

    def test_neither_waiting_nor_cancelled_nor_other_sectors_hold_a_place(self):
        made = event(None, date(2026, 12, 10), capacity=10)
        book(made, self.charity(), status="waiting", confirmed_at=None)
        book(made, self.charity(), status="cancelled", ended_at=at(date(2026, 11, 1)))
        book(made, person(organisation("Education")))
        event(None, date(2026, 12, 10), capacity=10, status="cancelled", cancelled_at=at(JUNE))
        event(None, date(2026, 12, 10), capacity=10, venue=None)
        assert (shown("9A").value, shown("9A").detail) == ("0%", "0 of 10 places")
        # On the day before it was cancelled, that place was held.
        assert shown("9A", this_year(date(2026, 10, 31))).detail == "1 of 10 places"

    def test_who_moves_to_another_sector_keeps_the_place_it_was(self):
        mover = self.charity()
        book(event(None, date(2026, 12, 10), capacity=10), mover)
        mover.organisation = organisation("Education")
        mover.save()
        assert shown("9A").detail == "1 of 10 places"

    def test_two_events_in_the_community(self):
        event(None, JUNE, came=[person()], hosted_in_community=True)
        assert shown("9C").status == "at risk"
        event(None, JUNE, came=[person()], hosted_in_community=True)
        assert (shown("9C").value, shown("9C").status) == ("2", "met")


def test_three_safeguarding_lead_events_with_both_levels():
    duty = Course.Duty.SAFEGUARDING_LEAD
    basic, advanced = (CourseFactory(duty=duty, level=level) for level in ("basic", "advanced"))
    for _ in range(2):
        event(basic, JUNE, came=[person()])
    assert (shown("11A").value, shown("11A").status, shown("11B2").status) == ("2", "at risk", "at risk")
    event(advanced, JUNE, came=[person()])
    assert (shown("11A").value, shown("11A").status) == ("3", "met")
    assert (shown("11B1").value, shown("11B2").value, shown("11B2").status) == ("2", "1", "met")


def test_one_event_designed_and_one_delivered_with_service_users():
    event(None, JUNE, came=[person()], service_users_in_design=True)
    assert (shown("14A").status, shown("14B").status) == ("met", "at risk")
    event(None, date(2027, 1, 11), service_users_in_delivery=True)
    assert (shown("14B").value, shown("14B").status) == ("0", "on track")
