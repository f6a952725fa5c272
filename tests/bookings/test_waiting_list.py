"""The waiting list: served after every place that comes free, in order, by the rule."""

from datetime import timedelta

import pytest

from bookings import actions
from bookings.models import Booking
from notifications.models import Message
from tests.bookings.conftest import WEEK, assert_counts_are_true, statuses
from tests.factories import UserFactory, make_event


@pytest.fixture
def cancel_first(now):
    """Return a function that cancels the event's first confirmed booking, its person's own wish."""

    def run(event, *, is_vcs=False, at=None) -> Booking:
        booking = event.bookings.confirmed().filter(is_vcs=is_vcs).order_by("pk").first()
        return actions.cancel(booking=booking, by=booking.person, now=at or now)

    return run


def test_a_cancellation_confirms_the_first_who_waits_and_tells_them(full_event, book, school, cancel_first):
    waiting = book(full_event, UserFactory(organisation=school))

    cancel_first(full_event)

    waiting.refresh_from_db()
    assert waiting.status == "confirmed" and waiting.was_promoted
    message = Message.objects.get(recipient=waiting.person, kind="bookings/promoted")
    assert "/give-back/" in message.text
    assert_counts_are_true(full_event)


def test_raising_the_capacity_confirms_the_first_eligible(full_event, book, school, td, now):
    """Places 3: from 5 to 8 three more places, all within the quota of 1."""
    waiting = [book(full_event, person) for person in UserFactory.create_batch(5, organisation=school)]

    actions.change_capacity(event=full_event, capacity=8, by=td, now=now)

    assert [Booking.objects.get(pk=booking.pk).status for booking in waiting] == ["confirmed"] * 3 + ["waiting"] * 2
    assert Message.objects.filter(kind="bookings/promoted").count() == 3
    assert_counts_are_true(full_event)


def test_the_charity_passes_the_school_when_the_place_is_kept(event_of, book, school, charity, cancel_first):
    """Places 5: quota 2, one voluntary sector place left, the list's head is a school, the second a charity."""
    event = event_of(20)  # keeps 2
    for person in UserFactory.create_batch(18, organisation=school):
        book(event, person)
    for person in UserFactory.create_batch(2, organisation=charity):
        book(event, person)
    head, second = (book(event, UserFactory(organisation=side)) for side in (school, charity))

    cancel_first(event, is_vcs=True)

    head.refresh_from_db(), second.refresh_from_db()
    assert (head.status, second.status) == ("waiting", "confirmed")
    assert head.position() == 1


def test_release_day_serves_the_list_once(full_event, book, school, now):
    """Places 6: with the worker down for two days, the next run releases; a second run promotes and tells nobody."""
    waiting = book(full_event, UserFactory(organisation=school))
    two_days_late = full_event.release_at + timedelta(days=2)

    assert actions.release_due_places(now=full_event.release_at - timedelta(minutes=1)) == 0
    assert actions.release_due_places(now=two_days_late) == 1
    assert actions.release_due_places(now=two_days_late) == 0

    waiting.refresh_from_db()
    assert waiting.status == "confirmed"
    assert Message.objects.filter(kind="bookings/promoted").count() == 1
    assert_counts_are_true(full_event)


def test_the_next_page_that_looks_serves_a_release_that_no_worker_did(full_event, book, school, client, time_machine):
    """Places 6."""
    waiting = book(full_event, UserFactory(organisation=school))
    time_machine.move_to(full_event.release_at + timedelta(hours=1))

    client.get(full_event.get_absolute_url())

    waiting.refresh_from_db()
    assert waiting.status == "confirmed"


def test_release_takes_the_event_not_past_its_capacity(full_event, book, school, now):
    """Places 16."""
    for person in UserFactory.create_batch(4, organisation=school):
        book(full_event, person)

    actions.release_places(event_id=full_event.pk, now=full_event.release_at)

    assert statuses(full_event).count("confirmed") == 5
    assert statuses(full_event).count("waiting") == 3
    assert_counts_are_true(full_event)


def test_no_release_when_td_switched_it_off(event_of, book, school, now):
    event = event_of(2, releases_places=False)
    book(event, UserFactory(organisation=school))
    waiting = book(event, UserFactory(organisation=school))

    actions.release_places(event_id=event.pk, now=event.starts_at - WEEK)

    waiting.refresh_from_db()
    assert waiting.status == "waiting"


def test_a_newcomer_cant_pass_those_who_wait(full_event, book, school, cancel_first, now):
    """Places 7 and 12: the place that a cancellation frees belongs to the list before anybody else can ask."""
    waiting = book(full_event, UserFactory(organisation=school))
    cancel_first(full_event)

    newcomer = book(full_event, UserFactory(organisation=school))

    waiting.refresh_from_db()
    assert (waiting.status, newcomer.status) == ("confirmed", "waiting")


