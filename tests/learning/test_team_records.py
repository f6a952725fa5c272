"""A CPD lead verifies or refuses the training that their staff had elsewhere."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from bookings import actions
from bookings.models import TrainingRecord
from notifications.models import Message
from tests import teams
from tests.factories import make_event
from tests.teams import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def person(school):
    return teams.person("Ben O'Brien", at=school)


def elsewhere(person, **fields):
    fields = {"title": "Basic awareness", "provider": "NSPCC", "status": "to_verify", **fields}
    return TrainingRecord.objects.create(person=person, source="elsewhere", completed_on=TODAY, **fields)


def url(school, *arguments, page="team_record") -> str:
    return reverse(f"learning:{page}", args=[school.pk, *arguments])


def test_it_counts_once_the_lead_has_verified_it(client, school, lead, person):
    record = elsewhere(person)
    assert "Ben O&#x27;Brien: Basic awareness" in client.get(url(school, page="team_records")).text
    client.post(url(school, record.pk), {"answer": "verify"})
    record.refresh_from_db()
    assert (record.status, record.decided_by) == ("counted", lead)
    assert "counts for your pathway" in Message.objects.get(recipient=person).text


def test_refusing_needs_a_reason_which_the_person_is_told(client, school, lead, person):
    record = elsewhere(person)
    assert "Enter why you do not accept it" in client.post(url(school, record.pk), {"answer": "refuse"}).text
    client.post(url(school, record.pk), {"answer": "refuse", "reason": "The certificate has no date."})
    record.refresh_from_db()
    assert record.status == "refused"
    assert "The certificate has no date." in Message.objects.get(recipient=person).text


def test_two_leads_at_once_one_decides_and_the_other_is_told(client, school, lead, person):
    record = elsewhere(person)
    actions.refuse_record(record=record, by=teams.lead(school), now=NOW, reason="No date.")
    page = client.post(url(school, record.pk), {"answer": "verify"}, follow=True).text
    assert "Somebody has decided this already: not accepted." in page
    record.refresh_from_db()
    assert record.status == "refused"


def test_nobody_verifies_their_own_training(client, school, lead):
    record = elsewhere(lead)
    page = client.post(url(school, record.pk), {"answer": "verify"}, follow=True).text
    assert "Somebody else has to verify your own training." in page


def test_the_evidence_is_saved_never_shown_and_only_by_the_persons_lead(client, school, lead, person):
    record = elsewhere(person)
    record.evidence.save("certificate.html", ContentFile(b"<script>alert(1)</script>"))
    response = client.get(url(school, record.pk, page="team_record_evidence"))
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    client.force_login(teams.lead(teams.organisation("Another school")))
    assert client.get(url(school, record.pk, page="team_record_evidence")).status_code == 404


def test_a_record_without_a_file_has_none_to_save(client, school, lead, person):
    assert client.get(url(school, elsewhere(person).pk, page="team_record_evidence")).status_code == 404


def test_a_record_of_an_event_is_not_the_leads_to_judge(client, school, lead, person):
    event = make_event(capacity=10, now=NOW)
    booking = actions.book(event=event, person=person, by=person, now=NOW)
    record = TrainingRecord.objects.create(
        person=person, course=event.course, booking=booking, source="event", completed_on=TODAY
    )
    assert client.get(url(school, record.pk)).status_code == 404


def test_of_an_online_course_it_says_what_the_course_completes(client, school, lead, person, pathway):
    course = teams.course("Basics online", delivery="online")
    course.satisfies.set(pathway[:1])
    record = TrainingRecord.objects.create(
        person=person, course=course, source="online", status="to_verify", completed_on=teams.TODAY
    )
    page = client.get(reverse("learning:team_record", args=[school.pk, record.pk]))
    assert list(page.context["counts_for"]) == pathway[:1]
