"""A world for the booking tests: a fixed Monday morning, people of both sides, small events."""

from datetime import UTC, datetime, timedelta

import pytest

from bookings import actions
from bookings.models import Booking
from tests.factories import OrganisationFactory, UserFactory, make_event

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """Monday 5 January 2026, 9am."""
    return NOW


@pytest.fixture
def td(db):
    """Somebody of T&D."""
    return UserFactory(full_name="Dominic Clarke")


@pytest.fixture
def school(db):
    return OrganisationFactory()


@pytest.fixture
def charity(db):
    return OrganisationFactory(vcs=True)


@pytest.fixture
def event_of(db, now):
    """Return a function that makes a published event of so many places, 30 days from now."""

    def make(capacity: int, **fields):
        return make_event(now=now, capacity=capacity, **fields)

    return make


@pytest.fixture
def book(now):
    """Return a function that books a person, themselves, now or at another time."""

    def run(event, person, *, at=None, **fields) -> Booking:
        return actions.book(event=event, person=person, by=person, now=at or now, **fields)

    return run


@pytest.fixture
def full_event(event_of, book, school):
    """An event of five places, four taken by the school, one kept for the voluntary sector."""
    event = event_of(5)
    for person in UserFactory.create_batch(4, organisation=school):
        book(event, person)
    event.refresh_from_db()
    return event


def statuses(event) -> list[str]:
    """Return the status of each booking of the event, in the order of request."""
    return list(event.bookings.order_by("pk").values_list("status", flat=True))


def assert_counts_are_true(event) -> None:
    """The counts on the event's row equal what its bookings say."""
    event.refresh_from_db()
    holding = event.bookings.holding()
    assert event.held_vcs == holding.filter(is_vcs=True).count()
    assert event.held_other == holding.filter(is_vcs=False).count()
    assert event.waiting == event.bookings.waiting().count()


WEEK = timedelta(days=7)
