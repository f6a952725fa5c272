"""Those who asked for a course are told of its new event, once."""

from datetime import timedelta

import pytest

from bookings import actions
from courses import actions as courses
from courses.models import Event, Interest
from notifications.models import Message
from tests import teams
from tests.teams import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def asked():
    course = teams.course("Child Trafficking")
    person = teams.person(at=teams.organisation())
    courses.register_interest(course=course, person=person, now=NOW - timedelta(days=5))
    return Interest.objects.get()


def told() -> int:
    return Message.objects.filter(kind="bookings/interest").count()


def test_told_once_however_often_it_runs(asked):
    teams.event(asked.course)
    assert actions.tell_interested(now=NOW) == 1
    assert actions.tell_interested(now=LATER) == 0
    message = Message.objects.get(kind="bookings/interest")
    assert message.to == asked.person.email
    assert "Child Trafficking runs again" in message.subject
    asked.refresh_from_db()
    assert asked.told_at == NOW


def test_two_new_events_are_one_email(asked):
    teams.event(asked.course)
    teams.event(asked.course, days=40)
    actions.tell_interested(now=NOW)
    assert "2 events" in Message.objects.get(kind="bookings/interest").text


@pytest.mark.parametrize("status", ["draft", "cancelled", "completed"])
def test_a_draft_or_an_event_that_is_off_tells_nobody(asked, status):
    event = teams.event(asked.course)
    Event.objects.filter(pk=event.pk).update(status=status)
    assert actions.tell_interested(now=NOW) == 0
    assert told() == 0


def test_a_cloned_or_imported_draft_sends_nothing_until_it_is_published(asked):
    event = teams.event(asked.course)
    Event.objects.filter(pk=event.pk).update(status="draft", first_published_at=None)
    assert actions.tell_interested(now=NOW) == 0
    courses.publish(event=event, by=None, now=NOW)
    assert actions.tell_interested(now=NOW) == 1


def test_an_event_published_before_they_asked_is_no_news(asked):
    event = teams.event(asked.course)
    Event.objects.filter(pk=event.pk).update(first_published_at=NOW - timedelta(days=30))
    assert actions.tell_interested(now=NOW) == 0


def test_an_event_for_others_leaves_them_waiting(asked):
    teams.event(asked.course, audience="organisations", organisations=[teams.organisation("Another school")])
    assert actions.tell_interested(now=NOW) == 0
    asked.refresh_from_db()
    assert asked.told_at is None


def test_who_has_booked_it_already_gets_no_email(asked):
    event = teams.event(asked.course)
    actions.book(event=event, person=asked.person, by=asked.person, now=NOW)
    assert actions.tell_interested(now=NOW) == 0
    assert told() == 0


def test_who_was_told_and_asks_again_is_told_again(asked):
    teams.event(asked.course)
    actions.tell_interested(now=NOW)
    assert courses.register_interest(course=asked.course, person=asked.person, now=LATER)
    assert not courses.register_interest(course=asked.course, person=asked.person, now=LATER)
    event = teams.event(asked.course, days=60)
    Event.objects.filter(pk=event.pk).update(first_published_at=LATER + timedelta(hours=1))
    actions.tell_interested(now=LATER + timedelta(hours=2))
    assert told() == 2


def test_a_closed_account_is_told_nothing(asked):
    teams.event(asked.course)
    asked.person.is_active = False
    asked.person.save()
    assert actions.tell_interested(now=NOW) == 0
