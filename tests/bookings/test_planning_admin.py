"""T&D plans in the admin: copies, many at once, messages to the people booked, a warning of few bookings."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from bookings import actions
from courses import actions as courses
from courses.models import Event
from notifications.models import Message
from tests.factories import UserFactory, make_event

LONDON = timezone.get_default_timezone()
LIST = "admin:courses_event_changelist"
pytestmark = pytest.mark.django_db


def at(year, month, day, hour=9, minute=30) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


@pytest.fixture
def booked_event(book):
    """An event with two people confirmed and one waiting."""
    event = make_event(capacity=3)
    for name in ("Amina Żuk", "Ben O'Brien", "Chiara Rossi"):
        book(event, UserFactory(full_name=name), at=timezone.now())
    return event


class TestCopies:
    @pytest.fixture
    def two_days(self):
        sessions = [(at(2027, 3, 15), at(2027, 3, 15, 16)), (at(2027, 3, 22), at(2027, 3, 22, 16))]
        return make_event(sessions=sessions, capacity=12, minimum=6, joining_instructions="Bring photo ID.")

    def test_everything_but_dates_bookings_and_publication(self, two_days, book):
        book(two_days, UserFactory(), at=timezone.now())
        messages = Message.objects.count()
        copy = courses.clone_event(event=two_days, first_day=date(2027, 3, 22), by=None)
        same = ("course", "venue", "capacity", "minimum", "joining_instructions", "audience", "vcs_places")
        assert [getattr(copy, name) for name in same] == [getattr(two_days, name) for name in same]
        assert set(copy.trainers.all()) == set(two_days.trainers.all())
        assert (copy.status, copy.first_published_at, copy.bookings.count(), copy.held_other) == ("draft", None, 0, 0)
        assert copy.reference != two_days.reference and Message.objects.count() == messages

    def test_keeps_the_london_times_across_the_clock_change(self, two_days):
        copy = courses.clone_event(event=two_days, first_day=date(2027, 3, 22), by=None)
        starts = [timezone.localtime(session.starts_at) for session in copy.sessions.all()]
        assert starts == [at(2027, 3, 22), at(2027, 3, 29)] and [start.hour for start in starts] == [9, 9]

    def test_a_series_is_looked_at_then_made(self, client, officer, two_days):
        url = reverse("admin:courses_event_clone", args=[two_days.pk])
        page = client.post(url, {"days": "12/4/2027\n26/12/2027"}).text
        assert "Monday 12 April 2027, 9:30am to 4:30pm; Monday 19 April 2027" in page
        assert "Sunday 26 December 2027 is a weekend or bank holiday." in page and Event.objects.count() == 1
        client.post(url, {"days": "12/4/2027\n26/4/2027", "make": "yes"})
        assert Event.objects.filter(status="draft", created_by=officer).count() == 2

    def test_several_events_keep_their_distances(self, client, officer, two_days):
        second = make_event(starts_at=at(2027, 4, 12), published=False)
        chosen = {"action": "copy_selected", "_selected_action": [second.pk, two_days.pk], "apply": "yes"}
        page = client.post(reverse(LIST), {**chosen, "first_day": "13/9/2027"}).text
        assert "Monday 13 September 2027, 9:30am to 4:30pm; Monday 20 September 2027" in page
        assert "Monday 11 October 2027" in page and Event.objects.count() == 2
        client.post(reverse(LIST), {**chosen, "first_day": "13/9/2027", "make": "yes"})
        starts = Event.objects.filter(created_by=officer).values_list("starts_at", flat=True)
        assert list(starts) == [at(2027, 9, 13), at(2027, 10, 11)]

    def test_a_series_is_copied_whole_or_not_at_all(self, client, officer, two_days):
        make_event(starts_at=at(2027, 4, 12))
        trainer = two_days.trainers.get()
        trainer.train_the_trainer_on = None
        trainer.save()
        chosen = {"action": "copy_selected", "_selected_action": Event.objects.values_list("pk", flat=True)}
        page = client.post(reverse(LIST), {**chosen, "apply": "yes", "first_day": "13/9/2027", "make": "yes"}).text
        assert "without a completed train-the-trainer programme" in page and Event.objects.count() == 2

    def test_a_wrong_date_is_named_with_its_line(self, client, officer, two_days):
        url = reverse("admin:courses_event_clone", args=[two_days.pk])
        page = client.post(url, {"days": "12/4/2027\n31/2/2027", "make": "yes"}).text
        assert "Line 2: “31/2/2027” is not a date like 2/3/2027." in page and Event.objects.count() == 1


class TestManyAtOnce:
    def run(self, client, action, *events, **data):
        data = {"action": action, "_selected_action": [event.pk for event in events], **data}
        return client.post(reverse(LIST), data)

    def test_cancelling_asks_with_the_numbers_then_tells_everyone(self, client, officer, booked_event):
        other = make_event()
        page = self.run(client, "cancel_selected", booked_event, other).text
        assert "3 people will be told (2 confirmed, 1 waiting list)" in page and "Amina Żuk" in page
        assert Event.objects.filter(status="cancelled").count() == 0
        self.run(client, "cancel_selected", booked_event, other, apply="yes", reason="Snow")
        assert Event.objects.filter(status="cancelled").count() == 2
        assert Message.objects.filter(kind="bookings/event_cancelled").count() == 3

    def test_a_message_is_looked_at_then_sent_to_each_with_a_place_once(self, client, officer, booked_event):
        note = {"apply": "yes", "subject": "Bring a laptop", "text": "We will look at cases online.", "token": "t1"}
        page = self.run(client, "message_selected", booked_event, **note).text
        assert "This is what each of them gets" in page and "We will look at cases online." in page
        assert not Message.objects.filter(kind="bookings/note").exists()
        for _ in range(2):
            self.run(client, "message_selected", booked_event, send="yes", **note)
        sent = Message.objects.filter(kind="bookings/note")
        assert {message.recipient.full_name for message in sent} == {"Amina Żuk", "Ben O'Brien"}
        assert sent.first().subject == "Bring a laptop" and "cases online" in sent.first().text

    def test_registers_as_one_pdf(self, client, officer, booked_event):
        answer = self.run(client, "print_registers", booked_event, make_event())
        assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")

    def test_a_spreadsheet(self, client, officer, booked_event):
        answer = self.run(client, "export_selected", booked_event)
        sheet = load_workbook(BytesIO(answer.content)).active
        headings, row = ([cell.value for cell in line] for line in sheet.iter_rows())
        assert dict(zip(headings, row, strict=True))["Booked, others"] == 2
        assert row[0] == booked_event.reference


class TestFewBookings:
    def test_td_is_told_once_ten_days_before(self):
        start = timezone.now() + timedelta(days=12)
        event = make_event(starts_at=start, minimum=6)
        make_event(starts_at=start)  # has no minimum
        moments = [start - timedelta(days=10, minutes=1), start - timedelta(days=10), start - timedelta(days=9)]
        assert [actions.warn_of_few_bookings(now=now) for now in moments] == [0, 1, 0]
        message = Message.objects.get(kind="bookings/few_bookings")
        assert message.to == "training@wscb.example" and "It needs at least 6." in message.text
        assert event.reference in message.text

    def test_not_when_enough_are_booked(self, book):
        event = make_event(days=5, minimum=2, capacity=9)
        for _ in range(2):
            book(event, UserFactory(), at=timezone.now())
        assert actions.warn_of_few_bookings(now=timezone.now()) == 0


def test_who_has_a_clash_after_a_move_is_told_of_it(book):
    """Events 27."""
    person = UserFactory()
    first, second = make_event(days=20, capacity=9), make_event(days=30, capacity=9)
    for event in (first, second):
        book(event, person, at=timezone.now())
    session = second.sessions.get()
    session.starts_at, session.ends_at = first.starts_at, first.ends_at
    session.save()
    moved = courses.settle(event=second, by=None)
    actions.announce_change(event=moved, changes=["The event is now earlier."], by=None, now=timezone.now())
    text = Message.objects.get(kind="bookings/event_changed").text
    assert f"You also have a place on {first.course.title} at that time." in text


@pytest.mark.parametrize("model", ["courses_event", "bookings_booking", "accounts_user"])
def test_history_pages_open_and_hold_no_access_needs(client, officer, book, model):
    event, person = make_event(capacity=9), UserFactory()
    booking = actions.book(event=event, person=person, by=person, now=timezone.now(), access_needs="I use a wheelchair")
    thing = {"courses_event": event, "bookings_booking": booking, "accounts_user": person}[model]
    page = client.get(reverse(f"admin:{model}_history", args=[thing.pk]))
    assert page.status_code == 200 and "wheelchair" not in page.text
