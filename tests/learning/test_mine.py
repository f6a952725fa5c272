"""A learner's own pages: pathway, record, evidence, passport; and the check that anyone can make."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from bookings import actions
from bookings.models import OnlineStart, TrainingRecord
from competence.actions import load_pathway
from competence.models import CompetenceGroup, TrainingContent
from learning.actions import remind_of_expiry
from notifications.models import Message
from tests.factories import CourseFactory, UserFactory, make_event, make_lead
from wscb_training.wording import short_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner(client):
    """Somebody of group 1, signed in: they need basic safeguarding awareness (C1) alone."""
    load_pathway()
    person = UserFactory(group=CompetenceGroup.objects.get(number=1))
    client.force_login(person)
    return person


def basic_course(**fields):
    course = CourseFactory(**fields)
    course.satisfies.set(TrainingContent.objects.filter(code="C1"))
    return course


def complete(person, course, on=date(2026, 1, 10), **fields):
    return TrainingRecord.objects.create(person=person, course=course, source="online", completed_on=on, **fields)


def png() -> bytes:
    file = BytesIO()
    Image.new("RGB", (2, 2)).save(file, "PNG")
    return file.getvalue()


class TestPathway:
    def page(self, client) -> str:
        return client.get("/my-pathway/").content.decode()

    def test_what_is_missing_comes_with_its_next_event(self, client, learner):
        event = make_event(course=basic_course())
        page = self.page(client)
        assert "0 of 1 done" in page and event.get_absolute_url() in page

    def test_only_what_can_be_booked_is_offered_with_one_press_and_what_is_booked_is_said(self, client, learner):
        course = basic_course()
        mine, clashing, later = (make_event(course=course, days=days) for days in (10, 10, 20))
        actions.book(event=mine, person=learner, by=learner, now=timezone.now())
        page = self.page(client)
        assert "You are booked on" in page
        assert reverse("bookings:book", args=[later.reference]) in page
        assert clashing.get_absolute_url() not in page and mine.get_absolute_url() not in page

    def test_what_is_done_says_by_which_course_when_and_until_when(self, client, learner):
        complete(learner, basic_course(title="Basic safeguarding", refresher_months=240))
        page = self.page(client)
        assert "1 of 1 done" in page
        assert "Basic safeguarding, 10 January 2026. It counts until 10 January 2046." in page

    def test_a_course_without_date_asks_for_interest(self, client, learner):
        course = basic_course()
        assert "No date is set at the moment" in self.page(client) and course.get_absolute_url() in self.page(client)

    def test_what_nothing_satisfies_is_said(self, client, learner):
        assert "No course of this programme completes it yet" in self.page(client)

    def test_another_group_another_pathway_and_the_reason_stands_in_the_history(self, client, learner):
        client.post("/your-details/group/", {"group": 8, "reason": "I joined the Board"})
        assert "0 of 9 done" in self.page(client)
        assert learner.history.first().history_change_reason == "I joined the Board"
        assert f"Group 8 since {short_day(timezone.localdate())}: I joined the Board" in self.page(client)

    def test_the_same_few_queries_for_many_events(self, client, learner, django_assert_max_num_queries):
        course = basic_course()
        for day in range(30):
            make_event(course=course, days=10 + day)
        self.page(client)
        with django_assert_max_num_queries(24):
            self.page(client)


class TestAddingTraining:
    def send(self, client, content: bytes, name="certificate.png", **changes):
        answers = {
            "title": "Level 2 safeguarding", "provider": "The College", "contents": ["C1"], "completed_on_0": "10",
            "completed_on_1": "1", "completed_on_2": "2026", "evidence": SimpleUploadedFile(name, content),
        }  # fmt: skip
        return client.post("/my-record/add/", {**answers, **changes})

    def test_what_is_missing_is_listed_as_it_is_asked(self, client, learner):
        empty = {"completed_on_0": "", "completed_on_1": "", "completed_on_2": ""}
        page = client.post("/my-record/add/", empty).text
        said = [
            "Enter what it was called", "Enter who gave the training", "Select at least one that it covered",
            "Enter the day, month and year", "Choose the file that shows",
        ]  # fmt: skip
        assert sorted(said, key=page.index) == said

    def test_counts_once_a_lead_has_verified_it(self, client, learner, now=None):
        self.send(client, png())
        record = learner.training_records.get()
        assert (record.status, record.name) == ("to_verify", "Level 2 safeguarding")
        assert "0 of 1 done" in client.get("/my-pathway/").content.decode()

        actions.verify_record(record=record, by=make_lead(learner.organisation), now=timezone.now())

        assert "1 of 1 done" in client.get("/my-pathway/").content.decode()

    @pytest.mark.parametrize(
        ("content", "name", "error"),
        [
            (b"", "empty.pdf", "The file is empty"),
            (b"MZ" + b"0" * 300, "certificate.pdf", "The file must be a PDF, PNG or JPEG"),
            (b"<script>alert(1)</script>", "page.png", "The file must be a PDF, PNG or JPEG"),
            (b"%PDF-1.7" + b"0" * (10 * 1024 * 1024), "large.pdf", "The file must be smaller than 10 MB"),
        ],
    )
    def test_a_wrong_file_is_refused_clearly(self, client, learner, content, name, error):
        """Input 48."""
        assert error in self.send(client, content, name).content.decode()
        assert not learner.training_records.exists()

    def test_a_name_that_climbs_folders_stays_where_it_belongs(self, client, learner, settings):
        """Input 48."""
        self.send(client, png(), "../../../etc/passwd.png")
        path = learner.training_records.get().evidence.path
        assert path.startswith(str(settings.MEDIA_ROOT)) and "passwd" not in path

    def test_a_date_to_come_is_refused(self, client, learner):
        page = self.send(client, png(), completed_on_2="2090").content.decode()
        assert "The date must be today or in the past" in page

    def test_its_file_is_for_its_owner(self, client, learner):
        self.send(client, png())
        address = reverse("learning:evidence", args=[learner.training_records.get().pk])
        assert client.get(address).content == png()
        client.force_login(UserFactory())
        assert client.get(address).status_code == 404

    def test_can_be_taken_back(self, client, learner):
        self.send(client, png())
        record = learner.training_records.get()
        client.post(reverse("learning:withdraw", args=[record.pk]))
        record.refresh_from_db()
        assert record.status == "withdrawn"

    def test_a_person_has_at_most_twenty_to_be_verified(self, client, learner):
        """Nobody fills the disk; twenty-one at once is a mistake (OWASP ASVS 12.1.3)."""
        for number in range(19):
            complete(learner, None, title=f"Course {number}", status="to_verify")
        self.send(client, png())
        assert learner.training_records.to_verify().count() == 20
        page = self.send(client, png()).headers["Location"]
        assert "20 of your trainings wait to be verified" in client.get(page).content.decode()
        assert learner.training_records.to_verify().count() == 20
        with pytest.raises(actions.Refused):
            actions.add_training(person=learner, by=learner, completed_on=date(2026, 1, 1), evidence="", title="More")
        client.post(reverse("learning:withdraw", args=[learner.training_records.first().pk]))
        assert self.send(client, png()).headers["Location"] == "/my-record/"
        assert learner.training_records.to_verify().count() == 20

    def test_the_last_that_may_wait_sent_from_two_tabs_is_said_and_no_fault(self, client, learner, monkeypatch):
        answers = iter([None, "20 of your trainings wait"])  # the page's, then the action's under its lock
        monkeypatch.setattr("bookings.rules.adding_refusal", lambda *, waiting: next(answers, None))
        page = self.send(client, png()).headers["Location"]
        assert "20 of your trainings wait" in client.get(page).content.decode()
        assert not learner.training_records.exists()

    def test_an_online_course_with_its_certificate(self, client, learner):
        course = basic_course(delivery="online", start_link="https://learning.wscb.example/basic")
        answers = {"completed_on_0": "10", "completed_on_1": "1", "completed_on_2": "2026", "course": course.slug}
        evidence = SimpleUploadedFile("c.png", png())
        client.post(f"/my-record/add/?course={course.slug}", {**answers, "evidence": evidence})
        record = learner.training_records.get()
        assert (record.course, record.source, record.status) == (course, "online", "to_verify")


def test_starting_online_learning_is_counted_by_the_sector_of_now(client, learner):
    course = CourseFactory(delivery="online", start_link="https://learning.wscb.example/basic")
    address = reverse("learning:start", args=[course.slug])
    assert client.get(address).url == course.get_absolute_url()
    assert client.post(address).url == course.start_link
    start = OnlineStart.objects.get()
    assert (start.person, start.sector) == (learner, learner.organisation.sector)


def test_what_was_begun_stands_there_until_its_certificate_is_sent(client, learner):
    course = CourseFactory(title="Basics online", delivery="online", start_link="https://learning.wscb.example/basic")
    complete(learner, course, on=date(2020, 1, 1))  # before they began it again
    client.post(reverse("learning:start", args=[course.slug]))
    client.post(reverse("learning:start", args=[course.slug]))
    address = f"{reverse('learning:add_training')}?course={course.slug}"
    assert client.get("/my-training/").text.count(address) == 1
    complete(learner, course, on=timezone.localdate(), status="to_verify")
    assert address not in client.get("/my-training/").text


class TestCheck:
    def test_genuine_shows_name_training_and_date_and_nothing_else(self, client, learner):
        record = complete(learner, basic_course(title="Basic safeguarding"))
        client.logout()
        page = client.get(f"/check/{record.check_code.lower()}/").content.decode()
        assert "Genuine" in page and learner.full_name.replace("'", "&#x27;") in page and "10 January 2026" in page
        assert learner.organisation.name not in page and learner.job_role not in page

    def test_withdrawn_says_so(self, client, learner):
        """Events 34."""
        record = complete(learner, basic_course(), status="withdrawn")
        assert "This record was withdrawn" in client.get(f"/check/{record.check_code}/").content.decode()

    def test_unknown_is_404(self, client, learner):
        record = complete(learner, basic_course(), status="to_verify")
        assert client.get("/check/AAAA-AAAA-AAAA/").status_code == 404
        assert client.get(f"/check/{record.check_code}/").status_code == 404

    def test_the_typed_code_leads_to_its_page(self, client):
        assert client.get("/check/?code=7kmp q2xd 9rvt").url == "/check/7KMP-Q2XD-9RVT/"


def test_the_passport_is_a_tagged_pdf_with_what_counts(client, learner):
    record = complete(learner, basic_course(title="Basic safeguarding"))
    complete(learner, basic_course(title="Not yet"), status="to_verify")
    answer = client.get("/my-record/passport.pdf")
    pdf = PdfReader(BytesIO(answer.content))
    text = "".join(page.extract_text() for page in pdf.pages)
    assert learner.full_name in text and "Basic safeguarding" in text and record.check_code in text
    assert "Not yet" not in text
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]


class TestReminders:
    """Three months and one month before, once each."""

    @pytest.fixture
    def record(self, learner):
        return complete(learner, basic_course(refresher_months=24), on=date(2025, 3, 15))  # until 15 March 2027

    @pytest.mark.parametrize(
        ("today", "told"),
        [
            (date(2026, 12, 14), 0),
            (date(2026, 12, 15), 1),
            (date(2027, 2, 14), 1),
            (date(2027, 2, 15), 1),
            (date(2027, 3, 16), 0),  # it has run out: the pathway says so
        ],
    )
    def test_when(self, record, today, told):
        assert remind_of_expiry(today=today) == told

    def test_once_each_whatever_runs_twice(self, record):
        days = [date(2026, 12, 20), date(2026, 12, 20), date(2027, 1, 5), date(2027, 2, 20), date(2027, 3, 1)]
        assert [remind_of_expiry(today=day) for day in days] == [1, 0, 0, 1, 0]
        assert Message.objects.count() == 2

    def test_not_when_it_was_renewed(self, record):
        complete(record.person, record.course, on=date(2026, 12, 1))
        assert remind_of_expiry(today=date(2026, 12, 20)) == 0


def test_the_matrix_is_public_and_says_needed_in_words(client, learner):
    client.logout()
    page = client.get("/groups/matrix/").content.decode()
    assert page.count(">Needed<") == 52 and page.count(">Not needed<") == 20


@pytest.mark.parametrize(
    ("page", "of", "owner", "stranger", "nobody"),
    [
        ("pathway", "", 200, 200, 302),
        ("record", "", 200, 200, 302),
        ("add_training", "", 200, 200, 302),
        ("passport", "", 200, 200, 302),
        ("evidence", "record", 200, 404, 302),
        ("withdraw", "record", 200, 404, 302),
        ("check", "", 200, 200, 200),
        ("check_code", "code", 200, 200, 200),
        ("start", "course", 302, 302, 302),
    ],
)
def test_who_may_open_which_page(client, learner, page, of, owner, stranger, nobody):
    """URL × role × status; each sees their own of the pages without an argument."""
    course = basic_course(delivery="online", start_link="https://learning.wscb.example/basic")
    record = complete(learner, course, evidence=SimpleUploadedFile("c.png", png()))
    arguments = {"record": [record.pk], "code": [record.check_code], "course": [course.slug], "": []}[of]
    address, other = reverse(f"learning:{page}", args=arguments), UserFactory(group=learner.group)
    for somebody, status in ((learner, owner), (other, stranger), (None, nobody)):
        client.logout()
        if somebody:
            client.force_login(somebody)
        assert client.get(address).status_code == status, somebody
