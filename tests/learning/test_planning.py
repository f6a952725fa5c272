"""T&D's planning pages: all schools by what they lack, and the demand for courses."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts import schools as actions
from accounts.models import Organisation
from bookings.models import TrainingRecord
from courses import actions as courses
from courses.models import Course
from learning.demand import demand
from tests import teams
from tests.teams import NOW, TODAY, completed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def td(client):
    td = teams.person(is_superuser=True, is_staff=True)
    client.force_login(td)
    return td


def asked_by(course, *people):
    for person in people:
        courses.register_interest(course=course, person=person, now=NOW - timedelta(days=3))


def of(course):
    [found] = [each for each in demand(now=NOW, today=TODAY) if each.course == course]
    return found


class TestDemand:
    def test_by_sector_and_by_group_beside_the_pathways_it_would_fill(self, school, pathway):
        course = teams.course("Basics")
        course.satisfies.set(pathway[:1])
        charity = teams.organisation("Tooting Sports Club", vcs=True)
        asked_by(
            course, teams.person(at=school), teams.person(at=charity), teams.person(at=charity, group=teams.group(2))
        )
        found = of(course)
        assert (found.asked, found.by_sector) == (3, [("Voluntary", 2), ("Education", 1)])
        assert found.by_group == [(2, 1), (3, 2)]
        assert found.would_fill == 2  # both of group 3; group 2 does not need it

    def test_who_has_it_in_date_is_not_counted_and_who_let_it_run_out_is(self, school, pathway):
        course = teams.course("Basics")
        course.satisfies.set(pathway[:1])
        done, expired = teams.person(at=school), teams.person(at=school)
        completed(done, pathway[0], months=24)
        completed(expired, pathway[0], months=12, days_ago=500)
        elsewhere = teams.person(at=school)
        TrainingRecord.objects.create(
            person=elsewhere, title="Basics", source="elsewhere", completed_on=TODAY
        ).contents.set(pathway[:1])
        teams.person(at=school, is_active=False)
        assert of(course).would_fill == 1

    def test_who_was_told_asks_no_more_and_events_to_come_stand_beside(self, school):
        course = teams.course("Gangs")
        first, second = teams.person(at=school), teams.person(at=school)
        asked_by(course, first, second)
        course.interests.filter(person=first).update(told_at=NOW)
        teams.event(course)
        assert (of(course).asked, of(course).coming) == (1, 1)

    def test_the_most_asked_for_first_and_an_event_starts_from_there(self, client, td, school):
        few, many = teams.course("Few"), teams.course("Many")
        asked_by(few, teams.person(at=school))
        asked_by(many, teams.person(at=school), teams.person(at=school))
        page = client.get(reverse("learning:demand"))
        assert [each.course.title for each in page.context["courses"]] == ["Many", "Few"]
        start = f"{reverse('admin:courses_event_add')}?course={many.pk}"
        assert start in page.text
        assert f'<option value="{many.pk}" selected' in client.get(start).text

    @pytest.mark.parametrize("number", [1, 30])
    def test_a_fixed_number_of_queries(self, school, pathway, number, django_assert_num_queries):
        for _ in range(number):
            course, person = teams.course(), teams.person(at=school)
            course.satisfies.set(pathway[:1])
            asked_by(course, person)
            completed(person, pathway[1])
        # courses, interests, events; ticks, how long courses last, who has what through courses and elsewhere,
        # people; what satisfies
        with django_assert_num_queries(9):
            demand(now=NOW, today=TODAY)


class TestAllSchools:
    def names(self, client, **query) -> list[str]:
        page = client.get(reverse("learning:schools"), query)
        return [at.organisation.name for at in page.context["page_obj"]]

    @pytest.fixture
    def schools(self):
        """One in order, one whose lead's training ran out, one without anything, a nursery and a charity."""
        course = teams.course(duty=Course.Duty.SAFEGUARDING_LEAD, refresher_months=24)
        fine, late = teams.organisation("Fine School"), teams.organisation("Late School", urn="=1+1")
        for school, on in ((fine, TODAY), (late, date(2020, 1, 1))):
            for role in ("lead", "deputy"):
                person = teams.person(at=school)
                actions.name_safeguarding_lead(organisation=school, person=person, role=role, since=TODAY, by=person)
                TrainingRecord.objects.create(person=person, course=course, source="online", completed_on=on)
            actions.note_whole_school_training(
                organisation=school, trained_on=TODAY, provider="NSPCC", by=None, now=NOW
            )
        teams.organisation("New School")
        teams.organisation("Little Acorns", kind=Organisation.Kind.NURSERY)
        teams.organisation("Tooting Sports Club", vcs=True)

    def test_listed_by_name_and_filtered_by_kind_words_and_what_is_missing(self, client, td, schools):
        assert self.names(client) == ["Fine School", "Late School", "Little Acorns", "New School"]
        assert self.names(client, kind="nursery") == ["Little Acorns"]
        assert self.names(client, q="late") == ["Late School"]
        assert self.names(client, lacks="lead") == ["Little Acorns", "New School"]
        assert self.names(client, lacks="expired") == ["Late School"]
        assert self.names(client, lacks="whole", kind="maintained_school") == ["New School"]
        assert self.names(client, lacks="fine") == ["Fine School"]
        assert self.names(client, lacks="nonsense", kind="nonsense", q="%_🙂" * 900) == []

    def test_the_workbook_says_the_same_and_holds_no_formula(self, client, td, schools):
        content = client.get(reverse("learning:schools_xlsx"), {"lacks": "expired"}).content
        sheet = load_workbook(BytesIO(content))["Schools"]
        assert [cell.value for cell in sheet["A"]] == ["School or setting", "Late School"]
        assert sheet["B2"].data_type == "s"
        assert sheet["J2"].value.startswith("The safeguarding lead training of")


@pytest.mark.parametrize("page", ["schools", "schools_xlsx", "demand"])
def test_these_pages_exist_for_td_alone(client, school, page):
    url = reverse(f"learning:{page}")
    assert client.get(url).status_code == 302
    for someone, status in ((teams.person(at=school), 404), (teams.lead(school), 404)):
        client.force_login(someone)
        assert client.get(url).status_code == status
    client.force_login(teams.person(is_superuser=True, is_staff=True))
    assert client.get(url).status_code == 200
