"""A person asks to be forgotten: counts stay, the person does not (edge case 21)."""

import pytest
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.urls import reverse

from accounts import staffing
from accounts.models import Invitation, User
from bookings.actions import Refused, book
from bookings.models import Booking, TrainingRecord
from learning.actions import erase_person
from notifications.models import Message
from tests import teams
from tests.teams import NOW, TODAY, completed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def td():
    return teams.person("T and D", is_superuser=True, is_staff=True)


@pytest.fixture
def person(school):
    return teams.person("Siobhán O'Brien", at=school, email="siobhan@school.example")


def erase(person, td):
    return erase_person(person=User.objects.get(pk=person.pk), by=td, now=NOW)


def test_the_booking_is_cancelled_first_and_the_place_goes_to_the_list(person, school, td):
    event = teams.event(capacity=1)
    booking = book(event=event, person=person, by=person, now=NOW, access_needs="Hearing loop")
    waiting = book(event=event, person=teams.person(at=school), by=None, now=NOW)
    erase(person, td)
    booking.refresh_from_db()
    waiting.refresh_from_db()
    assert (booking.status, waiting.status) == (Booking.Status.CANCELLED, Booking.Status.CONFIRMED)
    assert booking.access_needs == ""
    assert not Message.objects.filter(kind="bookings/cancelled").exists()  # nobody is left to be told


def test_who_they_were_is_gone_and_that_they_counted_stays(person, school, td):
    record = completed(person)
    booking = book(event=teams.event(), person=person, by=person, now=NOW)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    erased = erase(person, td)
    assert (erased.full_name, erased.email, erased.is_active) == ("Erased person", None, False)
    booking.refresh_from_db()
    assert (booking.organisation, booking.sector, booking.group_id) == (school, school.sector, 3)
    assert TrainingRecord.objects.counted().filter(pk=record.pk).exists()
    assert not EmailAddress.objects.exists()


def test_neither_the_name_nor_the_address_is_left_anywhere(person, school, td, settings):
    lead = teams.lead(school)
    staffing.invite(organisation=teams.organisation("Other"), addresses=[person.email], by=lead, now=NOW)
    colleague = teams.person(at=school, manager_email=person.email)
    school.requires_approval = True
    school.save()
    book(event=teams.event(), person=User.objects.get(pk=person.pk), by=person, now=NOW)
    person.job_role = "Teacher of dance"
    person.save()
    erase(person, td)
    texts = [
        *Message.objects.values_list("subject", "text", "html", "to", "calendar"),
        *User.objects.values_list("full_name", "email", "job_role", "manager_email"),
        *User.history.values_list("full_name", "email", "job_role"),
        *Invitation.objects.values_list("email"),
    ]
    everything = " ".join(str(value) for row in texts for value in row)
    for trace in ("Siobhán", "siobhan@", "Teacher of dance"):
        assert trace not in everything
    colleague.refresh_from_db()
    assert colleague.manager_email == ""


def test_the_files_they_sent_are_deleted(person, td, django_capture_on_commit_callbacks):
    record = TrainingRecord.objects.create(person=person, title="Basics", source="elsewhere", completed_on=TODAY)
    record.evidence.save("siobhan.pdf", ContentFile(b"%PDF"))
    storage, name = record.evidence.storage, record.evidence.name
    with django_capture_on_commit_callbacks(execute=True):
        erase(person, td)
    record.refresh_from_db()
    assert not storage.exists(name)
    assert not record.evidence


def test_what_they_changed_since_the_page_was_read_is_forgotten_too(person, school, td):
    User.objects.filter(pk=person.pk).update(email="new@school.example")
    Invitation.objects.create(email="new@school.example", organisation=school, sent_at=NOW)
    erase_person(person=person, by=td, now=NOW)
    assert not Invitation.objects.exists()


def test_they_lead_nothing_and_hold_no_role_any_more(school, td):
    lead = teams.lead(school)
    erased = erase(lead, td)
    assert not erased.leadships.exists()
    assert erased.memberships.get().ended_on == TODAY


def test_refused_while_people_without_email_depend_on_them(school, td):
    lead = teams.lead(school)
    teams.person(at=school, email=None, coordinator=lead)
    with pytest.raises(Refused, match="Let another CPD lead take these over first"):
        erase(lead, td)


def test_refused_twice_and_for_who_may_open_the_administration(person, td):
    with pytest.raises(Refused):
        erase(td, td)
    erase(person, td)
    with pytest.raises(Refused):
        erase(person, td)


def test_on_the_page_opening_changes_nothing(client, person, td):
    client.force_login(td)
    url = reverse("learning:erase", args=[person.pk])
    assert "This can" in client.get(url).text
    assert User.objects.get(pk=person.pk).is_active
    client.post(url)
    assert User.objects.get(pk=person.pk).erased_at == NOW