def test_a_newcomer_is_not_quicker_than_the_release(full_event, book, school):
    """Places 12: booking after the release hour, before any worker ran, serves the list first."""
    waiting = book(full_event, UserFactory(organisation=school))

    newcomer = book(full_event, UserFactory(organisation=school), at=full_event.release_at)

    waiting.refresh_from_db()
    assert (waiting.status, newcomer.status) == ("confirmed", "waiting")


def test_anyone_can_leave_the_list_and_positions_close_up(full_event, book, school, now):
    """Places 13."""
    first, second, third = (book(full_event, person) for person in UserFactory.create_batch(3, organisation=school))

    actions.cancel(booking=first, by=first.person, now=now)

    assert [second.position(), third.position()] == [1, 2]
    assert Message.objects.filter(recipient=first.person, subject__startswith="You left the waiting list").count() == 1


def test_a_position_does_not_change_through_edits(full_event, book, school, td, now):
    """Places 13."""
    bookings = [book(full_event, person) for person in UserFactory.create_batch(3, organisation=school)]

    bookings[0].dietary_needs = "Halal"
    bookings[0].save()
    actions.change_capacity(event=full_event, capacity=5, by=td, now=now)

    assert [booking.position() for booking in bookings] == [1, 2, 3]


@pytest.mark.parametrize("what", ["close", "cut-off", "cancellation"])
def test_promotion_stops(what, event_of, book, school, td, now):
    """Places 14."""
    closes_at = now + timedelta(days=20) if what == "close" else None
    event = event_of(2, booking_closes_at=closes_at)
    confirmed = book(event, UserFactory(organisation=school))
    waiting = book(event, UserFactory(organisation=school))
    at = {"close": now + timedelta(days=21), "cut-off": event.starts_at - timedelta(hours=20), "cancellation": now}[
        what
    ]
    if what == "cancellation":
        actions.cancel_event(event=event, by=td, now=at, reason="Snow")
    else:
        actions.cancel(booking=confirmed, by=confirmed.person, now=at)

    actions.release_places(event_id=event.pk, now=at)
    actions.release_places(event_id=event.pk, now=at)

    waiting.refresh_from_db()
    assert waiting.status == ("cancelled" if what == "cancellation" else "waiting")
    assert not Message.objects.filter(kind="bookings/promoted").exists()


def test_after_the_cut_off_td_decides(event_of, book, school, td):
    event = event_of(2)
    confirmed = book(event, UserFactory(organisation=school))
    waiting = book(event, UserFactory(organisation=school))
    late = event.starts_at - timedelta(hours=3)
    actions.cancel(booking=confirmed, by=confirmed.person, now=late)

    newcomer = book(event, UserFactory(organisation=school), at=late)
    assert newcomer.status == "waiting"
    actions.promote_out_of_order(booking=newcomer, by=td, now=late, reason="She is at the door")

    waiting.refresh_from_db(), newcomer.refresh_from_db()
    assert (waiting.status, newcomer.status) == ("waiting", "confirmed")
    assert newcomer.history.first().history_user == td


def test_moving_somebody_up_needs_a_reason(full_event, book, school, td, now):
    waiting = book(full_event, UserFactory(organisation=school))
    with pytest.raises(actions.Refused, match="Give a reason"):
        actions.promote_out_of_order(booking=waiting, by=td, now=now, reason=" ")


def test_who_was_booked_elsewhere_meanwhile_is_passed_and_keeps_the_position(
    full_event, book, school, cancel_first, now
):
    busy = book(full_event, UserFactory(organisation=school))
    free = book(full_event, UserFactory(organisation=school))
    book(make_event(now=now, starts_at=full_event.starts_at), busy.person)

    cancel_first(full_event)

    busy.refresh_from_db(), free.refresh_from_db()
    assert (busy.status, free.status) == ("waiting", "confirmed")
    assert busy.position() == 1


def test_approved_then_waiting_asks_for_no_second_approval(event_of, book, school, td, cancel_first, now):
    """Places 15."""
    school.requires_approval = True
    school.save()
    event = event_of(2)
    first = book(event, UserFactory(organisation=school))
    actions.approve(booking=first, by=td, now=now)
    waiting = book(event, UserFactory(organisation=school))
    actions.approve(booking=waiting, by=td, now=now)
    waiting.refresh_from_db()
    assert waiting.status == "waiting"

    cancel_first(event)

    waiting.refresh_from_db()
    assert waiting.status == "confirmed"
