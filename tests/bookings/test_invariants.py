"""Each rule is broken in the database, past the actions, and `check_invariants` names it."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Policy
from bookings import actions, invariants
from bookings.models import Attendance, Booking, TrainingRecord
from courses.models import Event
from notifications.models import Message
from tests.factories import OrganisationFactory, UserFactory, make_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    """The present: messages are dated by the clock."""
    return timezone.now()


def wrong(now) -> dict[str, list[str]]:
    """Return what is found, by the name of the rule; rules that hold are left out."""
    return {rule.name: found for rule, found in invariants.broken(now=now).items() if found}


def ignoring_checks():
    """Take the database's own checks of places off, within the test's transaction: what a restored table may lack."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE courses_event DROP CONSTRAINT places_within_capacity")
            cursor.execute("ALTER TABLE courses_event DROP CONSTRAINT vcs_places_kept")


@pytest.fixture
def unchecked(db):
    ignoring_checks()
    yield
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA ignore_check_constraints = OFF")


class TestHolds:
    def test_after_booking_waiting_swapping_cancelling_and_overriding(self, full_event, book, now, td, school, charity):
        for person in UserFactory.create_batch(3, organisation=school):
            book(full_event, person)
        book(full_event, UserFactory(organisation=charity))
        book(full_event, UserFactory(organisation=charity), override_reason="The speaker's colleague")
        first = full_event.bookings.confirmed().order_by("pk").first()
        actions.swap(booking=first, colleague=UserFactory(organisation=school), by=td, now=now)
        second = full_event.bookings.confirmed().order_by("pk").first()
        actions.cancel(booking=second, by=second.person, now=now)
        last = full_event.bookings.waiting().last()
        actions.promote_out_of_order(booking=last, by=td, now=now, reason="Needs it this term")
        assert wrong(now) == {}

    def test_when_the_policy_changes_events_keep_what_they_had(self, event_of, now):
        event_of(20)
        policy = Policy.current()
        policy.vcs_share = "0.25"
        policy.save()
        assert event_of(20).vcs_places == 5
        assert wrong(now) == {}

    def test_for_who_waits_and_has_another_event_at_that_time(self, event_of, book, now, school):
        """Places: the list passes who is booked elsewhere then; that is no fault."""
        event = event_of(5)
        people = UserFactory.create_batch(6, organisation=school)
        for person in people:
            book(event, person)
        other = make_event(starts_at=event.starts_at, now=event.first_published_at, capacity=20)
        book(other, people[4])
        first = event.bookings.confirmed().order_by("pk").first()
        actions.cancel(booking=first, by=first.person, now=now)
        assert event.bookings.get(person=people[4]).is_waiting and event.bookings.get(person=people[5]).is_confirmed
        assert wrong(now) == {}

    def test_in_a_fixed_number_of_queries(self, full_event, book, now, school, django_assert_max_num_queries):
        for person in UserFactory.create_batch(2, organisation=school):
            book(full_event, person)
        with django_assert_max_num_queries(40):
            assert wrong(now) == {}


