"""The gap analysis (§6.10): people × contents by organisation, sector and group, and what would close most of it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from bookings import actions as bookings
from bookings.models import TrainingRecord
from competence.models import PathwayTick, PathwayVersion, TrainingContent
from courses.models import Event
from learning.coverage import first_day_in_date
from monitoring.gaps import closing_courses, gap_analysis, tables
from monitoring.models import SingleAgencyTraining
from tests import teams
from tests.monitoring.roles import MONITORING, of_role, opened
from tests.teams import NOW, TODAY, completed

pytestmark = pytest.mark.django_db


@pytest.fixture
def contents():
    """Group 3 needs C1 and C2, group 1 only C1; C9 is for nobody here."""
    version = PathwayVersion.objects.create(in_force_from=TODAY - timedelta(days=900))
    made = [TrainingContent.objects.create(code=f"C{n}", title=f"Content {n}", short_name=f"C{n}") for n in (1, 2, 9)]
    for group, numbers in ((3, (0, 1)), (1, (0,))):
        for number in numbers:
            PathwayTick.objects.create(version=version, group=teams.group(group), content=made[number])
    return made


@pytest.fixture
def school(contents):
    return teams.organisation()


def numbers(line):
    return [(cell.content.code, cell.needed, cell.have) for cell in line.cells]


class TestLines:
    def test_by_organisation_sector_and_group_the_most_missing_first(self, contents, school):
        charity = teams.organisation("Harbour", vcs=True)
        teacher, caretaker = teams.person(at=school), teams.person(at=school, group=teams.group(1))
        teams.person(at=charity)
        completed(teacher, contents[0])
        completed(caretaker, contents[0])
        gaps = gap_analysis(on=TODAY)
        first, second = gaps.by_organisation()
        assert (first.name, first.people, first.missing, first.percent) == ("Harbour", 1, 2, 0)
        assert numbers(second) == [("C1", 2, 2), ("C2", 1, 0), ("C9", 0, 0)]
        assert [(line.name, line.missing) for line in gaps.by_sector()] == [("Voluntary", 2), ("Education", 1)]
        assert [(line.key, line.people, line.missing) for line in gaps.by_group()] == [(1, 1, 0), (3, 2, 3)]
        assert (gaps.total.people, gaps.total.needed, gaps.total.have) == (3, 5, 2)

    def test_what_ran_out_is_missing_and_what_was_verified_from_elsewhere_counts_once(self, contents, school):
        someone = teams.person(at=school)
        completed(someone, contents[0], months=12, days_ago=400)
        for status in ("counted", "counted", "to_verify"):
            record = TrainingRecord.objects.create(
                person=someone, title="Elsewhere", source="elsewhere", completed_on=TODAY, status=status
            )
            record.contents.set(contents[1:2] if status == "counted" else contents[:1])
        completed(someone, contents[1])
        assert numbers(gap_analysis(on=TODAY).total)[:2] == [("C1", 1, 0), ("C2", 1, 1)]

    def test_training_counts_up_to_the_day_asked_for(self, contents, school):
        completed(teams.person(at=school), contents[0], days_ago=10)
        assert gap_analysis(on=TODAY - timedelta(days=11)).total.have == 0
        assert gap_analysis(on=TODAY - timedelta(days=10)).total.have == 1

    @pytest.mark.parametrize("months", [1, 12, 24])
    def test_the_last_day_on_which_training_counts_is_the_same_as_on_its_page(self, contents, school, months):
        for number in range(40):  # over the ends of months of different lengths
            on = TODAY + timedelta(days=9 * number)
            first = first_day_in_date(on, months=months)
            record = completed(teams.person(at=school), contents[0], months=months)
            record.completed_on = first
            assert record.valid_until >= on
            record.completed_on = first - timedelta(days=1)
            assert record.valid_until < on

    def test_narrowed_to_a_sector_a_group_or_an_organisation(self, contents, school):
        charity = teams.organisation("Harbour", vcs=True)
        teams.person(at=school)
        teams.person(at=charity, group=teams.group(1))
        assert [line.name for line in gap_analysis(on=TODAY, sector="Voluntary").by_organisation()] == ["Harbour"]
        assert gap_analysis(on=TODAY, group=3).total.people == 1
        assert gap_analysis(on=TODAY, organisation=charity.pk).total.needed == 1

    def test_who_is_not_active_is_left_out_and_who_has_no_group_is_told(self, contents, school):
        teams.person(at=school, is_active=False)
        teams.person(at=school, group=None)
        teams.person(at=teams.organisation("Closed", is_active=False))
        teams.person()
        gaps = gap_analysis(on=TODAY)
        assert (gaps.total.people, gaps.without_group) == (1, 1)
        assert [line.name for line in gaps.by_sector()] == ["No organisation"]

    def test_nothing_to_count_is_an_empty_table(self, contents):
        gaps = gap_analysis(on=TODAY)
        assert (gaps.by_organisation(), gaps.total.percent) == ([], 100)
        assert [table.title for table in tables(gaps, now=NOW)][-1] == "What would close gaps"


class TestSingleAgencyBeside:
    def test_own_courses_of_the_last_12_months_are_mapped_to_contents(self, contents, school):
        teams.person(at=school)
        for days in (10, 400):
            own = SingleAgencyTraining.objects.create(
                organisation=school, title="Induction", held_on=TODAY - timedelta(days=days)
            )
            own.contents.set(contents[:1])
        [line] = gap_analysis(on=TODAY).by_organisation()
        assert (line.own_trainings, [cell.own for cell in line.cells]) == (1, [1, 0, 0])


class TestClosing:
    def test_the_courses_that_fill_most_pathways_first_with_their_events(self, contents, school):
        everybody = [teams.person(at=school) for _ in range(3)]
        basics, more = teams.course("Basics"), teams.course("More")
        basics.satisfies.set(contents[:1])
        more.satisfies.set(contents[1:])
        TrainingRecord.objects.create(person=everybody[0], course=more, source="online", completed_on=TODAY)
        event = teams.event(basics, capacity=2)
        bookings.book(event=event, person=everybody[0], by=everybody[0], now=NOW)
        first, second = closing_courses(gap_analysis(on=TODAY), now=NOW)
        assert (first.course, first.would_fill, first.booked, first.places_left, first.places_short) == (
            basics, 3, 1, 1, 1,
        )  # fmt: skip
        assert (second.course, second.would_fill, second.places_short) == (more, 2, 2)
        assert [(running.event, running.would_fill) for running in first.events] == [(event, 3)]

    def test_an_event_for_some_sectors_fills_the_pathway_of_their_people_only(self, contents, school):
        charity = teams.organisation("Harbour", vcs=True)
        teams.person(at=school)
        teams.person(at=charity)
        basics = teams.course("Basics")
        basics.satisfies.set(contents[:1])
        teams.event(basics, audience=Event.Audience.SECTORS, sectors=[charity.sector])
        Event.objects.update(status=Event.Status.DRAFT)
        [closing] = closing_courses(gap_analysis(on=TODAY), now=NOW)
        [running] = closing.events
        assert (closing.would_fill, running.would_fill, running.is_proposed) == (2, 1, True)
        assert (closing.places_left, closing.places_proposed) == (0, 20)

    def test_online_learning_is_never_short_of_places(self, contents, school):
        teams.person(at=school)
        teams.course("Online", delivery="online").satisfies.set(contents[:1])
        [closing] = closing_courses(gap_analysis(on=TODAY), now=NOW)
        assert (closing.would_fill, closing.places_short) == (1, 0)


@pytest.mark.parametrize("number", [1, 20])
def test_a_fixed_number_of_queries(contents, school, number, django_assert_num_queries):
    for each in range(number):
        at = teams.organisation(f"School {each}")
        completed(teams.person(at=at), contents[1], months=12 if each % 2 else 24)
        own = SingleAgencyTraining.objects.create(organisation=at, title="Induction", held_on=TODAY)
        own.contents.set(contents[:1])
        course = teams.course()
        course.satisfies.set(contents[:1])
        teams.event(course)
    # contents, people, ticks, how long courses last, who has what (2), own courses, their contents, without group;
    # by group: names; by organisation: names; to close: events, audiences (2), booked, courses, what they satisfy
    with django_assert_num_queries(17):
        tables(gap_analysis(on=TODAY), now=NOW)


class TestPage:
    @pytest.mark.parametrize("name", ["gaps", "gaps_csv", "gaps_xlsx"])
    def test_td_and_the_sub_committee_see_it_and_for_others_it_does_not_exist(self, client, school, name):
        for role, status in MONITORING.items():
            assert (role, opened(client, role, school, reverse(f"monitoring:{name}"))) == (role, status)

    def test_the_page_says_who_lacks_what_and_what_would_close_it(self, client, contents, school):
        teams.person("Pat", at=school)
        basics = teams.course("Basics")
        basics.satisfies.set(contents[:1])
        client.force_login(of_role("td", school))
        text = " ".join(client.get(reverse("monitoring:gaps"), {"by": "organisation"}).text.split())
        assert '<td>0%<small>0 of 4</small></td> <td class="wscb-matrix__missing">2<small>of 2</small></td>' in text
        assert "Basics" in text and "Nothing planned" in text
        assert f"{reverse('admin:courses_event_add')}?course={basics.pk}" in text
        assert client.get(reverse("monitoring:gaps"), {"by": "x", "group": "99", "sector": "'--"}).status_code == 200

    def test_the_files_say_the_same(self, client, contents, school):
        teams.person(at=school)
        client.force_login(of_role("sub-committee", school))
        text = client.get(reverse("monitoring:gaps_csv"), {"by": "organisation"}).content.decode("utf-8-sig")
        assert text.splitlines()[1].startswith("Balham Park School,2,2,2,0,2,2,0,4,4,0,0")
        book = load_workbook(BytesIO(client.get(reverse("monitoring:gaps_xlsx")).content))
        assert book.sheetnames == ["Gaps by sector", "Gaps by group", "Gaps by organisation", "What would close gaps"]

    @pytest.mark.parametrize("number", [2, 200])
    def test_the_same_number_of_queries_at_2_rows_and_200(self, client, contents, school, number, query_count):
        for each in range(number):
            teams.person(at=teams.organisation(f"School {each}"))
        client.force_login(of_role("sub-committee", school))
        assert query_count(reverse("monitoring:gaps") + "?by=organisation") == 19
