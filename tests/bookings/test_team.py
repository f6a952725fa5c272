"""A CPD lead books several of their staff, hands a place to a colleague, and answers a request for approval."""

from datetime import timedelta

import pytest
from django.core import signing
from django.urls import reverse

from accounts.models import CPDLead
from bookings import actions, emails
from bookings.models import Booking
from notifications.models import Message
from tests import teams
from tests.teams import NOW

pytestmark = pytest.mark.django_db
Status = Booking.Status


def statuses(event) -> list[str]:
    return list(event.bookings.order_by("pk").values_list("status", flat=True))


class TestBookMany:
    def test_15_staff_with_9_places_left_9_get_a_place_and_6_wait(self):
        school = teams.organisation()
        lead, staff = teams.lead(school), [teams.person(at=school) for _ in range(15)]
        event = teams.event(capacity=9)
        outcomes = actions.book_many(
            event=event, people=staff, organisation=school, by=lead, now=NOW, places_expected=9
        )
        assert [outcome.gets_place for outcome in outcomes] == [True] * 9 + [False] * 6
        assert statuses(event) == [Status.CONFIRMED] * 9 + [Status.WAITING] * 6
        assert Message.objects.filter(kind="bookings/confirmed").count() == 9
        assert Message.objects.filter(kind="bookings/waiting").count() == 6
        event.refresh_from_db()
        assert (event.held_other, event.waiting) == (9, 6)

    def test_the_preview_says_the_same_and_writes_nothing(self):
        school = teams.organisation()
        staff = [teams.person(at=school) for _ in range(15)]
        event = teams.event(capacity=9)
        outcomes = actions.preview_many(event=event, people=staff, organisation=school, now=NOW)
        assert [outcome.gets_place for outcome in outcomes] == [True] * 9 + [False] * 6
        assert not Booking.objects.exists()
        assert not Message.objects.exists()

    def test_nobody_is_booked_when_there_are_fewer_places_than_the_lead_was_told(self):
        school = teams.organisation()
        lead, staff = teams.lead(school), [teams.person(at=school) for _ in range(3)]
        event = teams.event(capacity=3)
        stranger = teams.person(at=teams.organisation("Another school"))
        actions.book(event=event, person=stranger, by=stranger, now=NOW)
        with pytest.raises(actions.PlacesRanShort, match="2 are left now"):
            actions.book_many(event=event, people=staff, organisation=school, by=lead, now=NOW, places_expected=3)
        assert event.bookings.count() == 1
        assert not Message.objects.filter(recipient__in=staff).exists()

    def test_who_cannot_be_booked_is_passed_over_with_the_reason(self):
        school, other = teams.organisation(), teams.organisation("Another school")
        lead = teams.lead(school)
        fine, booked, busy = (teams.person(at=school) for _ in range(3))
        unfinished, moved = teams.person(at=school, job_role=""), teams.person(at=other)
        event, same_time = teams.event(), teams.event(teams.course("Neglect"))
        actions.book(event=event, person=booked, by=booked, now=NOW)
        actions.book(event=same_time, person=busy, by=busy, now=NOW)
        people = [fine, booked, busy, unfinished, moved]
        outcomes = actions.book_many(
            event=event, people=people, organisation=school, by=lead, now=NOW, places_expected=1
        )
        assert [outcome.refusal for outcome in outcomes] == [
            "",
            "Already has a place.",
            "Has a place on Neglect at the same time.",
            "Their details are not complete: name, job role and competence group are needed.",
            "Does not work for this organisation any more.",
        ]
        assert event.bookings.count() == 2

    def test_the_same_person_twice_in_the_list_is_booked_once(self):
        school = teams.organisation()
        lead, someone = teams.lead(school), teams.person(at=school)
        event = teams.event()
        actions.book_many(
            event=event, people=[someone, someone], organisation=school, by=lead, now=NOW, places_expected=1
        )
        assert statuses(event) == [Status.CONFIRMED]

    def test_a_lead_who_books_has_approved_by_that(self):
        school = teams.organisation(requires_approval=True)
        lead, someone = teams.lead(school), teams.person(at=school)
        [outcome] = actions.book_many(
            event=teams.event(), people=[someone], organisation=school, by=lead, now=NOW, places_expected=1
        )
        assert outcome.booking.status == Status.CONFIRMED

    def test_a_person_without_email_is_booked_and_their_coordinator_is_told(self):
        charity = teams.organisation("Tooting Sports Club", vcs=True)
        lead = teams.lead(charity, email="lead@charity.example")
        volunteer = teams.person("Amina Khan", at=charity, email=None, coordinator=lead)
        actions.book_many(
            event=teams.event(), people=[volunteer], organisation=charity, by=lead, now=NOW, places_expected=1
        )
        assert Message.objects.get(recipient=volunteer).to == "lead@charity.example"


