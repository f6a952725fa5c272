"""Certificates: who gets one and when, what is on it, who may fetch it, and all of an event at once."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Policy
from accounts.models.user import TRAINER
from bookings import actions as bookings
from bookings.models import Booking, TrainingRecord
from competence.models import TrainingContent
from courses import actions as courses
from courses.models import Trainer, Venue
from evaluations.models import Evaluation, Kind, Questionnaire
from learning import actions, certificates, pdfs, rules
from learning.tasks import make_certificates
from notifications.models import Message, PreparedFile
from tests import teams
from tests.tagged import faults

LONDON = timezone.get_default_timezone()
START = datetime(2026, 10, 5, 9, 30, tzinfo=LONDON)
END = START + timedelta(hours=6)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def trainer(db):
    person = teams.person("Kezia Mensah")
    person.groups.add(Group.objects.get_or_create(name=TRAINER)[0])
    return person


def completed_event(*people, trainer=None, title="Domestic Abuse", mark="attended"):
    """Return an event of one day on 5 October 2026 that these people attended, its register closed."""
    course = teams.course(title)
    course.satisfies.add(
        TrainingContent.objects.get_or_create(code="C1", defaults={"title": "Roles", "short_name": "Roles"})[0]
    )
    event = courses.create_event(
        course=course, by=None, sessions=[(START, END)], capacity=len(people) + 5, joining_link="https://x.example",
        trainers=[Trainer.objects.create(name="T", kind="external", person=trainer)],
        venue=Venue.objects.get_or_create(name="Hall", address="1 High St", postcode="SW18 1AA", capacity=400)[0],
    )  # fmt: skip
    courses.publish(event=event, by=None, now=START - timedelta(days=30))
    booked = [
        bookings.book(event=event, person=person, by=person, now=START - timedelta(days=20), override_reason="Test")
        for person in people
    ]
    session = event.sessions.get()
    marks = {(booking.pk, session.pk): mark for booking in booked}
    bookings.mark_attendance(event=event, marks=marks, seen={}, by=trainer, now=END)
    return bookings.close_register(event=event, by=trainer, now=END)


def post_form(booking: Booking, *, done: bool) -> Evaluation:
    questionnaire, _ = Questionnaire.objects.get_or_create(kind=Kind.POST, version=1, is_current=True)
    return Evaluation.objects.create(
        booking=booking, kind=Kind.POST, questionnaire=questionnaire, respondent=booking.person,
        opens_at=END, submitted_at=END if done else None,
    )  # fmt: skip


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


class TestTheRule:
    FACTS = {
        "counts": True, "of_event": True, "is_managed": False, "needs_evaluation": True, "evaluation": "done",
        "ended_at": END, "now": END,
    }  # fmt: skip

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({}, None),
            ({"counts": False}, "withdrawn"),
            ({"of_event": False}, "Whoever gave this training"),
            ({"evaluation": "open"}, "Answer the questions about the course first"),
            ({"evaluation": "open", "needs_evaluation": False}, None),
            ({"evaluation": "open", "is_managed": True}, None),
            ({"evaluation": ""}, "by email"),
            ({"evaluation": "", "now": END + rules.ASKED_WITHIN}, None),
        ],
        ids=lambda value: ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else "",
    )
    def test_completed_and_the_questions_answered(self, facts, words):
        refusal = rules.certificate_refusal(**{**self.FACTS, **facts})
        assert refusal is None if words is None else words in refusal


class TestWhatIsPrinted:
    def test_name_course_date_hours_contents_code_and_address(self):
        person = teams.person("Zoë O'Brien-Núñez")
        event = completed_event(person)
        record = TrainingRecord.objects.get(booking__event=event)
        content = pdfs.certificates([certificates.certificate_of(record)])
        text = text_of(content)
        facts = ("Domestic Abuse", "Monday 5 October 2026", "6 hours", "Roles", record.check_code)
        assert [words for words in ("Zoë O'Brien-Núñez", *facts) if words not in text] == []
        assert f"/check/{record.check_code}/" in text.replace("\n", "")
        assert faults(content) == []

    @pytest.mark.parametrize("name", ["W" * 200, "נועה בן־דוד", "Ngozi " * 30])
    def test_any_name_stays_on_one_page(self, name):
        event = completed_event(teams.person(name.strip()))
        record = TrainingRecord.objects.get(booking__event=event)
        assert len(PdfReader(BytesIO(pdfs.certificates([certificates.certificate_of(record)]))).pages) == 1

    def test_after_a_change_of_name_it_carries_the_new_one(self):
        person = teams.person("Ann Before")
        event = completed_event(person)
        person.full_name = "Ann After"
        person.save()
        record = TrainingRecord.objects.get(booking__event=event)
        text = text_of(pdfs.certificates([certificates.certificate_of(record)]))
        assert "Ann After" in text and "Ann Before" not in text


class TestMine:
    def get(self, client, person, record):
        client.force_login(person)
        return client.get(reverse("learning:certificate", args=[record.pk]))

    def test_it_waits_for_the_questions_about_the_course(self, client):
        person = teams.person()
        record = TrainingRecord.objects.get(booking__event=completed_event(person))
        form = post_form(record.booking, done=False)
        answer = self.get(client, person, record)
        assert answer.status_code == 409 and "Answer the questions about the course first" in answer.text
        form.submitted_at = END
        form.save()
        answer = self.get(client, person, record)
        assert answer.status_code == 200 and answer.content.startswith(b"%PDF")

    def test_unless_td_switched_that_off(self, client):
        person = teams.person()
        record = TrainingRecord.objects.get(booking__event=completed_event(person))
        post_form(record.booking, done=False)
        Policy.objects.update_or_create(pk=Policy.current().pk, defaults={"certificate_needs_evaluation": False})
        assert self.get(client, person, record).status_code == 200

    def test_a_corrected_mark_withdraws_it_and_the_check_page_says_so(self, client):
        person = teams.person()
        event = completed_event(person)
        record = TrainingRecord.objects.get(booking__event=event)
        cell = (record.booking_id, event.sessions.get().pk)
        bookings.mark_attendance(event=event, marks={cell: "absent"}, seen={cell: "attended"}, by=None, now=END)
        assert "withdrawn" in self.get(client, person, record).text
        client.logout()
        page = client.get(reverse("learning:check_code", args=[record.check_code])).text
        assert "This record was withdrawn" in page

    def test_somebody_elses_is_not_found(self, client):
        record = TrainingRecord.objects.get(booking__event=completed_event(teams.person()))
        assert self.get(client, teams.person(), record).status_code == 404

    def test_my_record_leads_to_it(self, client):
        person = teams.person()
        record = TrainingRecord.objects.get(booking__event=completed_event(person))
        client.force_login(person)
        assert reverse("learning:certificate", args=[record.pk]) in client.get(reverse("learning:record")).text


class TestALeadPrints:
    def test_for_who_has_no_email_and_no_one_elses(self, client, school, lead):
        managed = teams.person("No Email", at=school, email=None, coordinator=lead)
        record = TrainingRecord.objects.get(booking__event=completed_event(managed))
        post_form(record.booking, done=False)
        client.force_login(lead)
        assert client.get(reverse("learning:team_certificate", args=[school.pk, record.pk])).status_code == 200
        other = teams.organisation("Another School")
        client.force_login(teams.lead(other))
        for organisation in (school, other):
            assert (
                client.get(reverse("learning:team_certificate", args=[organisation.pk, record.pk])).status_code == 404
            )


class TestBeingTold:
    def tell(self, now=END):
        return actions.tell_of_certificates(now=now)

    def test_once_when_it_is_ready(self):
        person = teams.person()
        record = TrainingRecord.objects.get(booking__event=completed_event(person))
        form = post_form(record.booking, done=False)
        assert self.tell(END + timedelta(days=9)) == 0
        Evaluation.objects.filter(pk=form.pk).update(submitted_at=END)
        assert [self.tell(), self.tell()] == [1, 0]
        message = Message.objects.get(kind="learning/certificate")
        assert message.to == person.email and f"/my-record/{record.pk}/certificate.pdf" in message.text

    def test_where_nobody_was_asked_a_day_later(self):
        completed_event(teams.person())
        assert [self.tell(END + timedelta(hours=23)), self.tell(END + timedelta(hours=24))] == [0, 1]

    def test_the_coordinator_of_who_has_no_email(self, school, lead):
        managed = teams.person("No Email", at=school, email=None, coordinator=lead)
        completed_event(managed)
        assert self.tell() == 1
        message = Message.objects.get(kind="learning/certificate")
        assert message.to == lead.email and f"/team/{school.pk}/records/" in message.text

    def test_nobody_who_did_not_complete(self):
        completed_event(teams.person(), mark="absent")
        assert self.tell(END + timedelta(days=9)) == 0

    def test_says_the_same_as_the_rule(self):
        """The question to the database and the rule agree on every kind of record."""
        people = [teams.person() for _ in range(4)]
        event = completed_event(*people)
        for booking, done in zip(event.bookings.order_by("pk"), (True, False), strict=False):
            post_form(booking, done=done)
        for now in (END, END + rules.ASKED_WITHIN):
            ready = {standing.record for standing in certificates.of_event(event, now=now) if not standing.refusal}
            assert set(certificates.ready_to_tell(now=now)) == ready


class TestAllOfAnEvent:
    def test_a_worker_makes_those_that_are_ready(self, client, trainer, settings, tmp_path, monkeypatch):
        settings.MEDIA_ROOT = tmp_path
        event = completed_event(*[teams.person(f"Person {n}") for n in range(3)], trainer=trainer)
        first, second, third = event.bookings.order_by("pk")
        post_form(first, done=True), post_form(second, done=True), post_form(third, done=False)
        client.force_login(trainer)
        url = reverse("learning:event_certificates", args=[event.reference])
        assert "2 certificates are ready" in client.get(url).text
        answer = client.post(url)
        prepared = PreparedFile.objects.get()
        assert answer.url == prepared.get_absolute_url()
        make_certificates(str(prepared.pk))
        prepared.refresh_from_db()
        with prepared.file.open() as file:
            assert prepared.status == "ready" and len(PdfReader(file).pages) == 2

    def test_is_for_its_trainers_and_td(self, client, trainer):
        event = completed_event(teams.person(), trainer=trainer)
        client.force_login(teams.person())
        assert client.get(reverse("learning:event_certificates", args=[event.reference])).status_code == 404

    @pytest.mark.parametrize("people", [2, 30])
    def test_asks_the_same_few_questions_for_any_number(self, people, django_assert_num_queries):
        event = completed_event(*[teams.person() for _ in range(people)])
        with django_assert_num_queries(5):  # records, contents, sessions, forms, policy
            standings = certificates.of_event(event, now=END)
            assert len([certificates.certificate_of(standing.record) for standing in standings]) == people
