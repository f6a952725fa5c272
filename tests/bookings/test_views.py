"""The pages of a booking: who may open them, what they say, and what pressing twice does."""

import uuid
from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from bookings import actions, emails
from bookings.models import Booking
from tests.factories import OrganisationFactory, UserFactory, make_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(db):
    return make_event(capacity=10)


@pytest.fixture
def person(client):
    """Somebody with complete details, signed in."""
    somebody = UserFactory()
    client.force_login(somebody)
    return somebody


@pytest.fixture
def booking(event, person):
    return actions.book(event=event, person=person, by=person, now=timezone.now())


PAGES = ["/bookings/{code}/", "/bookings/{code}/booked/", "/bookings/{code}/needs/", "/bookings/{code}/cancel/"]


class TestWhoMayOpenABooking:
    """Input 50: a stranger gets 404, and the page is the same as for a booking that does not exist."""

    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize(
        ("who", "status"), [("owner", 200), ("coordinator", 200), ("stranger", 404), ("nobody", 302)]
    )
    def test_table(self, client, booking, page, who, status):
        if who == "coordinator":
            booking.person.coordinator = UserFactory()
            booking.person.save()
        visitor = {"owner": booking.person, "coordinator": booking.person.coordinator, "stranger": UserFactory()}
        client.logout()
        if who != "nobody":
            client.force_login(visitor[who])
        assert client.get(page.format(code=booking.code)).status_code == status

    @pytest.mark.parametrize("page", PAGES)
    def test_a_strangers_404_tells_nothing(self, client, booking, page):
        client.force_login(UserFactory())
        theirs = client.get(page.format(code=booking.code))
        none = client.get(page.format(code=uuid.uuid4()))
        assert theirs.status_code == none.status_code == 404
        assert booking.event.course.title not in theirs.content.decode()

    def test_a_stranger_cant_cancel(self, client, booking):
        client.force_login(UserFactory())
        client.post(f"/bookings/{booking.code}/cancel/", {"reason": "Mine now"})
        booking.refresh_from_db()
        assert booking.is_confirmed

    def test_a_made_up_give_back_link_is_404(self, client, booking):
        for_another_purpose = signing.dumps(str(booking.code), salt="other")
        for token in ("nonsense", for_another_purpose, ""):
            assert client.get(f"/give-back/{token}/").status_code == 404

    def test_a_draft_is_for_nobody_but_td(self, client, person):
        draft = make_event(published=False)
        assert client.get(draft.get_absolute_url()).status_code == 404


class TestEventPage:
    def text(self, client, event) -> str:
        return client.get(event.get_absolute_url()).content.decode()

    def test_offers_a_place(self, client, event):
        assert "Book a place" in self.text(client, event)

    def test_says_why_not_in_place_of_the_button(self, client, person):
        event = make_event(booking_opens_at=timezone.now() + timedelta(days=1))
        page = self.text(client, event)
        assert "Booking opens on" in page and "Book a place" not in page

    def test_offers_the_waiting_list_when_full(self, client, person):
        event = make_event(capacity=1)
        assert "Join the waiting list" in self.text(client, event)
        assert "The place left is kept for the voluntary and community sector until" in self.text(client, event)

    def test_tells_of_the_places_kept_beside_those_for_everyone(self, client, person, event):
        """One of ten is kept (§6.9); when a charity has taken it, nothing is said of it any more."""
        assert "1 more place is kept for the voluntary and community sector until" in self.text(client, event)
        charity = UserFactory(vcs=True)
        actions.book(event=event, person=charity, by=charity, now=timezone.now())
        assert "kept for the voluntary" not in self.text(client, event)

    def test_tells_a_charity_that_the_kept_places_are_theirs_too(self, client, event):
        client.force_login(UserFactory(vcs=True))
        assert "You may take one." in self.text(client, event)

    def test_a_cancelled_event_says_why(self, client, person, event, booking):
        actions.cancel_event(event=event, by=person, now=timezone.now(), reason="Snow")
        page = self.text(client, event)
        assert "This event was cancelled." in page and "Snow" in page and "Add to your calendar" not in page

    def test_an_event_without_a_venue_is_a_virtual_classroom(self, client):
        event = make_event(venue=None, joining_link="https://meet.example/1")
        assert "Virtual classroom · Event" in self.text(client, event)

    def test_a_course_for_other_groups_comes_with_a_notice(self, client, person, event):
        from tests.factories import GroupFactory

        event.course.target_groups.set([GroupFactory(number=7, short_name="Senior managers")])
        assert "meant for other competence groups than yours" in self.text(client, event)
        assert "Book a place" in self.text(client, event)

    def test_the_one_who_is_booked_sees_their_booking(self, client, booking):
        assert "You have a place on this event" in self.text(client, booking.event)


