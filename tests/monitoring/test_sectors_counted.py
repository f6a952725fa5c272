"""Priorities 3, 4B, 8 and 13A: sectors, online learning and take-up, with who moved and who has no organisation."""

from datetime import date, timedelta

import pytest

from accounts.models import Membership, Organisation
from bookings.models import OnlineStart
from courses.models import Course, Event
from monitoring.figures import figure
from monitoring.models import Baseline, Indicator
from tests.factories import CourseFactory, UserFactory
from tests.monitoring.world import YEAR_START, at, counted_course, event, online, organisation, person, shown, this_year

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("priorities")]
JUNE, LAST_JUNE = date(2026, 6, 10), date(2025, 6, 10)


@pytest.fixture
def sectors():
    """Five sectors with an active organisation each."""
    return [organisation(name) for name in ("Education", "Health", "Housing", "Police", "Early years")]


@pytest.fixture
def online_course():
    return CourseFactory(delivery=Course.Delivery.ONLINE)


def rows(code: str) -> dict:
    _, found = figure(Indicator.objects.get(code=code), this_year())
    return {row.name: row for row in found.items}


class TestOnlineStarts:
    def test_every_sector_meets_it_four_of_five_are_at_risk_three_are_not(self, sectors, online_course):
        people = [person(works_at) for works_at in sectors]
        for someone in people[:3]:
            online(online_course, someone, JUNE)
        assert (shown("3A").value, shown("3A").status) == ("60%", "not met so far")
        online(online_course, people[3], JUNE)
        assert (shown("3A").value, shown("3A").detail, shown("3A").status) == ("80%", "4 of 5 sectors", "at risk")
        online(online_course, people[4], JUNE)
        assert shown("3A").status == "met"

    def test_a_sector_without_an_active_organisation_is_named_and_not_counted(self, sectors, online_course):
        for works_at in sectors:
            online(online_course, person(works_at), JUNE)
        Organisation.objects.filter(pk=sectors[0].pk).update(is_active=False)
        found = shown("3A")
        assert found.detail == "4 of 4 sectors"
        assert found.counted.notes == ("Education: 1 start, not counted: no active organisation there.",)

    def test_starts_of_another_year_do_not_count_and_nobody_at_all_is_no_data(self, online_course):
        assert (shown("3A").value, shown("3A").status) == ("No data", "no data")  # no sector is active
        online(online_course, person(organisation("Education")), date(2026, 3, 31))
        assert shown("3A").value == "0%"

    def test_who_moved_counts_in_the_sector_of_that_day(self, sectors, online_course):
        mover = person(sectors[0])
        online(online_course, mover, JUNE)
        mover.organisation = sectors[1]
        mover.save()
        assert [row.number for row in rows("3A").values() if row.name in ("Education", "Health")] == [1, 0]

    def test_who_has_no_organisation_is_named_and_counts_for_no_sector(self, sectors, online_course):
        someone = UserFactory(organisation=None)
        OnlineStart.objects.create(course=online_course, person=someone, started_at=at(JUNE))
        assert shown("3A").detail == "0 of 5 sectors"
        assert shown("3A").counted.notes == ("No sector: 1 start, not counted: no active organisation there.",)

    def test_started_before_the_new_year_and_completed_in_it_is_a_completion_of_it(self, sectors, online_course):
        online(online_course, person(sectors[0]), YEAR_START - timedelta(days=1), completed=YEAR_START)
        online(online_course, person(sectors[0]), LAST_JUNE, completed=YEAR_START - timedelta(days=1))
        assert (shown("3A").detail, shown("3B").value) == ("0 of 5 sectors", "1")
        online(online_course, person(sectors[0]), YEAR_START)
        assert shown("3A").detail == "1 of 5 sectors"

    def test_completions_stand_beside(self, sectors, online_course):
        online(online_course, person(sectors[0]), JUNE, completed=date(2026, 6, 12))
        online(online_course, person(sectors[0]), JUNE)
        assert (shown("3B").value, shown("3B").status) == ("1", "for information")


@pytest.mark.parametrize(("code", "course"), [("4B", "4A"), ("13A", "13A")])
def test_sectors_reached_are_those_of_who_attended(sectors, code, course):
    counted = counted_course(course)
    event(counted, JUNE, came=[person(works_at) for works_at in sectors[:4]], booked=[person(sectors[4])])
    assert (shown(code).detail, shown(code).status) == ("4 of 5 sectors", "at risk")
    event(counted, date(2026, 3, 31), came=[person(sectors[4])])  # of last year
    assert shown(code).detail == "4 of 5 sectors"
    event(counted, JUNE, came=[person(sectors[4])])
    assert shown(code).status == "met"