class TestSwap:
    @pytest.fixture
    def school(self):
        return teams.organisation()

    def test_same_place_new_person_and_the_old_one_is_told(self, school):
        lead, old, new = teams.lead(school), teams.person(at=school), teams.person("Ben Adler", at=school)
        waiting = teams.person(at=teams.organisation("Another school"))
        event = teams.event(capacity=1)
        booking = actions.book(event=event, person=old, by=old, now=NOW)
        actions.book(event=event, person=waiting, by=waiting, now=NOW)
        taken_over = actions.swap(booking=booking, colleague=new, by=lead, now=NOW)
        booking.refresh_from_db()
        event.refresh_from_db()
        assert (booking.status, booking.is_late) == (Status.CANCELLED, False)
        assert booking.end_reason == "Ben Adler took over the place."
        assert taken_over.status == Status.CONFIRMED
        assert (event.held_other, event.waiting) == (1, 1)  # nobody on the list passed, nobody served
        told = Message.objects.get(recipient=old, kind="bookings/handed_over")
        assert "Ben Adler" in told.subject
        assert "METHOD:CANCEL" in told.calendar
        assert "METHOD:REQUEST" in Message.objects.get(recipient=new, kind="bookings/confirmed").calendar

    def test_a_swap_on_the_day_before_is_not_a_late_cancellation(self, school):
        lead, old, new = teams.lead(school), teams.person(at=school), teams.person(at=school)
        booking = actions.book(event=teams.event(days=1), person=old, by=old, now=NOW)
        actions.swap(booking=booking, colleague=new, by=lead, now=NOW + timedelta(hours=20))
        booking.refresh_from_db()
        assert not booking.is_late

    def test_the_place_of_an_event_over_its_capacity_can_be_handed_over(self, school):
        lead, td, new = teams.lead(school), teams.person(is_superuser=True), teams.person(at=school)
        event = teams.event(capacity=1)
        first, second = teams.person(at=school), teams.person(at=school)
        actions.book(event=event, person=first, by=first, now=NOW)
        beyond = actions.book(event=event, person=second, by=td, now=NOW, override_reason="A trainee social worker")
        actions.swap(booking=beyond, colleague=new, by=lead, now=NOW)
        event.refresh_from_db()
        assert (event.held_other, event.over_capacity) == (2, 1)

    def test_refused_for_another_organisation_already_booked_a_clash_and_a_started_event(self, school):
        lead, old = teams.lead(school), teams.person(at=school)
        event = teams.event()
        booking = actions.book(event=event, person=old, by=old, now=NOW)
        outsider = teams.person(at=teams.organisation("Another school"))
        booked, busy = teams.person(at=school), teams.person(at=school)
        actions.book(event=event, person=booked, by=booked, now=NOW)
        actions.book(event=teams.event(teams.course("Gangs")), person=busy, by=busy, now=NOW)

        def refusal(colleague, now=NOW) -> str:
            with pytest.raises(actions.Refused) as refused:
                actions.swap(booking=booking, colleague=colleague, by=lead, now=now)
            return str(refused.value)

        assert refusal(outsider) == "Only a colleague from the same organisation can take over the place."
        assert refusal(booked) == "Already has a place."
        assert refusal(busy) == "Has a place on Gangs at the same time."
        free = teams.person(at=school)
        assert "already started" in refusal(free, now=event.starts_at)
        booking.refresh_from_db()
        assert booking.status == Status.CONFIRMED

    def test_who_waits_has_no_place_to_hand_over(self, school):
        lead, first, second = teams.lead(school), teams.person(at=school), teams.person(at=school)
        event = teams.event(capacity=1)
        actions.book(event=event, person=first, by=first, now=NOW)
        waiting = actions.book(event=event, person=second, by=second, now=NOW)
        with pytest.raises(actions.Refused, match="no place to hand over"):
            actions.swap(booking=waiting, colleague=teams.person(at=school), by=lead, now=NOW)

    def test_a_colleague_who_takes_over_by_themselves_still_needs_the_approval(self):
        school = teams.organisation(requires_approval=True)
        lead, old, new = teams.lead(school), teams.person(at=school), teams.person(at=school)
        booking = actions.book(event=teams.event(), person=old, by=lead, now=NOW)
        assert booking.status == Status.CONFIRMED
        taken_over = actions.swap(booking=booking, colleague=new, by=old, now=NOW)
        assert taken_over.status == Status.AWAITING_APPROVAL


