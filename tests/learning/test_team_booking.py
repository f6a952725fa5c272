"""A lead books, swaps, cancels, approves, notes absences, invites and takes leave of staff, on the pages."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Invitation, User
from bookings import actions
from bookings.models import Booking
from notifications.models import Message
from tests import teams
from tests.teams import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
Status = Booking.Status


def url(page, school, *arguments) -> str:
    return reverse(f"learning:{page}", args=[school.pk, *arguments])


@pytest.mark.parametrize("several", [False, True])
def test_to_book_for_what_is_no_event_leads_nowhere(client, several):
    schools = [teams.organisation(f"School {number}") for number in range(1 + several)]
    client.force_login(teams.lead(*schools))
    for reference in ("//x", "E-NONE", "a%00b"):
        assert client.get(f"/team/?event={reference}").status_code == 404, reference
    there = client.get(f"/team/?event={teams.event().reference}")
    assert there.status_code == (200 if several else 302)


class TestBooking:
    def press(self, client, school, event, people, **data):
        address = url("team_book", school, event.reference)
        return client.post(address, {"people": [person.pk for person in people], "pressed": "", **data}, follow=True)

    def test_15_staff_and_9_places_the_lead_chooses_before_anything_is_written(self, client, school, lead):
        staff = [teams.person(f"Person {n:02}", at=school) for n in range(15)]
        event = teams.event(capacity=9)
        page = self.press(client, school, event, staff).text
        assert "Only 9 places for 15 people" in page
        assert "Book 9, and put 6 on the waiting list" in page
        assert "Go back without booking" in page
        assert not Booking.objects.exists()
        page = self.press(client, school, event, staff, book="yes", places_expected="9").text
        assert "9 people have a place, and 6 people are on the waiting list" in page
        assert Booking.objects.confirmed().count() == 9
        assert "Position 6" in page

    def test_places_taken_meanwhile_nobody_is_booked_and_the_choice_is_put_anew(self, client, school, lead):
        staff, event = [teams.person(at=school) for _ in range(3)], teams.event(capacity=3)
        stranger = teams.person(at=teams.organisation("Another school"))
        actions.book(event=event, person=stranger, by=stranger, now=NOW)
        page = self.press(client, school, event, staff, book="yes", places_expected="3").text
        assert "Places were taken in the meantime: 2 are left now. Nobody was booked." in page
        assert "Book 2, and put 1 on the waiting list" in page
        assert event.bookings.count() == 1

    def test_the_back_button_and_a_second_press_book_nobody_twice(self, client, school, lead):
        person, event = teams.person("Ben", at=school), teams.event()
        for _ in range(2):
            page = self.press(client, school, event, [person], book="yes", places_expected="0")
        assert "Ben was not booked. Already has a place." in page.text
        assert event.bookings.count() == 1

    def test_nobody_of_another_organisation_and_nobody_unconfirmed_can_be_slipped_in(self, client, school, lead):
        outsider = teams.person(at=teams.organisation("Another school"))
        newcomer = teams.person(at=school, confirmed=False)
        for person in (outsider, newcomer):
            page = self.press(client, school, teams.event(), [person], book="yes", places_expected="1")
            assert "is not one of the available choices" in page.text
        assert not Booking.objects.exists()

    def test_whose_pathway_it_would_fill_comes_first_with_what_it_would_fill(self, client, school, lead, pathway):
        for name, done in (("Anna Has", pathway), ("Zoe Lacks", [])):
            teams.completed(teams.person(name, at=school), *done)
        course = teams.course()
        course.satisfies.set(pathway[:1])
        event = teams.event(course)
        page = client.get(url("team_book", school, event.reference))
        found = [(person.full_name, [cell.content.pk for cell in needs]) for person, needs in page.context["staff"]]
        assert found == [("Zoe Lacks", ["C1"]), ("Ada Lead", []), ("Anna Has", [])]
        assert "Would fill: C1" in page.text

    def test_from_a_person_to_the_events_that_fill_what_they_miss(self, client, school, lead, pathway):
        person, course = teams.person("Zoe Lacks", at=school), teams.course("Basics")
        course.satisfies.set(pathway[:1])
        event, other = teams.event(course), teams.event(teams.course("Gangs"))
        book = f"{url('team_book', school, event.reference)}?people={person.pk}"
        assert book in client.get(url("team_person", school, person.pk)).text
        page = client.get(url("team_events", school), {"people": person.pk, "content": "C1"})
        assert book in page.text and other.reference not in page.text
        assert f'value="{person.pk}" id="people" checked' in client.get(book).text

    def test_nobody_ticked_is_an_error_that_says_so(self, client, school, lead):
        page = self.press(client, school, teams.event(), []).text
        assert "Select at least one person" in page
        assert "<title>Error: " in page

    def test_an_event_that_is_over_offers_nobody(self, client, school, lead, time_machine):
        event = teams.event(days=1)
        time_machine.move_to(event.starts_at, tick=False)
        assert "already started" in client.get(url("team_book", school, event.reference)).text

    def test_who_waits_stands_behind_a_reason_when_the_places_are_kept(self, client, school, lead):
        event = teams.event(capacity=10)
        type(event).objects.filter(pk=event.pk).update(released_at=None)
        staff = [teams.person(at=school) for _ in range(10)]
        assert "Book 9, and put 1 on the waiting list" in self.press(client, school, event, staff).text


class TestChangingBookings:
    def test_swap_on_the_page_refuses_with_the_reason_and_then_works(self, client, school, lead):
        old, busy, new = (teams.person(name, at=school) for name in ("Old", "Busy", "New"))
        event, same_time = teams.event(), teams.event(teams.course("Gangs"))
        booking = actions.book(event=event, person=old, by=old, now=NOW)
        actions.book(event=same_time, person=busy, by=busy, now=NOW)
        page = client.post(url("team_swap", school, booking.code), {"colleague": busy.pk}).text
        assert "Busy: Has a place on Gangs at the same time." in page
        page = client.post(url("team_swap", school, booking.code), {"colleague": new.pk}, follow=True).text
        assert "New has the place of Old now. Both are told." in page
        assert event.bookings.confirmed().get().person == new

    def test_cancelling_late_asks_for_the_reason(self, client, school, lead):
        booking = actions.book(event=teams.event(days=1), person=lead, by=lead, now=NOW - timedelta(days=3))
        page = client.post(url("team_cancel", school, booking.code), {"pressed": ""}).text
        assert "Enter why you are cancelling" in page
        client.post(url("team_cancel", school, booking.code), {"reason": "Sick"})
        booking.refresh_from_db()
        assert (booking.status, booking.is_late, booking.ended_by) == (Status.CANCELLED, True, lead)

    def test_late_cancellations_and_absences_are_listed_with_their_reasons(self, client, school, lead):
        absent, late = teams.person("Absent Ann", at=school), teams.person("Late Lou", at=school)
        event = teams.event(days=1)
        missed = actions.book(event=event, person=absent, by=absent, now=NOW)
        given_up = actions.book(event=event, person=late, by=late, now=NOW)
        actions.cancel(booking=given_up, by=late, now=NOW, reason="Cover fell through")
        [session] = event.sessions.all()
        after = event.ends_at + timedelta(hours=1)
        actions.mark_attendance(
            event=event, marks={(missed.pk, session.pk): "absent"}, seen={}, by=None, now=event.starts_at
        )
        actions.close_register(event=event, by=None, now=after)
        page = client.get(url("team_bookings", school), {"view": "missed"}).text
        assert "Absent Ann" in page and "No reason noted." in page
        assert "Did not attend" in page and "Cancelled late" in page
        assert "Late Lou" in page and "Cover fell through" in page
        client.post(url("team_absence", school, missed.code), {"reason": "Off sick"})
        assert "Off sick" in client.get(url("team_bookings", school), {"view": "missed"}).text

    def test_past_bookings_say_who_attended(self, client, school, lead, time_machine):
        event, marks = teams.event(days=1, capacity=3), {}
        for name, mark in (("There Tia", "attended"), ("Partly Pat", "left_early"), ("Unmarked Una", "")):
            person = teams.person(name, at=school)
            booking = actions.book(event=event, person=person, by=person, now=NOW)
            marks |= {(booking.pk, event.sessions.get().pk): mark} if mark else {}
        late = teams.person("Waiting Will", at=school)
        assert actions.book(event=event, person=late, by=late, now=NOW).is_waiting
        after = event.ends_at + timedelta(hours=1)
        actions.mark_attendance(event=event, marks=marks, seen={}, by=None, now=after)
        time_machine.move_to(after, tick=False)
        page = client.get(url("team_bookings", school), {"view": "past"})
        found = {booking.person.full_name: booking.use_in_words for booking in page.context["page_obj"]}
        expected = {"There Tia": "Attended", "Partly Pat": "Attended in part", "Unmarked Una": "Not marked yet"}
        assert found == expected | {"Waiting Will": "No place came free"}
        assert "Position 1" not in page.text
        assert "Partly Pat" not in client.get(url("team_bookings", school), {"view": "past", "q": "tia"}).text

    def test_a_lead_approves_on_the_page_and_a_lapse_in_between_is_told(self, client, lead, school, time_machine):
        school.requires_approval = True
        school.save()
        first, second = teams.person(at=school), teams.person(at=school)
        booked = [actions.book(event=teams.event(), person=each, by=each, now=NOW) for each in (first, second)]
        assert client.get(url("team_approvals", school)).text.count("A place is held until") == 2
        client.post(url("team_approve", school, booked[0].code), {"answer": "approve"})
        time_machine.move_to(booked[1].approval_due_at, tick=False)
        page = client.post(url("team_approve", school, booked[1].code), {"answer": "approve"}).text
        assert "The time to approve this booking has run out" in page
        assert [Booking.objects.get(pk=each.pk).status for each in booked] == [Status.CONFIRMED, "awaiting"]


class TestJoiningAndLeaving:
    def test_each_bad_line_is_named_and_nobody_is_invited(self, client, school, lead):
        pasted = "ann@school.example\nBen\nCarys Lee <carys@school>\n\ndev@school.example"
        page = client.post(url("team_invite", school), {"addresses": pasted}).text
        assert "Line 2: “Ben” has no email address" in page
        assert "Line 3: “carys@school” is not an email address" in page
        assert "ann@school.example" in page  # what was typed is not lost
        assert not Invitation.objects.exists()

    def test_a_pasted_list_with_names_is_read(self, client, school, lead):
        pasted = "Ann Lee <ANN@school.example>; ben@school.example\ncarys@school.example\tTeacher"
        client.post(url("team_invite", school), {"addresses": pasted})
        assert set(Invitation.objects.values_list("email", flat=True)) == {
            "ann@school.example", "ben@school.example", "carys@school.example",
        }  # fmt: skip

    def test_somebody_is_confirmed_and_then_in_the_team(self, client, school, lead):
        newcomer = teams.person("Newcomer", at=school, confirmed=False)
        assert "1 person says that they work here" in client.get(url("team", school)).text
        client.post(url("team_settle", school, newcomer.memberships.get().pk), {"answer": "yes"})
        assert "Newcomer" in client.get(url("team", school)).text

    def test_nobody_is_refused_by_one_press_beside_the_other(self, client, school, lead):
        membership = teams.person("Newcomer", at=school, confirmed=False).memberships.get()
        page = client.get(url("team_joining", school)).text
        assert 'value="yes"' in page and 'value="no"' not in page
        asks = client.get(url("team_settle", school, membership.pk)).text
        assert "Do they not work here?" in asks and "Newcomer" in asks
        assert (
            "does not know them"
            in client.post(url("team_settle", school, membership.pk), {"answer": "no"}, follow=True).text
        )

    def test_somebody_without_email_is_added(self, client, school, lead):
        data = {"full_name": "Amina O’Neill", "job_role": "Volunteer", "group": teams.group(2).pk}
        page = client.post(url("team_add", school), data, follow=True).text
        assert "You get their messages" in page
        assert User.objects.get(full_name="Amina O’Neill").coordinator == lead

    def test_another_group_of_somebody_without_email_needs_its_reason(self, client, school, lead):
        person = teams.person("Volunteer Val", at=school, email=None, coordinator=lead)
        answers = {"full_name": "Volunteer Val", "job_role": "Leader", "group": teams.group(6).pk}
        assert "Enter why the group changes" in client.post(url("team_edit", school, person.pk), answers).text
        client.post(url("team_edit", school, person.pk), {**answers, "reason": "Leads the team now"})
        page = client.get(url("team_person", school, person.pk)).text
        assert "Group 6 since 23 November 2026: Leads the team now" in page

    @pytest.mark.parametrize(("answer", "status"), [("cancel", Status.CANCELLED), ("keep", Status.CONFIRMED)])
    def test_a_leavers_bookings_are_cancelled_or_kept_as_the_lead_says(self, client, school, lead, answer, status):
        leaver = teams.person("Leaver", at=school)
        booking = actions.book(event=teams.event(), person=leaver, by=leaver, now=NOW)
        day = {"ended_on_0": "20", "ended_on_1": "11", "ended_on_2": "2026"}
        page = client.post(url("team_leave", school, leaver.pk), day).text
        assert "Select what should happen to their bookings" in page
        client.post(url("team_leave", school, leaver.pk), {**day, "bookings": answer})
        booking.refresh_from_db()
        leaver.refresh_from_db()
        assert booking.status == status
        assert leaver.organisation is None
        assert Message.objects.filter(kind="bookings/cancelled", recipient=leaver).exists() == (answer == "cancel")

    @pytest.mark.parametrize(("year", "sentence"), [("2027", "today or in the past"), ("1999", "after they started")])
    def test_a_last_day_that_cannot_be(self, client, school, lead, year, sentence):
        leaver = teams.person(at=school)
        day = {"ended_on_0": "1", "ended_on_1": "1", "ended_on_2": year}
        assert sentence in client.post(url("team_leave", school, leaver.pk), day).text

    def test_approval_is_switched_with_its_history(self, client, school, lead):
        client.post(url("team_settings", school), {"requires_approval": "yes"})
        page = client.get(url("team_settings", school)).text
        assert f"bookings need approval, by {lead}" in page
