"""The register: who may see it, marks, walk-ins, check-in, closing; each as the trainer in the room meets it."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from pypdf import PdfReader

from accounts.models.user import TD_SERVICE, TRAINER
from bookings import actions, check_ins, pdfs
from bookings.models import Attendance, Booking, TrainingRecord
from courses.models import Event
from tests.factories import OrganisationFactory, TrainerFactory, UserFactory, make_event, make_lead
from tests.tagged import faults

START = datetime(2026, 2, 2, 9, 30, tzinfo=UTC)
DURING, AFTER = START + timedelta(minutes=10), START + timedelta(days=7, hours=4)
pytestmark = pytest.mark.django_db


def role(name: str, **fields):
    person = UserFactory(**fields)
    person.groups.add(Group.objects.get_or_create(name=name)[0])
    return person


@pytest.fixture
def trainer(db):
    return role(TRAINER, full_name="Kezia Mensah")


@pytest.fixture
def event(now, trainer):
    """A two-day event of five places, trained by `trainer`."""
    sessions = [(START + timedelta(days=days), START + timedelta(days=days, hours=3)) for days in (0, 7)]
    return make_event(now=now, sessions=sessions, capacity=5, trainers=[TrainerFactory(person=trainer)])


@pytest.fixture
def booked(event, book, school):
    """Three people of the school with a place."""
    names = ["Amina Żuk", "Ben O'Brien", "Chiara Rossi"]
    return [book(event, UserFactory(full_name=name, organisation=school)) for name in names]


@pytest.fixture
def at(time_machine):
    """Return a function that moves the clock."""
    return lambda moment: time_machine.move_to(moment, tick=False)


def url(name, event, *rest):
    return reverse(f"bookings:{name}", args=[event.reference, *rest])


def marks_of(booking) -> list[str]:
    return list(booking.attendances.order_by("session").values_list("mark", flat=True))


def mark(event, bookings, value="attended", *, session=0, by=None, now=DURING, seen=""):
    session = event.sessions.all()[session]
    cells = {(booking.pk, session.pk): value for booking in bookings}
    return actions.mark_attendance(event=event, marks=cells, seen=dict.fromkeys(cells, seen), by=by, now=now)


class TestWhoSeesIt:
    PAGES = ["register", "register_walk_in", "register_room", "register_close", "register_paper"]

    @pytest.mark.parametrize("name", PAGES)
    def test_its_trainer_and_td_and_nobody_else(self, client, event, booked, trainer, name):
        other_trainer = role(TRAINER)
        answers = {}
        for who, person in {
            "its trainer": trainer, "td": role(TD_SERVICE), "another trainer": other_trainer,
            "a lead of people booked": make_lead(booked[0].organisation), "somebody booked": booked[0].person,
        }.items():  # fmt: skip
            client.force_login(person)
            answers[who] = client.get(url(name, event)).status_code
        client.logout()
        answers["nobody signed in"] = client.get(url(name, event)).status_code
        assert answers == {
            "its trainer": 200, "td": 200, "another trainer": 404, "a lead of people booked": 404,
            "somebody booked": 404, "nobody signed in": 302,
        }  # fmt: skip

    def test_the_list_holds_my_events_alone(self, client, event, now, trainer, at):
        other = make_event(now=now, starts_at=START)
        at(DURING)
        client.force_login(trainer)
        page = client.get(reverse("bookings:registers")).text
        assert event.reference in page and other.reference not in page

    def test_waiting_and_unapproved_people_are_not_on_it(self, client, event, book, booked, trainer, now):
        strict = OrganisationFactory(requires_approval=True)
        lead = make_lead(strict, full_name="Leads There")
        asks = UserFactory(full_name="Asks Approval", organisation=strict)
        for number in range(2):
            book(event, UserFactory(full_name=f"Waits {number}"))
        assert actions.book(event=event, person=asks, by=asks, now=now).status in ("waiting", "awaiting")
        client.force_login(trainer)
        page = client.get(url("register", event)).text
        assert "Asks Approval" not in page and lead.full_name not in page

    @pytest.mark.parametrize("people", [2, 40])
    def test_asks_the_same_few_questions_for_any_number(
        self, client, event, trainer, people, django_assert_num_queries
    ):
        Event.objects.filter(pk=event.pk).update(capacity=99, vcs_places=1)
        for number in range(people):
            person = UserFactory(full_name=f"Person {number}")
            actions.book(event=event, person=person, by=person, now=START - timedelta(days=20))
        client.force_login(trainer)
        # session, user, event, may I (role, trainer), sessions, bookings, marks; the page's frame: roles, teams
        with django_assert_num_queries(9):
            assert f"{people} people booked" in client.get(url("register", event)).text


class TestMarking:
    def test_not_before_the_session_starts(self, client, event, booked, trainer, at):
        at(START - timedelta(minutes=1))
        client.force_login(trainer)
        page = client.post(url("register_mark", event, 1), {f"mark-{booked[0].pk}": "attended"}).text
        assert "Attendance can be marked from 9:30am on Monday 2 February 2026." in page and marks_of(booked[0]) == []

    def test_each_person_by_the_form_and_everyone_else_in_one_press(self, client, event, booked, trainer, at):
        at(DURING)
        client.force_login(trainer)
        client.post(url("register_mark", event, 1), {f"mark-{booked[1].pk}": "absent", "all_present": "yes"})
        assert [marks_of(booking) for booking in booked] == [["attended"], ["absent"], ["attended"]]

    def test_a_mark_is_taken_back(self, client, event, booked, trainer, at):
        at(DURING)
        mark(event, booked[:1])
        client.force_login(trainer)
        data = {f"mark-{booked[0].pk}": "none", f"seen-{booked[0].pk}": "attended"}
        client.post(url("register_mark", event, 1), data)
        assert marks_of(booked[0]) == []

    def test_two_trainers_do_not_overwrite_each_other_silently(self, client, event, booked, trainer, at):
        other = role(TD_SERVICE, full_name="Tom Reed")
        at(DURING)
        mark(event, booked[:1], "late", by=other)  # while the first trainer's page still shows nothing
        client.force_login(trainer)
        data = {f"mark-{booked[0].pk}": "absent", f"seen-{booked[0].pk}": "", f"mark-{booked[1].pk}": "attended"}
        answer = client.post(url("register_mark", event, 1), data)
        assert answer.status_code == 409 and "came late, by Tom Reed at 9:40am" in answer.text
        assert marks_of(booked[0]) == ["late"] and marks_of(booked[1]) == ["attended"]

    def test_the_pages_script_is_told_what_stands(self, client, event, booked, trainer, at):
        other = role(TD_SERVICE, full_name="Tom Reed")
        at(DURING)
        mark(event, booked[:1], "late", by=other)
        client.force_login(trainer)
        data = {f"mark-{booked[0].pk}": "absent", f"mark-{booked[1].pk}": "attended"}
        answer = client.post(url("register_mark", event, 1), data, headers={"accept": "application/json"}).json()
        assert answer["marks"] == {str(booked[0].pk): "late", str(booked[1].pk): "attended", str(booked[2].pk): ""}
        assert [(told["person"], told["words"], told["by"]) for told in answer["conflicts"]] == [
            ("Amina Żuk", "Came late", "Tom Reed")
        ]
        assert answer["counts"] == {"present": 2, "marked": 2, "of": 3}

    def test_sent_twice_after_a_lost_answer_it_is_one_mark_and_no_conflict(self, client, event, booked, trainer, at):
        at(DURING)
        client.force_login(trainer)
        data = {f"mark-{booked[0].pk}": "attended", f"seen-{booked[0].pk}": ""}
        for _ in range(2):
            answer = client.post(url("register_mark", event, 1), data, headers={"accept": "application/json"}).json()
        assert answer["conflicts"] == [] and marks_of(booked[0]) == ["attended"]

    def test_the_third_session_of_two_is_not_found(self, client, event, trainer):
        client.force_login(trainer)
        assert client.get(url("register_mark", event, 3)).status_code == 404


class TestCheckIn:
    def post(self, client, code):
        return client.post(reverse("bookings:check_in"), {"code": code})

    def code(self, event, moment=DURING, session=0):
        return check_ins.code_of(event.sessions.all()[session], now=moment)

    def test_opening_asks_and_pressing_does_it_once(self, client, event, booked, at):
        at(DURING)
        client.force_login(booked[0].person)
        code = self.code(event)
        assert "Check in?" in client.get(reverse("bookings:check_in"), {"code": code.lower()}).text
        assert marks_of(booked[0]) == []
        for _ in range(2):
            assert "You are checked in" in self.post(client, code).text
        assert marks_of(booked[0]) == ["attended"] and booked[0].attendances.get().is_self_check_in

    @pytest.mark.parametrize(
        ("moment", "open_"),
        [
            (START - timedelta(minutes=31), False),
            (START - timedelta(minutes=30), True),
            (START + timedelta(minutes=30), True),
            (START + timedelta(minutes=31), False),
        ],
    )
    def test_half_an_hour_before_to_half_an_hour_after(self, client, event, booked, at, moment, open_):
        at(moment)
        client.force_login(booked[0].person)
        self.post(client, self.code(event, moment))
        assert bool(marks_of(booked[0])) is open_

    def test_a_photo_of_the_code_is_of_no_use_a_while_later(self, client, event, booked, at):
        at(DURING)
        client.force_login(booked[0].person)
        answer = self.post(client, self.code(event, DURING - 3 * check_ins.CHANGES_EVERY)).text
        assert "not right, or no longer" in answer and marks_of(booked[0]) == []

    def test_only_for_those_booked_and_confirmed(self, client, event, booked, at):
        at(DURING)
        stranger = UserFactory()
        client.force_login(stranger)
        assert "You need a confirmed place" in self.post(client, self.code(event)).text
        assert not Attendance.objects.exists()

    def test_the_code_of_another_session_is_wrong(self, client, event, booked, at):
        at(DURING)
        client.force_login(booked[0].person)
        self.post(client, self.code(event, session=1))
        assert marks_of(booked[0]) == []

    def test_the_trainers_mark_wins(self, event, booked, trainer):
        actions.check_in(booking=booked[0], session=event.sessions.all()[0], by=booked[0].person, now=DURING)
        assert mark(event, booked[:1], "absent", by=trainer) == {} and marks_of(booked[0]) == ["absent"]
        actions.check_in(booking=booked[0], session=event.sessions.all()[0], by=booked[0].person, now=DURING)
        assert marks_of(booked[0]) == ["absent"]

    def test_the_room_shows_the_code_and_its_address(self, client, event, booked, trainer, at):
        at(DURING)
        client.force_login(trainer)
        page = client.get(url("register_room", event)).text
        assert self.code(event) in page and "http://testserver/check-in/" in page and "<svg" in page
        at(START - timedelta(hours=2))
        assert "Check-in opens at 9am." in client.get(url("register_room", event)).text


class TestWalkIns:
    def test_somebody_with_an_account_counts_as_attended(self, client, event, booked, trainer, at):
        at(DURING)
        came = UserFactory(email="came@riverside.example")
        client.force_login(trainer)
        client.post(url("register_walk_in", event), {"email": "Came@riverside.example"})
        booking = Booking.objects.get(person=came)
        assert booking.is_confirmed and booking.is_walk_in and marks_of(booking) == ["attended"]
        event.refresh_from_db()
        assert event.held_other == 4

    def test_past_the_capacity_with_the_reason_in_the_history(self, event, book, charity, school, trainer):
        for number in range(5):
            book(event, UserFactory(organisation=charity if number == 4 else school))
        booking = actions.add_walk_in(event=event, person=UserFactory(), by=trainer, now=DURING)
        event.refresh_from_db()
        assert (event.held_vcs + event.held_other, event.over_capacity) == (6, 1)
        assert booking.history.first().history_change_reason == "Came without a booking."

    def test_somebody_without_an_account_is_registered_with_their_lead(self, client, event, trainer, school, at):
        lead = make_lead(school)
        at(DURING)
        client.force_login(trainer)
        data = {"full_name": "Zoë Núñez", "job_role": "Volunteer", "organisation": school.name.upper()}
        client.post(url("register_walk_in", event), data)
        booking = Booking.objects.get(is_walk_in=True)
        assert (booking.person.full_name, booking.person.coordinator) == ("Zoë Núñez", lead)
        assert booking.organisation == school

    def test_who_waits_gets_the_place_they_came_for(self, event, book, school, trainer):
        for _ in range(4):
            book(event, UserFactory(organisation=school))
        waits = book(event, UserFactory(organisation=school))
        assert waits.is_waiting
        booking = actions.add_walk_in(event=event, person=waits.person, by=trainer, now=DURING)
        event.refresh_from_db()
        assert booking.pk == waits.pk and (event.held_other, event.waiting) == (5, 0)

    def test_not_twice_not_before_the_day_not_after_closing(self, event, booked, trainer):
        with pytest.raises(actions.Refused, match="already on the register"):
            actions.add_walk_in(event=event, person=booked[0].person, by=trainer, now=DURING)
        with pytest.raises(actions.Refused, match="can be added from 9am"):
            actions.add_walk_in(event=event, person=UserFactory(), by=trainer, now=START - timedelta(hours=1))
        for session in (0, 1):
            mark(event, booked, session=session, by=trainer, now=AFTER)
        actions.close_register(event=event, by=trainer, now=AFTER)
        with pytest.raises(actions.Refused, match="not closed"):
            actions.add_walk_in(event=event, person=UserFactory(), by=trainer, now=AFTER)

    def test_an_empty_form_says_what_to_do(self, client, event, trainer, at):
        at(DURING)
        client.force_login(trainer)
        assert "Enter their email, or their full name" in client.post(url("register_walk_in", event), {}).text


class TestClosing:
    def close(self, client, event, **answers):
        return client.post(url("register_close", event), answers)

    def test_the_unmarked_are_asked_about_then_records_follow_once(self, client, event, booked, trainer, at):
        second = event.sessions.all()[1]
        mark(event, booked)
        mark(event, booked[:2], session=1, now=AFTER)
        at(AFTER)
        client.force_login(trainer)
        page = client.get(url("register_close", event)).text
        assert "1 mark is missing" in page and "Chiara Rossi" in page and "Amina" not in page
        assert self.close(client, event).status_code == 422
        for _ in range(2):
            self.close(client, event, **{f"mark-{booked[2].pk}-{second.pk}": "absent"})
        event.refresh_from_db()
        assert event.register_closed_by == trainer and event.status == "completed"
        assert {record.person for record in TrainingRecord.objects.counted()} == {booked[0].person, booked[1].person}

    def test_answers_stay_when_another_is_missing_and_the_message_says_whose(self, client, event, booked, trainer, at):
        second = event.sessions.all()[1]
        mark(event, booked)
        mark(event, booked[:1], session=1, now=AFTER)
        at(AFTER)
        client.force_login(trainer)
        page = self.close(client, event, **{f"mark-{booked[1].pk}-{second.pk}": "left_early"}).text
        assert f'id="c{booked[1].pk}-{second.pk}-left_early" checked>' in page and page.count(" checked>") == 1
        assert page.count("Say whether <bdi>") == 1 and "Say whether <bdi>Chiara Rossi</bdi> was there on" in page

    def test_not_before_the_last_session_has_ended(self, client, event, booked, trainer, at):
        at(DURING)
        client.force_login(trainer)
        self.close(client, event)
        event.refresh_from_db()
        assert event.register_closed_at is None
        assert "when the last session has ended" in client.get(url("register_close", event)).text

    def test_a_correction_after_it_withdraws_the_record(self, event, booked, trainer):
        for session in (0, 1):
            mark(event, booked, session=session, by=trainer, now=AFTER)
        actions.close_register(event=event, by=trainer, now=AFTER)
        mark(event, booked[:1], "absent", by=trainer, now=AFTER + timedelta(days=1), seen="attended")
        assert [booking.record.status for booking in booked] == ["withdrawn", "counted", "counted"]


class TestOnPaper:
    def test_names_every_session_and_rows_to_write_in_but_no_needs(self, event, book, school):
        names = ["Amina Żuk", "Ben O'Brien", "N" * 200]
        for name in names:
            person = UserFactory(full_name=name, organisation=school)
            actions.book(
                event=event, person=person, by=person, now=START - timedelta(days=20), access_needs="I use a wheelchair"
            )
        content = pdfs.registers([event, event])
        reader = PdfReader(BytesIO(content))
        text = "".join(page.extract_text() for page in reader.pages)
        assert "Amina Żuk" in text and "Ben O'Brien" in text and "wheelchair" not in text
        assert "2 February 2026, 9:30am" in text and text.count("+") >= pdfs.SPARE_ROWS
        assert faults(content) == []
        width, height = reader.pages[0].mediabox[2:]
        assert width > height and len(reader.pages) == 2
