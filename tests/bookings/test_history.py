"""Who changed what, and when: T&D reads it on the history pages of events, bookings and people."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from accounts.actions import leave_organisation, set_details
from accounts.models import CPDLead, Membership
from accounts.models.user import TD_SERVICE, TRAINER
from bookings import actions
from bookings.models import Attendance, Booking, Charge
from courses import actions as courses
from courses.models import Session
from tests.bookings.test_admin import form_of
from tests.factories import OrganisationFactory, TrainerFactory, UserFactory, VenueFactory, make_event, make_lead
from wscb_training.histories import Change, entries
from wscb_training.wording import clock, short_day

pytestmark = pytest.mark.django_db


def changes(record, **options) -> list[Change]:
    return [change for entry in entries(record, **options) for change in entry.changes]


class TestOfRoles:
    """Who made whom what, and when: groups, the right to open the admin, leaderships (§8, §13)."""

    @pytest.fixture
    def chief(self, client, officer):
        chief = UserFactory(full_name="Grace Okafor", is_staff=True, is_superuser=True)
        client.force_login(chief)
        return chief

    def give(self, client, person, *roles, **changes):
        data = {
            "full_name": person.full_name, "email": person.email or "", "job_role": person.job_role,
            "organisation": person.organisation_id or "", "group": person.group_id or "", "wants_alert": "on",
            "groups": [Group.objects.get(name=role).pk for role in roles], "memberships-TOTAL_FORMS": 0,
            "memberships-INITIAL_FORMS": 0, **changes,
        }  # fmt: skip
        answer = client.post(reverse("admin:accounts_user_change", args=[person.pk]), data)
        assert answer.status_code == 302, [line for line in answer.text.splitlines() if "errorlist" in line]

    def test_a_role_given_and_taken_away_stands_on_the_persons_page(self, client, officer):
        person = UserFactory(full_name="Ada Reed")
        self.give(client, person, TRAINER)
        self.give(client, person)
        taken, given, *_ = entries(person)
        assert (given.by, given.reason) == ("Dominic Clarke", "Roles: Trainer (before: none).")
        assert (taken.by, taken.reason) == ("Dominic Clarke", "Roles: none (before: Trainer).")
        page = client.get(reverse("admin:accounts_user_history", args=[person.pk])).text
        assert "Roles: Trainer (before: none)." in page and "Dominic Clarke" in page

    def test_a_save_that_changes_no_role_says_nothing_of_roles(self, client, officer):
        person = UserFactory(full_name="Ada Reed")
        self.give(client, person, TRAINER)
        self.give(client, person, TRAINER, job_role="Head teacher")
        assert [entry.reason for entry in entries(person)][:2] == ["", "Roles: Trainer (before: none)."]

    def test_the_right_to_open_the_admin(self, client, chief):
        person = UserFactory(full_name="Ada Reed")
        self.give(client, person, TD_SERVICE, is_staff="on")
        roles, staff, *_ = entries(person)
        assert roles.reason.startswith("Roles: T&D Service (before: none).")
        assert Change("May open the admin", "no", "yes") in staff.changes and staff.by == "Grace Okafor"

    def test_a_leadership_stands_on_both_pages(self, client, officer):
        school, person = OrganisationFactory(name="Balham Park School"), UserFactory(full_name="Ada Reed")
        lead = CPDLead(organisation=school, person=person)
        lead._history_user = officer
        lead.save()
        CPDLead.objects.filter(pk=lead.pk).delete()
        for page in (("user", person), ("organisation", school)):
            text = client.get(reverse(f"admin:accounts_{page[0]}_history", args=[page[1].pk])).text
            assert "CPD lead added" in text and "CPD lead removed" in text and "Dominic Clarke" in text
        assert "Balham Park School" in client.get(reverse("admin:accounts_user_history", args=[person.pk])).text

    def test_leaving_an_organisation_ends_the_leadership_with_who_did_it(self, officer):
        school = OrganisationFactory(name="Balham Park School")
        lead = make_lead(school)
        membership = Membership.objects.create(person=lead, organisation=school, started_on=timezone.localdate())
        leave_organisation(membership=membership, by=officer, on=timezone.localdate())
        gone = CPDLead.history.filter(person=lead).first()
        assert (gone.history_type, gone.history_user) == ("-", officer)


class TestOfAnEvent:
    def test_publishing_and_cancelling_stand_there_with_who_did_it(self, officer):
        event = make_event(published=False)
        courses.publish(event=event, by=officer, now=timezone.now())
        actions.cancel_event(event=event, by=officer, now=timezone.now(), reason="Snow")
        newest, published, *_ = entries(event)
        assert (newest.by, published.by) == ("Dominic Clarke", "Dominic Clarke")
        assert Change("Status", "Draft", "Published") in published.changes
        assert Change("Status", "Published", "Cancelled") in newest.changes
        assert Change("Cancel reason", "–", "Snow") in newest.changes

    def test_a_change_on_its_page_names_venue_trainers_and_times(self, client, officer):
        ten = (timezone.localtime() + timedelta(days=30)).replace(hour=10, minute=0)
        trainer = TrainerFactory(name="Ama Mensah")
        event = make_event(starts_at=ten, venue=VenueFactory(name="Town Hall"), trainers=[trainer])
        session, venue = event.sessions.get(), VenueFactory(name="Balham Library")
        later = timezone.localtime(session.starts_at + timedelta(days=1)).date()
        data = form_of(
            event, venue=venue.pk, trainers=[TrainerFactory(name="Jo Bell").pk],
            **{"sessions-0-starts_at_0": later, "sessions-0-ends_at_0": later},
        )  # fmt: skip
        answer = client.post(reverse("admin:courses_event_change", args=[event.pk]), data)
        assert answer.status_code == 302, [line for line in answer.text.splitlines() if "errorlist" in line]
        page = client.get(reverse("admin:courses_event_history", args=[event.pk])).text
        assert "<del>Town Hall</del>" in page and "<ins>Balham Library</ins>" in page
        assert "Trainers: Jo Bell (before: Ama Mensah)." in page and "Session changed" in page
        assert f"<ins>{short_day(later)}, {clock(session.starts_at)}</ins>" in page and "Dominic Clarke" in page
        assert "held" not in page and "revert" not in page

    def test_a_session_that_was_taken_away_is_named(self):
        event = make_event()
        event.sessions.get().delete()
        removed = entries(event, parts=[(Session, "event")])[0]
        assert (removed.about, removed.verb) == ("Session", "Removed")


class TestOfABooking:
    def test_from_the_place_to_the_mark(self, officer, book):
        event = make_event(capacity=9)
        booking = book(event, UserFactory(), at=timezone.now())
        now = event.starts_at + timedelta(minutes=5)
        cell = (booking.pk, event.sessions.get().pk)
        actions.mark_attendance(event=event, marks={cell: "late"}, seen={}, by=officer, now=now)
        told = entries(booking, parts=[(Attendance, "booking"), (Charge, "booking")])
        [marked] = [entry for entry in told if entry.about == "Attendance"]
        assert Change("Mark", "–", "Came late") in marked.changes and marked.by == "Dominic Clarke"

    def test_a_cancellation_with_its_reason(self, book):
        booking = book(make_event(capacity=9), person := UserFactory(), at=timezone.now())
        actions.cancel(booking=booking, by=person, now=timezone.now(), reason="No cover")
        assert Change("Status", "Confirmed", "Cancelled") in changes(Booking.objects.get())


def test_of_a_person(officer):
    person = UserFactory(full_name="Chloe O'Brien")
    set_details(person=person, by=officer, full_name="Chloe Byrne")
    assert Change("Full name", "Chloe O'Brien", "Chloe Byrne") in changes(person)


def test_questions_to_the_database_do_not_grow_with_the_history(client, officer, django_assert_max_num_queries):
    event = make_event()
    for number in range(1, 40):
        event.venue = VenueFactory() if number % 2 else event.venue
        event.capacity = 20 + number
        event.save()
    with django_assert_max_num_queries(4):
        assert len(entries(event, parts=[(Session, "event")])) >= 39


def test_nobody_without_the_right_reads_it(client):
    client.force_login(UserFactory(is_staff=True))
    assert client.get(reverse("admin:courses_event_history", args=[make_event().pk])).status_code == 403
