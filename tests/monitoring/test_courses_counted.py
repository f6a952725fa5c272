"""Priorities 6, 10, 11C, 12 and 15: reviews, milestones, schools and single-agency training."""

from datetime import date, timedelta

import pytest

from accounts.models import Organisation, SafeguardingLead, WholeSchoolTraining
from bookings.models import TrainingRecord
from courses.models import Course, Event
from monitoring import actions
from monitoring.models import Indicator, Learning, Milestone, QualityReview, SingleAgencyTraining, StandardSet
from tests.factories import CourseFactory
from tests.monitoring.world import (
    NOW,
    YEAR_START,
    at,
    event,
    online,
    organisation,
    person,
    shown,
    subject,
    this_year,
)  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("priorities")]
JUNE, TODAY = date(2026, 6, 10), date(2026, 11, 23)
CHECKS = ("checked_scrs", "checked_partnership_reviews", "checked_case_audits", "checked_policy")


def review(course=None, on: date = JUNE, **fields) -> QualityReview:
    fields = {"reviewer": "Kezia", "found_current": True, **dict.fromkeys(CHECKS, True), **fields}
    return QualityReview.objects.create(course=course, reviewed_on=on, **fields)


def ran(**fields) -> Course:
    """Return a course that ran this year."""
    return event(CourseFactory(**fields), JUNE, came=[person()]).course


class TestContentReviewed:
    def test_all_courses_meet_it_and_four_of_five_are_at_risk(self):
        courses = [ran() for _ in range(5)]
        for course in courses[:4]:
            review(course)
        assert (shown("6A").value, shown("6A").detail, shown("6A").status) == ("80%", "4 of 5 courses", "at risk")
        review(courses[4])
        assert shown("6A").status == "met"

    @pytest.mark.parametrize("missing", CHECKS)
    def test_each_of_the_four_checks_is_needed(self, missing):
        review(ran(), **{missing: False})
        assert shown("6A").detail == "0 of 1 courses"

    def test_three_of_four_are_not_met_so_far(self):
        courses = [ran() for _ in range(4)]
        for course in courses[:3]:
            review(course)
        assert (shown("6A").value, shown("6A").status) == ("75%", "not met so far")

    def test_found_not_current_later_it_counts_no_more(self):
        course = ran()
        review(course)
        review(course, on=JUNE + timedelta(days=1), found_current=False, checked_policy=False)
        assert shown("6A").detail == "0 of 1 courses"
        held = Event.objects.get(course=course)
        review(course, on=JUNE + timedelta(days=2))
        review(course, on=JUNE + timedelta(days=3), event=held, found_current=False)  # an event was observed
        assert shown("6A").detail == "1 of 1 courses"

    def test_online_courses_count_once_started_and_cancelled_events_and_other_years_do_not(self):
        online_course = CourseFactory(delivery=Course.Delivery.ONLINE)
        event(CourseFactory(), date(2027, 1, 12), status="cancelled", cancelled_at=at(JUNE))
        event(CourseFactory(), YEAR_START - timedelta(days=1), came=[person()])
        online(online_course, person(), YEAR_START - timedelta(days=1))
        assert shown("6A").status == "no data"
        online(online_course, person(), YEAR_START)
        assert shown("6A").detail == "0 of 1 courses"

    def test_found_not_current_or_older_than_12_months_does_not_count(self):
        review(ran(), found_current=False)
        review(ran(), on=date(2025, 11, 23))
        review(ran(), on=date(2025, 11, 24))
        assert shown("6A").detail == "1 of 3 courses"

    def test_newer_learning_on_its_subject_asks_for_a_new_review(self):
        course = ran()
        course.subjects.add(subject("Neglect"))
        review(course, on=JUNE)
        learning = Learning.objects.create(kind="scr", title="Child F", dated=JUNE)
        learning.subjects.add(subject("Neglect"))
        assert shown("6A").detail == "1 of 1 courses"  # reviewed on the day
        learning.dated = JUNE + timedelta(days=1)
        learning.save()
        assert shown("6A").detail == "0 of 1 courses"
        assert shown("6A", this_year(JUNE)).detail == "1 of 1 courses"  # not known yet
        review(course, on=JUNE + timedelta(days=2))
        assert shown("6A").detail == "1 of 1 courses"

    def test_courses_that_neither_run_nor_are_planned_or_are_offered_no_more_are_left_out(self):
        CourseFactory()
        ran(is_active=False)
        assert shown("6A").status == "no data"
        event(CourseFactory(), date(2027, 1, 12))  # planned
        assert shown("6A").detail == "0 of 1 courses"


