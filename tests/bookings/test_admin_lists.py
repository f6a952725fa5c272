"""T&D's lists open with the same few questions to the database at 2 rows and at 60, and their search finds people."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, User
from courses.models import Venue
from tests.factories import UserFactory, VenueFactory, make_event

pytestmark = pytest.mark.django_db
LISTS = ["courses_event", "bookings_booking", "accounts_user", "accounts_organisation", "courses_venue",
         "courses_trainer", "courses_course"]  # fmt: skip


def questions(client) -> dict[str, int]:
    """Return how many each list asks."""
    asked = {}
    for name in LISTS:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse(f"admin:{name}_changelist")).status_code == 200
        asked[name] = len(queries)
    return asked


def test_lists_ask_the_same_for_any_number_of_rows(client, officer, book):
    event = make_event(capacity=60, vcs_share=0)
    for _ in range(2):
        book(event, UserFactory(), at=timezone.now())
    few = questions(client)
    for number in range(40):
        book(event, UserFactory(organisation=Organisation.objects.create(
            name=f"Org {number}", sector=officer.organisation.sector)), at=timezone.now())  # fmt: skip
        make_event()
    assert User.objects.count() > 40 and Venue.objects.count() > 40
    assert questions(client) == few


class TestSearchingBookings:
    @pytest.fixture
    def two(self, book):
        event = make_event(capacity=9, venue=VenueFactory())
        people = [
            UserFactory(full_name="Amina Żuk", email="amina@riverside.example"),
            UserFactory(full_name="Ben O'Brien"),
        ]
        return [book(event, person, at=timezone.now()) for person in people]

    @pytest.mark.parametrize(
        ("words", "found"),
        [("amina", [0]), ("Żuk amina", [0]), ("o'brien", [1]), ("amina@riverside", [0]), ("amina o'brien", []),
         ("amina {reference}", [0]), ("{reference}", [0, 1]), ("%", []), ("x" * 10_000, []), ("", [0, 1])],
        ids=lambda value: str(value)[:20],
    )  # fmt: skip
    def test_by_words_of_the_person_and_the_event(self, client, officer, two, words, found):
        words = words.format(reference=two[0].event.reference)
        page = client.get(reverse("admin:bookings_booking_changelist"), {"q": words})
        listed = {booking.pk for booking in page.context["cl"].result_list}
        assert listed == {two[number].pk for number in found}