class TestPlaces:
    def test_more_people_than_places(self, event_of, now, school):
        event = event_of(2)
        people = UserFactory.create_batch(3, organisation=school)
        Booking.objects.bulk_create(
            Booking(event=event, person=person, status="confirmed", requested_at=now, confirmed_at=now, is_walk_in=True)
            for person in people
        )
        found = wrong(now)
        assert found["No event is oversold"] == [f"Event {event.reference}: 3 people hold one of 2."]
        assert found["The places counted on each event are those of its bookings"] == [
            f"Event {event.reference}: its row counts 0 voluntary sector, 0 other and 0 waiting; its bookings are "
            "0, 3 and 0."
        ]

    def test_room_beyond_the_capacity_that_nobody_uses(self, event_of, now):
        event = event_of(5)
        Event.objects.filter(pk=event.pk).update(over_capacity=2)
        [sentence] = wrong(now)["The places counted on each event are those of its bookings"]
        assert sentence == f"Event {event.reference}: allows 2 beyond its capacity, which nobody uses any more."

    def test_a_quota_that_is_not_a_tenth(self, event_of, now):
        event = event_of(20)
        Event.objects.filter(pk=event.pk).update(vcs_places=1)
        [sentence] = wrong(now)["The quota for the voluntary sector is right and kept"]
        assert sentence == f"Event {event.reference}: keeps 1 of 20 places, not 2."

    def test_a_kept_place_given_away(self, full_event, now, school, unchecked):
        Booking.objects.bulk_create([
            Booking(event=full_event, person=UserFactory(organisation=school), status="confirmed", requested_at=now,
                confirmed_at=now, is_walk_in=True)
        ])  # fmt: skip
        Event.objects.filter(pk=full_event.pk).update(held_other=5)
        assert wrong(now) == {
            "The quota for the voluntary sector is right and kept": [
                f"Event {full_event.reference}: 5 others hold a place, and 1 of 5 are kept for the voluntary sector."
            ]
        }

    def test_two_live_bookings_of_one_person(self, event_of, book, now):
        event, person = event_of(5), UserFactory()
        book(event, person)
        connection.cursor().execute("DROP INDEX one_live_booking")
        Booking.objects.bulk_create([Booking(event=event, person=person, status="waiting", requested_at=now)])
        assert wrong(now)["Nobody has two live bookings of one event"] == [
            f"Event {event.reference}: person {person.pk} has 2 live bookings."
        ]

    def test_a_place_on_an_event_that_was_cancelled(self, event_of, book, now):
        event = event_of(5)
        booking = book(event, UserFactory())
        Event.objects.filter(pk=event.pk).update(status="cancelled")
        assert wrong(now)["Nobody holds a place on an event that was cancelled"] == [
            f"Event {event.reference}: was cancelled, but booking {booking.pk} is confirmed."
        ]


class TestWaitingList:
    RULE = "The waiting list is served, and in the order of asking"

    @pytest.fixture
    def waiting(self, full_event, book, school):
        """Two colleagues who wait, first and second."""
        return [book(full_event, person) for person in UserFactory.create_batch(2, organisation=school)]

    def test_a_place_is_free_and_somebody_waits_for_it(self, full_event, waiting, now):
        first = full_event.bookings.confirmed().order_by("pk").first()
        Booking.objects.filter(pk=first.pk).update(status="cancelled", ended_at=now)
        Event.objects.filter(pk=full_event.pk).update(held_other=3)
        assert wrong(now)[self.RULE] == [
            f"Event {full_event.reference}: booking {waiting[0].pk} waits, and a place is free for them."
        ]

    def test_the_second_was_served_before_the_first(self, full_event, waiting, now):
        first = full_event.bookings.confirmed().order_by("pk").first()
        Booking.objects.filter(pk=first.pk).update(status="cancelled", ended_at=now)
        Booking.objects.filter(pk=waiting[1].pk).update(status="confirmed", confirmed_at=now)
        Event.objects.filter(pk=full_event.pk).update(waiting=1)
        assert wrong(now)[self.RULE] == [
            f"Event {full_event.reference}: booking {waiting[0].pk} waits, and booking {waiting[1].pk}, made later, "
            "has a place."
        ]

    def test_a_kept_place_taken_by_its_own_side_passes_nobody(self, full_event, waiting, book, charity, now):
        """Places 5."""
        assert book(full_event, UserFactory(organisation=charity)).is_confirmed
        assert self.RULE not in wrong(now)