class TestSchools:
    @pytest.fixture
    def duty(self):
        return CourseFactory(duty=Course.Duty.SAFEGUARDING_LEAD, refresher_months=24)

    def school(self, duty, *, lead=TODAY, deputy=TODAY, whole=TODAY, **fields) -> Organisation:
        school = organisation("Education", **fields)
        for role, trained_on in (("lead", lead), ("deputy", deputy)):
            someone = person(school)
            SafeguardingLead.objects.create(organisation=school, person=someone, role=role, since=date(2020, 1, 1))
            if trained_on:
                TrainingRecord.objects.create(person=someone, course=duty, source="online", completed_on=trained_on)
        if whole:
            WholeSchoolTraining.objects.create(organisation=school, trained_on=whole, provider="x", noted_at=NOW)
        return school

    def test_every_lead_deputy_and_the_whole_school_in_date(self, duty):
        self.school(duty)
        self.school(duty, lead=date(2024, 11, 24), deputy=date(2024, 11, 24), whole=date(2023, 11, 24))  # just in date
        assert (shown("11C").value, shown("11C").status) == ("100%", "met")

    def test_four_of_five_are_at_risk_and_no_school_is_no_data(self, duty):
        assert (shown("11C").value, shown("11C").status) == ("No data", "no data")
        for late in (TODAY, TODAY, TODAY, TODAY, None):
            self.school(duty, whole=late)
        assert (shown("11C").value, shown("11C").status) == ("80%", "at risk")

    @pytest.mark.parametrize(
        "late", [{"lead": date(2024, 11, 23)}, {"deputy": None}, {"whole": date(2023, 11, 22)}, {"whole": None}]
    )
    def test_one_that_is_late_takes_the_school_out(self, duty, late):
        self.school(duty)
        self.school(duty, **late)
        assert (shown("11C").detail, shown("11C").status) == ("1 of 2 schools", "not met so far")

    def test_a_school_without_a_named_lead_counts_against_it_and_closed_ones_and_nurseries_do_not(self, duty):
        organisation("Education")
        self.school(duty, is_active=False)
        self.school(duty, kind=Organisation.Kind.NURSERY)
        assert shown("11C").detail == "0 of 1 schools"

    def test_as_at_a_day_training_that_came_later_does_not_count(self, duty):
        self.school(duty)
        assert shown("11C", this_year(date(2026, 11, 22))).detail == "0 of 1 schools"


class TestMilestones:
    def milestone(self, code="10A", due=date(2026, 12, 31), name="Strategy approved") -> Milestone:
        indicator = Indicator.objects.get(code=code)
        return Milestone.objects.create(indicator=indicator, year=2026, name=name, due_on=due)

    def sign(self, milestone, now=NOW):
        actions.add_evidence(
            indicator=milestone.indicator, by=person(), now=now, text="Minutes", dated=TODAY, milestone=milestone
        )

    @pytest.mark.parametrize("code", ["10A", "12A"])
    def test_met_when_all_is_signed_off_at_risk_before_and_not_met_when_overdue(self, code):
        assert shown(code).status == "no data"
        first, second = self.milestone(code), self.milestone(code, TODAY, "In force")
        self.sign(first)
        assert (shown(code).value, shown(code).status) == ("1 of 2", "at risk")  # due today is not overdue
        Milestone.objects.filter(pk=second.pk).update(due_on=TODAY - timedelta(days=1))
        assert shown(code).status == "not met"
        self.sign(second)
        assert (shown(code).value, shown(code).status) == ("2 of 2", "met")

    def test_as_at_the_day_before_it_was_not_signed_off(self):
        self.sign(self.milestone())
        assert shown("10A").status == "met"
        assert shown("10A", this_year(TODAY - timedelta(days=1))).status == "at risk"

    def test_those_of_another_year_do_not_count(self):
        self.sign(self.milestone())
        assert Milestone.objects.filter(year=2017, indicator__code="10A").count() == 4  # the strategy's own
        assert shown("10A").detail == "1 of 1 milestones"


