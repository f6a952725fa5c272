"""Joining instructions a week before and a reminder two days before: once each, late if need be, never to the wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from bookings import actions, tasks
from bookings.models import Booking
from courses.models import Event
from notifications.models import Message
from tests.factories import UserFactory, make_event

# The Monday after the clocks went forward: 9:30am in London is 8:30 in UTC.
START = datetime(2026, 3, 30, 8, 30, tzinfo=UTC)
WEEK_BEFORE, TWO_DAYS_BEFORE = START - timedelta(days=7), START - timedelta(days=2)
LONG_BEFORE = START - timedelta(days=40)
pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    instructions = "Bring photo ID."
    return make_event(now=LONG_BEFORE, starts_at=START, capacity=5, joining_instructions=instructions)


def book(event, at=LONG_BEFORE, **fields) -> Booking:
    person = UserFactory(**fields)
    return actions.book(event=event, person=person, by=person, now=at)


def told(kind: str) -> list[str]:
    return list(Message.objects.filter(kind=f"bookings/{kind}").order_by("to").values_list("to", flat=True))


def send(now) -> tuple[int, int]:
    return actions.send_joining_instructions(now=now), actions.send_reminders(now=now)


def test_a_week_before_and_two_days_before_once_each(event):
    booking = book(event)
    sent = [send(moment) for moment in (
        WEEK_BEFORE - timedelta(minutes=1), WEEK_BEFORE, WEEK_BEFORE + timedelta(days=1),
        TWO_DAYS_BEFORE, TWO_DAYS_BEFORE + timedelta(hours=1),
    )]  # fmt: skip
    assert sent == [(0, 0), (1, 0), (0, 0), (0, 1), (0, 0)]
    assert told("joining") == told("reminder") == [booking.person.email]


def test_they_say_the_london_time_across_the_clock_change(event):
    book(event)
    send(TWO_DAYS_BEFORE)
    joining, reminder = (Message.objects.get(kind=f"bookings/{kind}") for kind in ("joining", "reminder"))
    assert "Monday 30 March 2026, 9:30am to 12:30pm" in joining.text and "Bring photo ID." in joining.text
    assert reminder.subject.endswith("Monday 30 March 2026 at 9:30am")


def test_a_worker_that_was_down_tells_late_but_not_after_the_start(event):
    book(event)
    assert send(START - timedelta(hours=1)) == (1, 1)
    book(event)
    assert send(START) == (0, 0)


def test_who_books_later_was_told_by_the_confirmation(event):
    booked_late = book(event, at=WEEK_BEFORE + timedelta(days=1))
    assert send(WEEK_BEFORE + timedelta(days=2)) == (0, 0)
    assert "Bring photo ID." in Message.objects.get(kind="bookings/confirmed", to=booked_late.person.email).text
    book(event, at=TWO_DAYS_BEFORE + timedelta(minutes=1))
    assert send(TWO_DAYS_BEFORE + timedelta(minutes=2)) == (0, 1)  # the one who booked six days before


def test_who_is_promoted_later_is_told_with_the_promotion(event):
    first, *_ = [book(event) for _ in range(4)]
    waits = book(event)
    send(WEEK_BEFORE)
    actions.cancel(booking=first, by=first.person, now=WEEK_BEFORE + timedelta(days=1))
    assert send(WEEK_BEFORE + timedelta(days=2)) == (0, 0)
    assert "Bring photo ID." in Message.objects.get(kind="bookings/promoted", to=waits.person.email).text


def test_cancelled_and_waiting_people_and_cancelled_events_are_left_out(event):
    *_, cancels = [book(event) for _ in range(4)]
    book(event)  # waits
    actions.cancel(booking=cancels, by=cancels.person, now=LONG_BEFORE, reason="")
    other = make_event(now=LONG_BEFORE, starts_at=START)
    book(other)
    actions.cancel_event(event=other, by=None, now=LONG_BEFORE, reason="The trainer is ill.")
    assert send(WEEK_BEFORE) == (4, 0)
    assert cancels.person.email not in told("joining")


def test_more_than_one_batch_is_told(monkeypatch, event):
    monkeypatch.setattr("bookings.actions.reminders.AT_ONCE", 2)
    Event.objects.filter(pk=event.pk).update(capacity=30)
    for _ in range(5):
        book(event)
    assert send(WEEK_BEFORE) == (5, 0) and len(set(told("joining"))) == 5


def test_the_task_runs_both(event, time_machine):
    book(event)
    time_machine.move_to(TWO_DAYS_BEFORE, tick=False)
    tasks.tell_before_events()
    tasks.tell_before_events()
    assert len(told("joining")) == len(told("reminder")) == 1
