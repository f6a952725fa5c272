"""A message is a row before it is an email: queued with what it tells about, claimed, delivered, retried."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from notifications import actions, rules
from notifications.models import Message
from notifications.tasks import deliver_due
from tests.factories import UserFactory, make_event

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def message(db):
    """A message that waits to be sent."""
    return Message.objects.create(
        key="test/1", kind="bookings/confirmed", to="pat@riverside.example", subject="You have a place",
        text="Hello", html="<p>Hello</p>", next_attempt_at=NOW,
    )  # fmt: skip


@pytest.fixture
def refusing(settings):
    """A mail server that refuses everything."""
    settings.EMAIL_BACKEND = "tests.notifications.test_messages.RefusingBackend"


class RefusingBackend:
    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        raise SMTPServerDisconnected("Try again later")


def fresh(message) -> Message:
    message.refresh_from_db()
    return message


class TestQueue:
    def queue(self, key="k"):
        event = make_event()
        person = UserFactory()
        booking = event.bookings.model(event=event, person=person)
        return actions.queue(
            key=key, template="bookings/cancelled", to=person.email, recipient=person,
            context={"booking": booking, "event": event, "sessions": event.sessions.all(), "held": True},
        )  # fmt: skip

    def test_the_same_key_twice_is_one_message(self):
        assert [self.queue(), self.queue()] == [True, False]
        assert Message.objects.count() == 1

    def test_rolled_back_with_what_it_tells_about(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            self.queue()
            raise ZeroDivisionError
        assert not Message.objects.exists()

    def test_without_an_address_there_is_no_message(self):
        assert actions.queue(key="k", template="bookings/cancelled", to="", context={}) is False

    def test_plain_text_is_not_escaped_and_html_is(self):
        self.queue()
        message = Message.objects.get()
        assert "Your booking is cancelled" in message.text
        assert "&#x27;" not in message.text + message.subject


class TestDelivery:
    def test_once(self, message):
        assert actions.deliver(message_id=message.pk, now=NOW)
        assert not actions.deliver(message_id=message.pk, now=NOW)
        assert [email.to for email in mail.outbox] == [["pat@riverside.example"]]
        assert fresh(message).status == "sent" and message.sent_at

    def test_its_id_is_the_same_on_every_attempt(self, message):
        actions.deliver(message_id=message.pk, now=NOW)
        assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<{message.pk}@")

    def test_a_refusal_is_tried_again_after_a_pause(self, message, refusing):
        """Messages 40."""
        assert not actions.deliver(message_id=message.pk, now=NOW)
        assert fresh(message).status == "waiting"
        assert message.next_attempt_at == NOW + timedelta(minutes=1)
        assert "Try again later" in message.last_error
        assert not actions.deliver(message_id=message.pk, now=NOW + timedelta(seconds=59))

    def test_pauses_grow_then_it_is_for_td_to_look_at(self, message, refusing):
        now, pauses = NOW, []
        while fresh(message).status == "waiting":
            actions.deliver(message_id=message.pk, now=now)
            pauses.append(fresh(message).next_attempt_at - now)
            now = message.next_attempt_at
        assert pauses[:-1] == rules.PAUSES == sorted(rules.PAUSES)
        assert fresh(message).status == "failed"

    def test_a_failed_message_rests_until_td_sends_it_again(self, message):
        Message.objects.update(status="failed", attempts=9)
        deliver_due()
        assert not mail.outbox
        actions.send_again(message=message, now=NOW)
        deliver_due()
        assert fresh(message).status == "sent"

    def test_what_a_killed_worker_held_is_sent_and_marked(self, message):
        """Messages 38."""
        Message.objects.update(status="sending", claimed_at=NOW)
        assert actions.reclaim_abandoned(now=NOW + timedelta(minutes=4)) == 0
        assert actions.reclaim_abandoned(now=NOW + timedelta(minutes=6)) == 1
        actions.deliver(message_id=message.pk, now=NOW + timedelta(minutes=6))
        assert fresh(message).maybe_repeated
        assert mail.outbox[0].extra_headers["X-Maybe-Repeated"] == "yes"

    def test_the_last_of_many_is_claimed_when_its_turn_comes(self, message, time_machine, monkeypatch):
        """Else the sweep takes it, in the moment of its sending, for one that a killed worker held."""
        time_machine.move_to(NOW, tick=False)
        last = Message.objects.create(key="test/2", kind=message.kind, to="kim@riverside.example", next_attempt_at=NOW)
        reclaimed = []

        def send(email):
            reclaimed.append(actions.reclaim_abandoned(now=timezone.now()))
            time_machine.shift(rules.CLAIM_LASTS + timedelta(seconds=1))

        monkeypatch.setattr(EmailMultiAlternatives, "send", send)
        assert actions.deliver_all(message_ids=[message.pk, last.pk], now=NOW) == 2
        assert reclaimed == [0, 0]

    def test_an_error_after_another_worker_took_it_changes_nothing(self, message, monkeypatch):
        theirs = {"status": "sent", "sent_at": NOW}

        def send(email):
            Message.objects.update(**theirs)
            raise SMTPServerDisconnected("Too slow")

        monkeypatch.setattr(EmailMultiAlternatives, "send", send)
        assert not actions.deliver(message_id=message.pk, now=NOW)
        assert (fresh(message).status, message.last_error) == ("sent", "")

    def test_the_sweep_sends_what_a_broker_missed(self, message):
        """Messages 39."""
        deliver_due()
        assert fresh(message).status == "sent"