class TestApprovalByTheLinkOfTheEmail:
    @pytest.fixture(autouse=True)
    def today(self, time_machine):
        time_machine.move_to(NOW, tick=False)

    @pytest.fixture
    def school(self):
        return teams.organisation(requires_approval=True)

    @pytest.fixture
    def lead(self, school):
        return teams.lead(school)

    def asked(self, school, **fields):
        someone = teams.person("Chloe O'Brien", at=school)
        return actions.book(event=teams.event(**fields), person=someone, by=someone, now=NOW)

    def link(self, booking, lead) -> str:
        return emails.approval_url(booking, lead=lead).removeprefix("http://localhost:8000")

    def test_the_email_carries_it_and_opening_it_changes_nothing(self, client, school, lead):
        booking = self.asked(school)
        email = Message.objects.get(recipient=lead, kind="bookings/approval_requested")
        assert self.link(booking, lead) in email.text
        page = client.get(self.link(booking, lead))
        assert page.status_code == 200
        assert "Chloe O&#x27;Brien would like to come to an event" in page.text
        booking.refresh_from_db()
        assert booking.status == Status.AWAITING_APPROVAL

    def test_a_press_approves(self, client, school, lead):
        booking = self.asked(school)
        page = client.post(self.link(booking, lead), {"answer": "approve"})
        assert "Booking approved" in page.text
        booking.refresh_from_db()
        assert (booking.status, booking.approved_by) == (Status.CONFIRMED, lead)

    def test_declining_needs_a_reason_which_the_person_is_told(self, client, school, lead):
        booking = self.asked(school)
        page = client.post(self.link(booking, lead), {"answer": "decline"})
        assert "Enter why you decline it" in page.text
        assert "<title>Error: " in page.text
        client.post(self.link(booking, lead), {"answer": "decline", "reason": "We are short of staff that day."})
        booking.refresh_from_db()
        assert booking.status == Status.DECLINED
        assert "short of staff" in Message.objects.get(kind="bookings/declined").text

    def test_a_press_after_the_place_lapsed_says_so(self, client, school, lead, time_machine):
        booking = self.asked(school)
        time_machine.move_to(booking.approval_due_at, tick=False)
        page = client.post(self.link(booking, lead), {"answer": "approve"})
        assert "The time to approve this booking has run out" in page.text
        actions.lapse_due_approvals(now=booking.approval_due_at)
        assert "The time to approve this booking has run out" in client.get(self.link(booking, lead)).text
        booking.refresh_from_db()
        assert booking.status == Status.LAPSED

    def test_who_lapsed_is_sent_back_to_the_event_only_while_it_can_be_booked(self, school):
        booking = self.asked(school)
        actions.lapse_due_approvals(now=booking.approval_due_at)
        told = Message.objects.get(kind="bookings/lapsed")
        assert "You can ask again" in told.text and booking.event.get_absolute_url() in told.text
        Message.objects.all().delete()
        late = self.asked(school)
        actions.lapse_due_approvals(now=late.event.closes_at)
        told = Message.objects.get(kind="bookings/lapsed")
        assert "ask again" not in told.text and late.event.course.get_absolute_url() in told.text

    def test_a_second_lead_is_told_what_the_first_decided(self, client, school, lead):
        booking = self.asked(school)
        actions.decline(booking=booking, by=lead, now=NOW, reason="Not this time.")
        page = client.post(self.link(booking, teams.lead(school)), {"answer": "approve"})
        assert "This booking was already declined." in page.text

    def test_approved_while_the_event_is_full_they_wait_in_the_place_of_their_request(self, client, school, lead):
        other = teams.organisation("Another school")
        event = teams.event(capacity=1)
        for person in (teams.person(at=other), teams.person(at=other)):
            actions.book(event=event, person=person, by=person, now=NOW)
        someone = teams.person(at=school)
        booking = actions.book(event=event, person=someone, by=someone, now=NOW)
        page = client.post(self.link(booking, lead), {"answer": "approve"})
        assert "on the waiting list, in the place of their request (position 2)" in page.text
        booking.refresh_from_db()
        assert (booking.status, booking.approved_by) == (Status.WAITING, lead)

    def test_promotion_after_that_asks_for_no_second_approval(self, school, lead):
        event = teams.event(capacity=1)
        first = teams.person(at=teams.organisation("Another school"))
        in_the_way = actions.book(event=event, person=first, by=first, now=NOW)
        someone = teams.person(at=school)
        booking = actions.book(event=event, person=someone, by=someone, now=NOW)
        actions.approve(booking=booking, by=lead, now=NOW)
        actions.cancel(booking=in_the_way, by=first, now=NOW)
        booking.refresh_from_db()
        assert booking.status == Status.CONFIRMED
        assert Message.objects.filter(recipient=lead, kind="bookings/approval_requested").count() == 1

    def test_the_link_dies_with_the_leadership_and_with_time_and_does_nothing_else(
        self, client, school, lead, time_machine
    ):
        booking = self.asked(school)
        link = self.link(booking, lead)
        give_back = reverse("bookings:approval", args=[signing.dumps(str(booking.code), salt=emails.GIVE_BACK)])
        assert client.get(give_back).status_code == 404
        CPDLead.objects.filter(person=lead).delete()
        assert client.get(link).status_code == 404
        CPDLead.objects.create(person=lead, organisation=school)
        assert client.get(link).status_code == 200
        time_machine.move_to(NOW + timedelta(days=91), tick=False)
        assert client.get(link).status_code == 404