class TestRecords:
    RULE = "Completed and the training record say the same"

    @pytest.fixture
    def closed(self, event_of, book, td, now):
        """An event that is over and closed: the first was there, the second was not."""
        event = event_of(5)
        bookings = [book(event, person) for person in UserFactory.create_batch(2, organisation=OrganisationFactory())]
        session = event.sessions.get()
        after = event.ends_at + timedelta(hours=1)
        marks = dict(zip([(booking.pk, session.pk) for booking in bookings], ("attended", "absent"), strict=True))
        actions.mark_attendance(event=event, marks=marks, seen={}, by=td, now=after)
        actions.close_register(event=event, by=td, now=after)
        assert self.RULE not in wrong(now)
        return event

    def test_completed_without_a_record(self, closed, now):
        record = TrainingRecord.objects.get()
        TrainingRecord.objects.all().delete()
        assert wrong(now)[self.RULE] == [
            f"Event {closed.reference}: booking {record.booking_id} completed it, and no record says so."
        ]

    def test_a_record_without_having_been_there(self, closed, now):
        record = TrainingRecord.objects.get()
        Attendance.objects.filter(booking=record.booking).update(mark="absent")
        assert wrong(now)[self.RULE] == [
            f"Event {closed.reference}: booking {record.booking_id} did not complete it, but its record counts."
        ]

    def test_a_withdrawn_record_beside_a_completed_booking_is_a_decision(self, closed, now):
        TrainingRecord.objects.update(status="withdrawn")
        assert self.RULE not in wrong(now)

    def test_a_record_whose_booking_has_ended(self, closed, now):
        record = TrainingRecord.objects.get()
        Booking.objects.filter(pk=record.booking_id).update(status="cancelled", ended_at=now)
        assert (
            f"Event {closed.reference}: record {record.pk} counts, and its booking has ended."
            in (wrong(now)[self.RULE])
        )

    def test_a_record_of_somebody_else(self, closed, now):
        TrainingRecord.objects.update(person=UserFactory())
        assert "is another person's than its booking" in wrong(now)[self.RULE][0]

    def test_an_event_completed_with_its_register_open(self, closed, now):
        Event.objects.filter(pk=closed.pk).update(register_closed_at=None)
        found = wrong(now)[self.RULE]
        assert f"Event {closed.reference}: is completed, and its register is not closed." in found
        assert "the register is not closed" in found[0]


class TestMessages:
    @pytest.fixture
    def booking(self, book, event_of):
        return book(event_of(5), UserFactory())

    def test_never_told_of_a_place(self, booking, now):
        Message.objects.all().delete()
        assert wrong(now) == {
            "No message is lost": [
                f"Event {booking.event.reference}: booking {booking.pk} is confirmed, and its person was never told."
            ]
        }

    def test_never_told_of_their_own_cancellation(self, booking, now):
        actions.cancel(booking=booking, by=booking.person, now=now)
        Message.objects.filter(kind="bookings/cancelled").delete()
        assert "is cancelled, and its person was never told" in wrong(now)["No message is lost"][0]

    def test_who_has_no_address_is_not_missed(self, book, event_of, now):
        lead = UserFactory()
        book(event_of(5), UserFactory(email=None, coordinator=lead))
        book(event_of(5), UserFactory(bounced_at=now))
        assert wrong(now) == {}

    def test_told_twice_under_two_keys(self, booking, now):
        message = Message.objects.get()
        message.pk, message.key, message._state.adding = None, message.key.replace("/0", "/9"), True
        message.save()
        assert wrong(now)["No message is doubled"] == [
            f"Booking {booking.pk}: there are 2 messages “bookings/confirmed” about it."
        ]

    def test_a_worker_took_it_and_was_killed(self, booking, now):
        Message.objects.update(status="sending", claimed_at=now)
        assert wrong(now + timedelta(minutes=59)) == {}
        [sentence] = wrong(now + timedelta(minutes=61))["No message hangs"]
        assert "was taken by a worker that never finished it" in sentence

    def test_no_worker_takes_it(self, booking, now):
        [sentence] = wrong(now + timedelta(minutes=61))["No message hangs"]
        assert "waits for a worker, and none takes it" in sentence


class TestCommand:
    def test_all_is_well(self, full_event):
        out = StringIO()
        call_command("check_invariants", stdout=out)
        assert out.getvalue().count("holds  ") == len(invariants.INVARIANTS)
        assert "Looked at 1 event, 4 bookings, 4 messages" in out.getvalue()

    def test_what_is_wrong_ends_with_1_and_names_nobody(self, full_event):
        Event.objects.filter(pk=full_event.pk).update(waiting=1)
        out = StringIO()
        with pytest.raises(CommandError, match="1 thing wrong") as failure:
            call_command("check_invariants", stdout=out)
        assert failure.value.returncode == 1
        assert f"       Event {full_event.reference}: its row counts 0" in out.getvalue()
        assert "O'Neil" not in out.getvalue() and "@" not in out.getvalue()
