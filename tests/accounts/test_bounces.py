"""A person whose email comes back, or whose account is closed, gets no more email; T&D sees the list (edge case 22)."""

import pytest
from django.urls import reverse

from accounts import bounces
from accounts.models import User
from bookings.actions import book
from notifications.models import Message
from tests import teams
from tests.teams import NOW

pytestmark = pytest.mark.django_db
NO_SUCH_BOX = "SMTPRecipientsRefused: {'x@school.example': (550, b'5.1.1 No such user here')}"


@pytest.fixture
def person():
    return teams.person(at=teams.organisation())


def message(person, error, **fields):
    fields = {"to": person.email, "status": Message.Status.FAILED, **fields}
    return Message.objects.create(
        key=f"k{Message.objects.count()}", kind="bookings/confirmed", recipient=person, subject="s", text="t", html="h",
        next_attempt_at=NOW, last_error=error, **fields,
    )  # fmt: skip


def test_a_mailbox_that_does_not_exist_is_noted_once(person):
    message(person, NO_SUCH_BOX)
    message(person, NO_SUCH_BOX)
    assert bounces.note_bounces(now=NOW) == 1
    assert bounces.note_bounces(now=NOW) == 0
    person.refresh_from_db()
    assert person.bounced_at == NOW


@pytest.mark.parametrize(
    "error",
    [
        "SMTPRecipientsRefused: {'x@school.example': (452, b'4.2.2 Mailbox full')}",
        "SMTPServerDisconnected: Connection unexpectedly closed",
        "ConnectionRefusedError: [Errno 111] Connection refused",
    ],
)
def test_a_trouble_that_may_pass_marks_nobody(person, error):
    message(person, error)
    assert bounces.note_bounces(now=NOW) == 0


def test_the_address_before_says_nothing_about_the_present_one(person):
    message(person, NO_SUCH_BOX, to="before@school.example")
    assert bounces.note_bounces(now=NOW) == 0


def test_they_get_no_more_email_and_the_booking_stands(person):
    bounces.mark_bounced(person=person, by=None, now=NOW)
    booking = book(event=teams.event(), person=User.objects.get(pk=person.pk), by=person, now=NOW)
    assert booking.is_confirmed
    assert not Message.objects.exists()


def test_a_closed_account_gets_none_either(person):
    person.is_active = False
    assert person.message_email == ""


def test_a_volunteer_is_not_reached_through_a_coordinator_whose_email_comes_back(person):
    volunteer = teams.person(at=person.organisation, email=None, coordinator=person)
    bounces.mark_bounced(person=person, by=None, now=NOW)
    assert User.objects.get(pk=volunteer.pk).message_email == ""


def test_td_sees_the_list_and_says_when_it_is_put_right(client, person):
    bounces.mark_bounced(person=person, by=None, now=NOW)
    client.force_login(teams.person(is_superuser=True, is_staff=True))
    url = reverse("admin:accounts_user_changelist")
    assert person.email in client.get(url, {"bounced": "yes"}).text
    client.post(url, {"action": "clear_bounce", "_selected_action": [person.pk]})
    person.refresh_from_db()
    assert person.message_email == person.email
    client.post(url, {"action": "mark_bounced", "_selected_action": [person.pk]})
    person.refresh_from_db()
    assert person.message_email == ""