def own_training(held_on: date = JUNE, **fields) -> SingleAgencyTraining:
    return SingleAgencyTraining.objects.create(
        organisation=organisation("Education"), title="Induction", held_on=held_on, **fields
    )


def test_without_single_agency_courses_there_is_no_data():
    own_training(YEAR_START - timedelta(days=1), uses_core_messages=True, meets_standards=True)
    assert (shown("12B").value, shown("12B").status) == ("No data", "no data")
    own_training(YEAR_START, uses_core_messages=True, meets_standards=False)
    assert (shown("12B").value, shown("12B").status) == ("0%", "at risk")


def test_four_of_five_single_agency_courses_confirm_core_messages_and_standards():
    for _ in range(4):
        own_training(uses_core_messages=True, meets_standards=True)
    own_training(uses_core_messages=True, meets_standards=None)
    own_training(date(2026, 3, 31), uses_core_messages=True, meets_standards=True)  # last year
    assert (shown("12B").detail, shown("12B").status) == ("4 of 5 courses", "met")
    own_training(uses_core_messages=False, meets_standards=True)
    assert (shown("12B").value, shown("12B").status) == ("66.6%", "at risk")


class TestQualityReviews:
    @pytest.fixture
    def standards(self):
        return StandardSet.objects.create(version="1", agreed_on=date(2026, 4, 1))

    def test_without_agreed_standards_it_is_not_met_whatever_was_reviewed(self):
        review(ran(), standard_set=StandardSet.objects.create(version="draft"))
        assert (shown("15A").status, shown("15A").reason) == ("not met", "No set of quality standards is agreed.")

    def test_all_courses_that_ran_are_reviewed_in_the_year(self, standards):
        first, second = ran(), ran()
        CourseFactory()  # did not run
        review(first, standard_set=standards)
        review(second, standard_set=None)  # its content alone
        review(second, on=date(2026, 3, 31), standard_set=standards)  # last year
        assert (shown("15A").detail, shown("15A").status) == ("1 of 2 courses", "not met so far")
        review(second, standard_set=standards)
        assert shown("15A").status == "met"

    def test_four_of_five_are_at_risk_and_cancelled_events_and_other_years_are_left_out(self, standards):
        for day, fields in (
            (JUNE, {"status": "cancelled", "cancelled_at": at(date(2026, 6, 1))}),
            (YEAR_START - timedelta(days=1), {}),
        ):
            event(CourseFactory(), day, came=[person()], **fields)
        event(CourseFactory(), date(2027, 1, 12))  # to come
        assert (shown("15A").value, shown("15A").status) == ("No data", "no data")
        for _ in range(3):
            review(ran(), standard_set=standards)
        learned_online = CourseFactory(delivery=Course.Delivery.ONLINE)
        online(learned_online, person(), JUNE)
        review(learned_online, standard_set=standards)
        ran()
        assert (shown("15A").detail, shown("15A").status) == ("4 of 5 courses", "at risk")

    def test_standards_count_from_the_day_they_are_agreed(self, standards):
        StandardSet.objects.update(agreed_on=JUNE + timedelta(days=1))
        review(ran(), on=JUNE, standard_set=standards)
        assert shown("15A", this_year(JUNE)).reason == "No set of quality standards is agreed."
        assert shown("15A", this_year(JUNE + timedelta(days=1))).status == "met"

    def test_single_agency_courses_of_last_year_are_left_out(self, standards):
        own_training(YEAR_START - timedelta(days=1))
        assert (shown("15B").value, shown("15B").status) == ("No data", "no data")
        for number in range(5):
            own = own_training(YEAR_START)
            if number:
                review(None, single_agency=own, standard_set=standards)
        assert (shown("15B").value, shown("15B").status) == ("80%", "at risk")

    def test_single_agency_courses_apart(self, standards):
        own = own_training()
        assert (shown("15B").value, shown("15A").value) == ("0%", "No data")
        review(None, single_agency=own, standard_set=standards)
        assert shown("15B").status == "met"