class TestBooking:
    def test_booking_leads_to_the_confirmation(self, client, person, event):
        answer = client.post(f"/events/{event.reference}/book/", {"access_needs": "Hearing loop"})
        booking = Booking.objects.get()
        assert answer.url == f"/bookings/{booking.code}/booked/"
        page = client.get(answer.url).content.decode()
        assert "Place booked" in page and "What happens next" in page

    def test_pressing_again_leads_kindly_to_the_one_booking(self, client, person, event):
        """Places 2: twice, in two tabs, or back and again."""
        client.post(f"/events/{event.reference}/book/")
        answer = client.post(f"/events/{event.reference}/book/", follow=True)
        assert Booking.objects.count() == 1
        assert answer.request["PATH_INFO"] == Booking.objects.get().get_absolute_url()
        assert "You already have a place on this event." in answer.content.decode()

    def test_without_details_they_are_asked_first_and_come_back(self, client, event):
        client.force_login(UserFactory(newcomer=True))
        answer = client.get(f"/events/{event.reference}/book/")
        assert answer.url == "/your-details/start/"

    def test_what_was_typed_before_signing_in_again_is_still_there(self, client, event):
        """Input 51."""
        client.post(f"/events/{event.reference}/book/", {"access_needs": "A lift, please"})
        client.force_login(UserFactory())
        assert "A lift, please" in client.get(f"/events/{event.reference}/book/").content.decode()


class TestNeeds:
    """What somebody needs on the day can be told, changed and taken back up to the start."""

    def test_change(self, client, booking):
        assert f"/bookings/{booking.code}/needs/" in client.get(booking.get_absolute_url()).content.decode()
        answer = client.post(f"/bookings/{booking.code}/needs/", {"access_needs": " A lift ", "dietary_needs": "Halal"})
        assert answer.url == booking.get_absolute_url()
        booking.refresh_from_db()
        assert (booking.access_needs, booking.dietary_needs) == ("A lift", "Halal")
        assert "A lift" in client.get(f"/bookings/{booking.code}/needs/").content.decode()

    def test_what_was_typed_before_signing_in_again_stands_above_what_was_told(self, client, booking):
        """Input 51."""
        client.logout()
        client.post(f"/bookings/{booking.code}/needs/", {"access_needs": "Large print"})
        client.force_login(booking.person)
        assert "Large print" in client.get(f"/bookings/{booking.code}/needs/").content.decode()

    def test_not_once_it_has_started(self, client, person):
        event = make_event(capacity=10, days=1)
        booking = actions.book(event=event, person=person, by=person, now=timezone.now())
        with pytest.raises(actions.Refused, match="tell the trainers"):
            actions.change_needs(
                booking=booking, by=person, now=event.starts_at, access_needs="A lift", dietary_needs=""
            )

    def test_not_of_a_booking_that_has_ended(self, client, booking):
        actions.cancel(booking=booking, by=booking.person, now=timezone.now())
        page = client.post(f"/bookings/{booking.code}/needs/", {"access_needs": "A lift"}, follow=True)
        assert "This booking has ended" in page.content.decode()
        booking.refresh_from_db()
        assert booking.access_needs == ""


class TestCancelling:
    def test_opening_the_page_changes_nothing(self, client, booking):
        client.get(f"/bookings/{booking.code}/cancel/")
        booking.refresh_from_db()
        assert booking.is_confirmed

    def test_late_needs_a_reason(self, client, person):
        event = make_event(capacity=10, days=1)
        booking = actions.book(event=event, person=person, by=person, now=timezone.now())
        page = client.post(f"/bookings/{booking.code}/cancel/", {"reason": ""}).content.decode()
        assert "Enter why you are cancelling" in page and "Error: " in page
        client.post(f"/bookings/{booking.code}/cancel/", {"reason": "I am ill"})
        booking.refresh_from_db()
        assert (booking.status, booking.is_late, booking.end_reason) == ("cancelled", True, "I am ill")

    def test_says_what_was_given_up(self, client, person):
        """A place goes to the next person; who waited had a position only."""
        event = make_event(capacity=2)
        place, wait = (
            actions.book(event=event, person=who, by=who, now=timezone.now()) for who in (person, UserFactory())
        )
        page = client.post(f"/bookings/{place.code}/cancel/").content.decode()
        assert "Booking cancelled" in page and "the place goes to the next person" in page
        wait.refresh_from_db()
        again = actions.book(event=event, person=person, by=person, now=timezone.now())
        page = client.post(f"/bookings/{again.code}/cancel/").content.decode()
        assert wait.is_confirmed and "You left the waiting list" in page

    def test_the_link_of_the_email_works_without_signing_in_and_only_by_pressing(self, client, booking):
        """Messages 43."""
        client.logout()
        link = emails.give_back_url(booking).partition("8000")[2]
        client.get(link)
        booking.refresh_from_db()
        assert booking.is_confirmed
        client.post(link)
        booking.refresh_from_db()
        assert booking.status == "cancelled"
        assert "Nothing to cancel" in client.get(link).content.decode()


@pytest.mark.parametrize("rows", [2, 200])
def test_my_training_asks_the_same_few_questions_for_any_number(client, person, rows, django_assert_max_num_queries):
    now, school = timezone.now(), OrganisationFactory()
    for number in range(rows):
        event = make_event(capacity=3, starts_at=now + timedelta(days=2 + number))
        if number % 2:
            for other in UserFactory.create_batch(2, organisation=school):
                actions.book(event=event, person=other, by=other, now=now)
        actions.book(event=event, person=person, by=person, now=now)
    # session, person, organisation and leads for the navigation; live bookings, past, cancelled
    with django_assert_max_num_queries(9):
        client.get("/my-training/")
