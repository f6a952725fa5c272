"""Two accounts turn out to be one person: everything moves, nothing is lost or doubled (edge case 23)."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts import schools
from accounts.models import User
from bookings.actions import Refused, book, close_register, mark_attendance
from bookings.models import Attendance, Booking, TrainingRecord
from courses.actions import register_interest
from courses.models import Event
from evaluations.models import Evaluation, Questionnaire
from learning.actions import merge_accounts
from tests import teams
from tests.teams import NOW, TODAY, completed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
Status = Booking.Status


@pytest.fixture
def td():
    return teams.person("T and D", is_superuser=True, is_staff=True)


@pytest.fixture
def keep(school):
    return teams.person("Chloe O'Brien", at=school, email="chloe@school.example")


@pytest.fixture
def gone():
    return teams.person("C. O'Brien", at=teams.organisation("Old School"), email="chloe@old.example")


def merge(keep, gone, td) -> User:
    merge_accounts(keep=keep, gone=gone, by=td, now=NOW)
    gone.refresh_from_db()
    keep.refresh_from_db()
    return keep


def attended(event, *people):
    """Let these people attend the event, which ended an hour ago."""
    bookings = [
        book(event=event, person=person, by=person, now=event.starts_at - timedelta(days=2)) for person in people
    ]
    [session] = event.sessions.all()
    marks = {(booking.pk, session.pk): "attended" for booking in bookings}
    mark_attendance(event=event, marks=marks, seen={}, by=None, now=event.starts_at)
    close_register(event=event, by=None, now=event.ends_at)
    return bookings


def test_bookings_records_interests_and_evaluations_move(keep, gone, td):
    booking = book(event=teams.event(), person=gone, by=gone, now=NOW)
    record = completed(gone, days_ago=30)
    course = teams.course()
    register_interest(course=course, person=gone, now=NOW)
    questionnaire = Questionnaire.objects.create(kind="pre")
    form = Evaluation.objects.create(
        booking=booking, kind="pre", questionnaire=questionnaire, respondent=gone, opens_at=NOW
    )
    merge(keep, gone, td)
    for row in (booking, record, form):
        row.refresh_from_db()
    assert (booking.person, record.person, form.respondent) == (keep, keep, keep)
    assert keep.interests.get().course == course
    assert not gone.bookings.exists() and not gone.training_records.exists()


def test_what_was_changed_since_the_page_was_read_stays(keep, gone, td):
    User.objects.filter(pk=keep.pk).update(manager_email="head@school.example")
    assert merge(keep, gone, td).manager_email == "head@school.example"


def test_pressed_twice_at_once_it_is_refused_the_second_time(keep, gone, td):
    before = User.objects.get(pk=gone.pk)
    merge(keep, gone, td)
    with pytest.raises(Refused):
        merge_accounts(keep=keep, gone=before, by=td, now=NOW)


def test_a_booking_keeps_the_organisation_under_which_it_was_made(keep, gone, td):
    old = gone.organisation
    booking = book(event=teams.event(), person=gone, by=gone, now=NOW)
    merge(keep, gone, td)
    booking.refresh_from_db()
    assert (booking.person, booking.organisation) == (keep, old)
    assert booking.history.first().history_user == td


def test_of_two_bookings_of_one_event_the_better_stays_and_the_place_goes_to_the_list(keep, gone, td, school):
    event = teams.event(capacity=2)
    for person in (keep, gone):
        book(event=event, person=person, by=person, now=NOW)
    waiting = book(event=event, person=teams.person(at=school), by=None, now=NOW)
    merge(keep, gone, td)
    waiting.refresh_from_db()
    event.refresh_from_db()
    assert keep.bookings.live().count() == 1
    assert waiting.status == Status.CONFIRMED
    assert (event.held_other, event.waiting) == (2, 0)


def test_the_confirmed_one_stays_even_when_it_was_the_account_that_goes(keep, gone, td, school):
    event = teams.event(capacity=1)
    book(event=event, person=gone, by=gone, now=NOW)
    waiting = book(event=event, person=keep, by=keep, now=NOW)
    merge(keep, gone, td)
    [live] = keep.bookings.live()
    assert live.status == Status.CONFIRMED
    assert live != waiting
    event.refresh_from_db()
    assert (event.held_other, event.waiting) == (1, 0)


def test_both_at_one_event_is_one_record_and_the_marks_stay(keep, gone, td, time_machine):
    event = teams.event(days=3)
    time_machine.move_to(NOW + timedelta(days=4), tick=False)
    attended(event, keep, gone)
    merge_accounts(keep=keep, gone=gone, by=td, now=NOW + timedelta(days=4))
    assert TrainingRecord.objects.counted().filter(person=keep).count() == 1
    assert keep.bookings.confirmed().count() == 1
    assert Attendance.objects.filter(booking__person=keep).count() == 2
    assert Event.objects.get(pk=event.pk).held_other == 1


def test_the_same_course_on_the_same_day_counts_once(keep, gone, td):
    record = completed(keep, days_ago=30)
    TrainingRecord.objects.create(person=gone, course=record.course, source="online", completed_on=record.completed_on)
    other_day = TrainingRecord.objects.create(person=gone, course=record.course, source="online", completed_on=TODAY)
    merge(keep, gone, td)
    assert set(TrainingRecord.objects.counted().filter(person=keep)) == {record, other_day}


def test_one_organisation_one_leadership_one_role_one_interest(keep, gone, td, school):
    for person in (keep, gone):
        school.leadships.create(person=person)
        schools.name_safeguarding_lead(organisation=school, person=person, role="lead", since=TODAY, by=td)
    course = teams.course()
    for person in (keep, gone):
        register_interest(course=course, person=person, now=NOW)
    merge(keep, gone, td)
    assert keep.organisation == school
    assert keep.memberships.filter(ended_on=None).count() == 1
    assert keep.memberships.count() == 2  # that they worked at the old school is not forgotten
    assert keep.leadships.count() == 1
    assert keep.safeguarding_roles.filter(until=None).count() == 1
    assert keep.interests.count() == 1


def test_an_account_that_knows_nothing_yet_takes_over_what_the_other_knew(td, gone):
    keep = teams.person("", email="new@school.example", job_role="", group=None)
    User.objects.filter(pk=keep.pk).update(full_name="")
    keep.refresh_from_db()
    old = gone.organisation
    merge(keep, gone, td)
    assert (keep.full_name, keep.job_role, keep.organisation) == ("C. O'Brien", "Teacher", old)
    assert keep.group is not None


def test_the_account_that_goes_is_closed_and_opens_nothing(keep, gone, td, client):
    EmailAddress.objects.create(user=gone, email=gone.email, verified=True, primary=True)
    merge(keep, gone, td)
    assert (gone.is_active, gone.email, gone.merged_into) == (False, None, keep)
    assert keep.email == "chloe@school.example"
    assert not EmailAddress.objects.filter(user=gone).exists()


def test_somebody_without_email_gets_the_email_of_their_other_account(school, td, gone):
    lead = teams.lead(school)
    managed = teams.person("Chloe", at=school, email=None, coordinator=lead)
    EmailAddress.objects.create(user=gone, email=gone.email, verified=True, primary=True)
    password = gone.password
    merge(managed, gone, td)
    assert (managed.email, managed.password, managed.coordinator) == ("chloe@old.example", password, None)
    assert EmailAddress.objects.get(email="chloe@old.example").user == managed


def test_people_whom_the_lead_looked_after_are_looked_after_still(keep, gone, td, school):
    managed = teams.person(at=school, email=None, coordinator=gone)
    merge(keep, gone, td)
    managed.refresh_from_db()
    assert managed.message_email == keep.email


@pytest.mark.parametrize("case", ["same", "erased", "merged", "staff"])
def test_refused(keep, gone, td, case):
    if case == "same":
        gone = keep
    if case == "erased":
        gone.erased_at = NOW
    if case == "merged":
        gone.merged_into = td
    if case == "staff":
        gone.is_staff = True
    gone.save()
    with pytest.raises(Refused):
        merge_accounts(keep=keep, gone=gone, by=td, now=NOW)


class TestOnThePages:
    def test_td_finds_the_other_account_compares_and_merges(self, client, keep, gone, td):
        client.force_login(td)
        url = reverse("learning:merge", args=[keep.pk])
        assert "chloe@old.example" in client.get(url, {"q": "O'Brien"}).text
        page = client.get(f"{url}?other={gone.pk}").text
        assert "This can&#x27;t be undone" in page or "This can't be undone" in page
        gone.refresh_from_db()
        assert gone.is_active  # opening changes nothing
        client.post(f"{url}?other={gone.pk}")
        gone.refresh_from_db()
        assert gone.merged_into == keep

    def test_the_buttons_stand_on_the_persons_screen(self, client, keep, td):
        client.force_login(td)
        page = client.get(reverse("admin:accounts_user_change", args=[keep.pk])).text
        assert reverse("learning:merge", args=[keep.pk]) in page
        assert reverse("learning:erase", args=[keep.pk]) in page

    @pytest.mark.parametrize("page", ["merge", "erase"])
    def test_nobody_else_finds_these_pages(self, client, keep, gone, school, page):
        for someone in (keep, teams.lead(school)):
            client.force_login(someone)
            for method in (client.get, client.post):
                assert method(reverse(f"learning:{page}", args=[gone.pk])).status_code == 404
