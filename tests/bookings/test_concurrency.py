"""Many at once: real processes on the real database, SQLite or PostgreSQL, whichever the suite runs on."""

from collections import Counter

import pytest
from django.db import connection

from bookings.models import Booking
from courses.models import Event
from notifications.models import Message
from tests import races
from tests.bookings.conftest import assert_counts_are_true
from tests.factories import OrganisationFactory, UserFactory, make_event

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("processes")]


def shares(items: list, number: int) -> list[list]:
    return [items[start::number] for start in range(number)]


def test_200_people_go_for_the_last_20_places(now):
    """Places 1: 20 confirmed, 180 on the list in order, no error, no duplicate, the quota kept."""
    event = make_event(now=now, capacity=40)  # keeps 4
    school, charity = OrganisationFactory(), OrganisationFactory(vcs=True)
    for person in UserFactory.create_batch(20, organisation=school):
        races.book_each([person.pk], event.pk, now)
    people = [*UserFactory.create_batch(150, organisation=school), *UserFactory.create_batch(50, organisation=charity)]

    got = races.run_at_once(races.book_each, shares([person.pk for person in people], 6), event.pk, now)

    assert Counter(status for statuses in got for status in statuses) == {"confirmed": 20, "waiting": 180}
    assert_counts_are_true(event)
    assert event.held_other <= 36 and event.held_other + event.held_vcs == 40
    assert (event.over_capacity, event.over_quota) == (0, 0)
    waiting = list(event.bookings.waiting())
    assert [booking.position() for booking in waiting[:3]] == [1, 2, 3]
    assert Booking.objects.values("person").distinct().count() == Booking.objects.count() == 220
    assert Message.objects.count() == 220


def test_the_same_person_in_five_tabs_has_one_booking(now):
    """Places 2."""
    event, person = make_event(now=now, capacity=10), UserFactory()

    got = races.run_at_once(races.book_each, [[person.pk]] * 5, event.pk, now)

    answers = Counter(status for statuses in got for status in statuses)
    assert answers == {"confirmed": 1, "You already have a place on this event.": 4}
    assert_counts_are_true(event)


def test_nobody_books_two_clashing_events_at_once(now):
    person = UserFactory()
    events = [make_event(now=now, capacity=10) for _ in range(4)]

    got = races.run_at_once(races.book_on_each, [[event.pk] for event in events], person.pk, now)

    assert Counter(statuses[0] for statuses in got)["confirmed"] == 1
    assert person.bookings.holding().count() == 1


def test_cancellations_and_newcomers_arrive_together(now):
    """Places 7 and 12: whoever waited gets the place, whatever order the processes are served in."""
    event, school = make_event(now=now, capacity=11), OrganisationFactory()  # keeps 2
    confirmed = UserFactory.create_batch(9, organisation=school)
    waiting = UserFactory.create_batch(4, organisation=school)
    races.book_each([person.pk for person in confirmed], event.pk, now)
    races.book_each([person.pk for person in waiting], event.pk, now)
    newcomers = UserFactory.create_batch(8, organisation=school)
    codes = [str(booking.code) for booking in event.bookings.confirmed()[:4]]
    jobs = [("cancel_each", part, now) for part in shares(codes, 2)]
    jobs += [("book_each", [person.pk for person in part], event.pk, now) for part in shares(newcomers, 2)]

    races.run_at_once(races.do, jobs)

    assert set(event.bookings.filter(person__in=waiting).values_list("status", flat=True)) == {"confirmed"}
    assert set(event.bookings.filter(person__in=newcomers).values_list("status", flat=True)) == {"waiting"}
    assert_counts_are_true(event)


def test_two_workers_and_two_pages_release_once(now):
    """Places 6: nobody is promoted twice."""
    event, school = make_event(now=now, capacity=20), OrganisationFactory()  # keeps 2
    races.book_each([person.pk for person in UserFactory.create_batch(25, organisation=school)], event.pk, now)

    promoted = races.run_at_once(races.release, [event.pk] * 3, event.release_at)

    assert sorted(promoted) == [0, 0, 2]
    assert Message.objects.filter(kind="bookings/promoted").count() == 2
    assert_counts_are_true(event)


def test_two_events_that_serve_each_others_people_do_not_wait_for_each_other_for_ever(now):
    """Everybody waits for one event and books the other, in the hour in which both release their places."""
    school = OrganisationFactory()
    people = UserFactory.create_batch(12, organisation=school)
    events = [make_event(now=now, capacity=4, days=days) for days in (30, 31)]
    for event, crowd in zip(events, (people[:6], people[6:]), strict=True):
        races.book_each([person.pk for person in crowd], event.pk, now)
    at = max(event.release_at for event in events)
    jobs = [
        ("book_each", [person.pk for person in crowd], event.pk, at)
        for event, others in zip(events, (people[6:], people[:6]), strict=True)
        for crowd in (others[:3], others[3:])
    ]

    races.run_at_once(races.do, jobs)

    for event in events:
        assert_counts_are_true(event)
        assert event.bookings.confirmed().count() == 4


class TestWithoutTheLock:
    """The harness sees the race: with the lock out there is an oversell, unless the database's own check stops it."""

    @pytest.fixture
    def crowd(self):
        return [person.pk for person in UserFactory.create_batch(24, organisation=OrganisationFactory())]

    def test_the_database_still_refuses_the_oversell(self, now, crowd):
        event = make_event(now=now, capacity=2)
        got = races.run_at_once(races.book_each_without_lock, shares(crowd, 4), event.pk, now, checks=True)
        event.refresh_from_db()
        assert event.held_vcs + event.held_other <= event.capacity
        assert "IntegrityError" in {status for statuses in got for status in statuses}

    def test_without_lock_and_check_there_is_an_oversell(self, now, crowd, places_unchecked):
        event = make_event(now=now, capacity=2)
        races.run_at_once(races.book_each_without_lock, shares(crowd, 4), event.pk, now, checks=False)
        assert event.bookings.confirmed().count() > event.capacity


@pytest.fixture
def places_unchecked(transactional_db):
    """Take the checks on places off the table, and put them back; SQLite has a switch for it in each connection."""
    checks = [check for check in Event._meta.constraints if check.name in ("places_within_capacity", "vcs_places_kept")]
    if connection.vendor == "sqlite":
        yield
        return
    with connection.schema_editor() as editor:
        for check in checks:
            editor.remove_constraint(Event, check)
    yield
    Booking.objects.all().delete()
    Event.objects.update(held_other=0, held_vcs=0, waiting=0, over_capacity=0, over_quota=0)
    with connection.schema_editor() as editor:
        for check in checks:
            editor.add_constraint(Event, check)


def test_from_four_tabs_at_once_a_person_has_twenty_trainings_to_be_verified():
    """Nobody fills the disk by sending from many tabs (OWASP ASVS 11.1.6, 12.1.3)."""
    person = UserFactory()

    got = races.run_at_once(
        races.add_trainings, [[f"Talk {tab}.{turn}" for turn in range(8)] for tab in "abcd"], person.pk
    )

    answers = Counter(answer[:2] for answers in got for answer in answers)
    assert answers == {"ad": 20, "20": 12}  # added, or "20 of your trainings wait to be verified…"
    assert person.training_records.to_verify().count() == 20
