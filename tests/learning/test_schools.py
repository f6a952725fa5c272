"""Schools and settings: who answers for safeguarding, until when they are trained, what is missing (§9, §10)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts import schools as actions
from accounts.models import Organisation
from bookings.models import TrainingRecord
from courses.models import Course, Event
from learning import schools
from tests import teams
from tests.teams import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def dsl_course():
    return teams.course("Designated Safeguarding Lead: basic", duty=Course.Duty.SAFEGUARDING_LEAD, refresher_months=24)


def trained(person, course, on):
    return TrainingRecord.objects.create(person=person, course=course, source="online", completed_on=on)


def name(school, person, role="lead"):
    return actions.name_safeguarding_lead(organisation=school, person=person, role=role, since=TODAY, by=person)


def missing(school) -> list[str]:
    return schools.standing(school, today=TODAY).missing


def test_nothing_named_nothing_trained(school):
    assert missing(school) == [
        "No Designated Safeguarding Lead is named.",
        "No deputy is named.",
        "There is no record of training for all staff together.",
    ]


def test_a_childminder_needs_no_deputy():
    childminder = teams.organisation("Rosa, childminder", kind=Organisation.Kind.CHILDMINDER)
    assert "No deputy is named." not in missing(childminder)


def test_everything_in_order(school, dsl_course):
    lead, deputy = teams.person(at=school), teams.person(at=school)
    for person, role in ((lead, "lead"), (deputy, "deputy")):
        name(school, person, role)
        trained(person, dsl_course, TODAY - timedelta(days=100))
    actions.note_whole_school_training(organisation=school, trained_on=TODAY, provider="NSPCC", by=lead, now=NOW)
    assert missing(school) == []


def test_the_training_of_a_lead_lasts_24_months_to_the_day(school, dsl_course):
    lead = teams.person("Priya Kaur", at=school)
    name(school, lead)
    trained(lead, dsl_course, date(2024, 11, 23))
    assert not any("Priya" in sentence for sentence in schools.standing(school, today=date(2026, 11, 23)).missing)
    sentence = "The safeguarding lead training of Priya Kaur ran out on 23 November 2026."
    assert sentence in schools.standing(school, today=date(2026, 11, 24)).missing


def test_what_runs_out_within_3_months_is_said(school, dsl_course):
    lead = teams.person("Priya Kaur", at=school)
    name(school, lead)
    trained(lead, dsl_course, date(2025, 2, 1))
    assert schools.standing(school, today=TODAY).due == [
        "The safeguarding lead training of Priya Kaur runs out on 1 February 2027."
    ]


def test_other_courses_are_no_training_for_a_lead(school):
    lead = teams.person("Priya Kaur", at=school)
    name(school, lead)
    trained(lead, teams.course("Neglect", refresher_months=24), TODAY)
    assert "Priya Kaur has no Designated Safeguarding Lead training on record." in missing(school)


def test_an_event_held_for_the_school_counts_as_training_of_all_staff(school):
    course = teams.course(duty=Course.Duty.WHOLE_SCHOOL, refresher_months=36)
    event = teams.event(course, audience="organisations", organisations=[school])
    assert schools.standing(school, today=TODAY).whole_school is None  # not delivered yet
    Event.objects.filter(pk=event.pk).update(status="completed")
    assert schools.standing(school, today=TODAY).whole_school is None  # as at a day before it
    assert schools.standing(school, today=date(2026, 12, 23)).whole_school.until == date(2029, 12, 23)


def test_the_latest_training_of_all_staff_counts(school):
    for year in (2020, 2025, 2023):
        actions.note_whole_school_training(
            organisation=school, trained_on=date(year, 9, 1), provider=f"In {year}", by=None, now=NOW
        )
    assert schools.standing(school, today=TODAY).whole_school.by == "In 2025"


def test_a_deputy_who_becomes_lead_is_deputy_no_more(school):
    person = teams.person(at=school)
    name(school, person, "deputy")
    name(school, person, "lead")
    assert [role.role for role in school.safeguarding_leads.filter(until=None)] == ["lead"]
    name(school, person, "lead")
    assert school.safeguarding_leads.count() == 2


def test_many_schools_take_as_many_queries_as_one(school, dsl_course, django_assert_num_queries):
    organisations = [school]
    for _ in range(20):
        other = teams.organisation("Another school")
        person = teams.person(at=other)
        name(other, person)
        trained(person, dsl_course, TODAY)
        organisations.append(other)
    with django_assert_num_queries(5):  # roles with people, records with courses, months, events, noted trainings
        assert sum(bool(standing.leads) for standing in schools.standings(organisations, today=TODAY)) == 20


class TestOnThePage:
    def test_a_lead_names_the_safeguarding_lead_and_notes_the_training_of_all_staff(self, client, school, lead):
        person = teams.person("Priya Kaur", at=school)
        since = {"since_0": "1", "since_1": "9", "since_2": "2026"}
        url = reverse("learning:team_safeguarding_name", args=[school.pk])
        client.post(url, {"person": person.pk, "role": "lead", **since})
        on = {"trained_on_0": "1", "trained_on_1": "9", "trained_on_2": "2026"}
        url = reverse("learning:team_whole_school", args=[school.pk])
        client.post(url, {"provider": "NSPCC, in our hall", **on})
        page = client.get(reverse("learning:team_safeguarding", args=[school.pk])).text
        assert "Priya Kaur has no Designated Safeguarding Lead training on record." in page
        assert "All staff were last trained on Tuesday 1 September 2026: NSPCC, in our hall." in page

    def test_nobody_of_another_school_can_be_named(self, client, school, lead):
        outsider = teams.person(at=teams.organisation("Another school"))
        since = {"since_0": "1", "since_1": "9", "since_2": "2026"}
        url = reverse("learning:team_safeguarding_name", args=[school.pk])
        assert (
            "Choose somebody from the list" in client.post(url, {"person": outsider.pk, "role": "lead", **since}).text
        )

    def test_a_role_ends_and_stays_in_the_list_of_before(self, client, school, lead):
        role = name(school, teams.person("Priya Kaur", at=school))
        client.post(reverse("learning:team_safeguarding_end", args=[school.pk, role.pk]))
        page = client.get(reverse("learning:team_safeguarding", args=[school.pk])).text
        assert "Who it was before" in page and "No Designated Safeguarding Lead is named." in page

    def test_a_charity_has_no_such_page(self, client):
        charity = teams.organisation("Tooting Sports Club", vcs=True)
        client.force_login(teams.lead(charity))
        for page in ("team_safeguarding", "team_safeguarding_name", "team_whole_school"):
            assert client.get(reverse(f"learning:{page}", args=[charity.pk])).status_code == 404
