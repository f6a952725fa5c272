"""Booking a place, and waiting for one."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from bookings import actions
from bookings.models import Booking
from notifications.models import Message
from tests.bookings.conftest import assert_counts_are_true, statuses
from tests.factories import OrganisationFactory, UserFactory, make_event, make_lead


def test_a_place_is_confirmed_counted_told_and_remembered(event_of, book, school, now):
    event, person = event_of(10), UserFactory(organisation=school, full_name="Róisín O'Neil")

    booking = book(event, person, access_needs=" Hearing loop ")

    assert booking.status == Booking.Status.CONFIRMED
    assert booking.access_needs == "Hearing loop"
    assert (booking.organisation, booking.sector, booking.group) == (school, school.sector, person.group)
    assert_counts_are_true(event)
    message = Message.objects.get(recipient=person)
    assert message.kind == "bookings/confirmed"
    assert event.course.title in message.text and "&#x27;" not in message.text + message.subject
    change = booking.history.get()
    assert (change.history_user, change.status) == (person, "confirmed")


def test_the_calendar_entry_has_the_times_in_utc_and_a_uid_for_life(event_of, book):
    event, person = event_of(10), UserFactory()
    booking = book(event, person)

    entry = Calendar.from_ical(Message.objects.get(recipient=person).calendar).walk("VEVENT")[0]

    assert entry.decoded("dtstart") == event.starts_at
    assert str(entry["uid"]).startswith(str(booking.code))
    assert entry["sequence"] == 0


def test_the_calendar_entry_of_a_virtual_classroom_has_the_link_for_who_is_booked_alone(event_of, book, client):
    event = event_of(10, venue=None, joining_link="https://meet.example/1")
    person = UserFactory()
    booking = book(event, person)
    of = Message.objects.filter(recipient=person)

    assert "Join at https://meet.example/1" in of.get().calendar
    assert "meet.example" not in client.get(f"/events/{event.reference}/calendar.ics").content.decode()

    actions.cancel(booking=booking, by=person, now=booking.requested_at)
    end = of.get(kind="bookings/cancelled")
    assert "meet.example" not in end.calendar + end.text and "You get the joining link" not in end.text


def test_a_second_press_makes_no_second_booking(event_of, book):
    """Places 2."""
    event, person = event_of(10), UserFactory()
    book(event, person)

    with pytest.raises(actions.Refused, match="You already have a place on this event"):
        book(event, person)

    assert statuses(event) == ["confirmed"]
    assert Message.objects.count() == 1


def test_the_last_places_are_kept_for_the_voluntary_sector(full_event, book, school, charity):
    waiting = book(full_event, UserFactory(organisation=school))
    confirmed = book(full_event, UserFactory(organisation=charity))

    assert (waiting.status, confirmed.status) == ("waiting", "confirmed")
    assert waiting.position() == 1
    assert_counts_are_true(full_event)
    assert "at position 1" in Message.objects.get(recipient=waiting.person).text


def test_a_refusal_writes_nothing_and_tells_nobody(event_of, book, now):
    event = event_of(10, booking_opens_at=now + timedelta(days=1))

    with pytest.raises(actions.Refused, match="Booking opens on"):
        book(event, UserFactory())

    assert not event.bookings.exists()
    assert not Message.objects.exists()


def test_nobody_is_in_two_rooms_at_once(event_of, book, now):
    person = UserFactory()
    first, second = event_of(10), make_event(now=now, starts_at=now + timedelta(days=30, hours=2))
    book(first, person)

    with pytest.raises(actions.Refused, match=f"You already have a place on {first.course.title} at the same time"):
        book(second, person)


def test_events_that_follow_each_other_do_not_clash(event_of, book, now):
    person, first = UserFactory(), event_of(10)
    after = make_event(now=now, starts_at=first.ends_at)
    book(first, person)

    assert book(after, person).status == "confirmed"


def test_a_bespoke_event_is_for_its_organisation(event_of, book, school):
    event = event_of(10, audience="organisations", organisations=[school])

    with pytest.raises(actions.Refused, match="other organisations or sectors"):
        book(event, UserFactory(organisation=OrganisationFactory()))
    assert book(event, UserFactory(organisation=school)).status == "confirmed"


def test_after_a_change_of_organisation_old_bookings_keep_the_old_one(event_of, book, school, charity, now):
    """People 19."""
    person = UserFactory(organisation=school)
    booking = book(event_of(10), person)

    person.organisation = charity
    person.save()

    booking.refresh_from_db()
    assert (booking.organisation, booking.is_vcs) == (school, False)
    assert book(make_event(now=now, days=60), person).organisation == charity


class TestApproval:
    @pytest.fixture
    def academy(self, db):
        return OrganisationFactory(requires_approval=True, name="Lavender Green Academy")

    def test_the_place_is_held_and_the_leads_are_asked(self, event_of, book, academy):
        lead, event = make_lead(academy), event_of(10)

        booking = book(event, UserFactory(organisation=academy))

        assert booking.status == "awaiting"
        assert_counts_are_true(event)
        assert event.held_other == 1
        assert Message.objects.get(recipient=lead).kind == "bookings/approval_requested"
        assert Message.objects.get(recipient=booking.person).kind == "bookings/held"

    def test_a_lead_who_books_has_approved_by_that(self, event_of, academy, now):
        lead, person = make_lead(academy), UserFactory(organisation=academy)
        booking = actions.book(event=event_of(10), person=person, by=lead, now=now)
        assert booking.status == "confirmed"


def test_td_may_go_beyond_the_rules_with_a_reason_that_stands_in_the_history(
    full_event, td, school, charity, book, now
):
    """Places 18."""
    book(full_event, UserFactory(organisation=charity))

    booking = actions.book(
        event=full_event, person=UserFactory(organisation=school), by=td, now=now, override_reason="The judge asked"
    )

    assert booking.status == "confirmed"
    assert_counts_are_true(full_event)
    assert (full_event.over_capacity, full_event.over_quota) == (1, 1)
    change = booking.history.get()
    assert (change.history_user, change.history_change_reason) == (td, "The judge asked")


def test_a_place_given_back_shrinks_what_went_beyond(full_event, td, school, charity, book, now):
    book(full_event, UserFactory(organisation=charity))
    booking = actions.book(
        event=full_event, person=UserFactory(organisation=school), by=td, now=now, override_reason="The judge asked"
    )

    actions.cancel(booking=booking, by=td, now=now)

    assert_counts_are_true(full_event)
    assert (full_event.over_capacity, full_event.over_quota) == (0, 0)