@pytest.mark.parametrize(("code", "course"), [("4B", "4A"), ("13A", "13A")])
def test_who_moved_reached_the_sector_of_then_cancelled_events_none_and_no_sector_is_no_data(sectors, code, course):
    counted, mover = counted_course(course), person(sectors[0])
    event(counted, JUNE, came=[mover])
    cancelled = {"status": Event.Status.CANCELLED, "cancelled_at": at(date(2026, 6, 1))}
    event(counted, JUNE, came=[person(sectors[2])], **cancelled)
    mover.organisation = sectors[1]
    mover.save()
    assert [name for name, row in rows(code).items() if row.is_counted] == ["Education"]
    event(counted, JUNE, came=[person(sectors[2]), person(sectors[3])])
    assert (shown(code).value, shown(code).status) == ("60%", "not met so far")
    Organisation.objects.update(is_active=False)
    assert (shown(code).value, shown(code).status) == ("No data", "no data")


def test_allegations_sessions_for_one_sector_reach_nobody_for_4b(sectors):
    event(counted_course("4A"), JUNE, came=[person(sectors[0])], audience=Event.Audience.SECTORS)
    assert shown("4B").detail == "0 of 5 sectors"


class TestTakeUp:
    def attend(self, works_at, day, times):
        for _ in range(times):
            event(None, day, came=[person(works_at)])

    def test_total_up_and_four_of_five_sectors_up_meet_it(self, sectors):
        for number, works_at in enumerate(sectors):
            self.attend(works_at, LAST_JUNE, 1)
            self.attend(works_at, JUNE, 2 if number < 4 else 1)
        assert (shown("8A").value, shown("8A").last_year, shown("8A").status) == ("9", "5", "met")
        assert (shown("8B").detail, shown("8B").status) == ("4 of 5 sectors", "met")

    def test_total_up_with_fewer_sectors_up_is_at_risk(self, sectors):
        for works_at in sectors:
            self.attend(works_at, LAST_JUNE, 1)
        self.attend(sectors[0], JUNE, 6)
        assert (shown("8A").status, shown("8B").detail, shown("8B").status) == ("met", "1 of 5 sectors", "at risk")

    def test_level_is_not_met(self, sectors):
        self.attend(sectors[0], LAST_JUNE, 2)
        self.attend(sectors[0], JUNE, 2)
        assert (shown("8A").status, shown("8B").detail) == ("not met", "0 of 5 sectors")

    def test_fewer_than_last_year_is_not_met(self, sectors):
        self.attend(sectors[0], LAST_JUNE, 3)
        self.attend(sectors[0], JUNE, 2)
        assert (shown("8A").value, shown("8A").trend, shown("8A").status) == ("2", "down", "not met")

    def test_the_last_day_of_last_year_counts_in_neither_number(self, sectors):
        self.attend(sectors[0], LAST_JUNE, 1)
        self.attend(sectors[0], YEAR_START - timedelta(days=1), 5)
        self.attend(sectors[0], YEAR_START, 2)
        assert (shown("8A").value, shown("8A").last_year) == ("2", "1")
        assert (rows("8B")["Education"].number, rows("8B")["Education"].before) == (2, 1)

    def test_three_of_five_sectors_up_are_at_risk(self, sectors):
        for number, works_at in enumerate(sectors):
            self.attend(works_at, LAST_JUNE, 1)
            self.attend(works_at, JUNE, 2 if number < 3 else 1)
        assert (shown("8B").value, shown("8B").status) == ("60%", "at risk")

    def test_without_last_year_there_is_no_data(self, sectors):
        self.attend(sectors[0], JUNE, 2)
        assert (shown("8A").status, shown("8B").value, shown("8B").status) == ("no data", "No data", "no data")

    def test_last_year_counts_to_the_same_day(self, sectors):
        self.attend(sectors[0], date(2025, 11, 23), 1)
        self.attend(sectors[0], date(2025, 11, 24), 1)
        assert shown("8A").last_year == "1"

    def test_an_imported_baseline_stands_in_for_last_year_in_proportion_to_the_days(self, sectors):
        Baseline.objects.create(year=2025, reporting_sector="Education", take_up=365)
        # 1 April to 23 November are 237 of 365 days.
        assert shown("8A").last_year == "237"
        assert rows("8B")["Education"].before == 237

    def test_two_attendances_of_one_person_are_two_and_completions_count_in_the_sector_of_then(self, sectors):
        mover = person(sectors[0])
        course = CourseFactory(delivery=Course.Delivery.ONLINE)
        event(None, LAST_JUNE, came=[person(sectors[1])])
        event(None, JUNE, came=[mover])
        event(None, JUNE, came=[mover])
        online(course, mover, JUNE, completed=date(2026, 6, 12))
        mover.organisation = sectors[1]
        mover.save()
        assert shown("8A").value == "3"
        assert (rows("8B")["Education"].number, rows("8B")["Health"].number) == (3, 0)

    def test_a_completion_without_a_start_counts_where_they_worked_that_day(self, sectors):
        mover = person(sectors[1])
        Membership.objects.filter(person=mover).delete()
        for works_at, start, end in ((sectors[0], date(2026, 1, 1), JUNE), (sectors[1], JUNE, None)):
            Membership.objects.create(person=mover, organisation=works_at, started_on=start, ended_on=end)
        event(None, LAST_JUNE, came=[person(sectors[0])])
        mover.training_records.create(course=CourseFactory(), source="online", completed_on=date(2026, 6, 9))
        assert rows("8B")["Education"].number == 1
