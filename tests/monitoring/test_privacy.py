"""Personal data: the data map knows every field, a person gets what is held of them, and what is old goes (UK GDPR)."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Invitation, Policy, User
from bookings.models import Booking
from courses.models import Interest
from evaluations.loading import load_questionnaires
from evaluations.models import Questionnaire
from learning.actions import erase_person
from monitoring.models import ErasureRequest, RetentionRun
from monitoring.privacy import actions, held, leaving, retention
from monitoring.privacy.data_map import NOT_PERSONAL, OFFICER, PERSONAL, WORDS, as_markdown
from notifications.models import Message, PreparedFile
from tests.factories import CourseFactory, UserFactory
from tests.monitoring.reports import td
from tests.monitoring.world import NOW, attend, event, person

OURS = {
    "accounts", "account", "competence", "courses", "bookings", "evaluations", "learning", "monitoring", "notifications"
}  # fmt: skip
WORDY = (models.CharField, models.TextField, models.FileField, models.JSONField, models.GenericIPAddressField)


def could_be_personal(field) -> bool:
    """Whether a field could hold something about a person: words that are typed, a file, or a person."""
    if not getattr(field, "concrete", False):
        return False
    is_person = field.is_relation and field.related_model is User
    return is_person or (isinstance(field, WORDY) and not field.choices)


class TestDataMap:
    def test_every_field_that_could_be_personal_stands_in_it(self):
        """A new field fails here until it has a rule in PERSONAL, or stands in NOT_PERSONAL."""
        missing = []
        for model in apps.get_models():
            if model._meta.app_label not in OURS or hasattr(model, "history_date"):
                continue
            label = model._meta.label
            known = set(NOT_PERSONAL.get(label, "").split())
            known |= {name for names in PERSONAL.get(label, {}).values() for name in names.split()}
            fields = [field.name for field in model._meta.get_fields() if could_be_personal(field)]
            missing += [f"{label}.{name}" for name in fields if name not in known]
        assert missing == []

    def test_a_new_field_would_be_seen(self):
        for field in (models.CharField(), models.EmailField(), models.JSONField(), models.FileField()):
            field.concrete = True
            assert could_be_personal(field)
        assert could_be_personal(Booking._meta.get_field("person"))
        assert not could_be_personal(Booking._meta.get_field("status"))

    def test_it_names_no_field_that_is_gone_and_none_twice(self):
        for label in PERSONAL.keys() | NOT_PERSONAL.keys():
            names = [name for each in PERSONAL.get(label, {}).values() for name in each.split()]
            names += NOT_PERSONAL.get(label, "").split()
            there = {field.name for field in apps.get_model(label)._meta.get_fields()}
            assert set(names) <= there and len(names) == len(set(names)), label

    def test_the_document_is_written_from_it(self):
        """After a change: manage.py data_map."""
        assert (settings.BASE_DIR / "docs/data-map.md").read_text(encoding="utf-8") == as_markdown(Policy())


@pytest.fixture
def learner(db):
    someone = person()
    User.objects.filter(pk=someone.pk).update(full_name="Siobhán O’Brien", email="siobhan@school.example")
    someone.refresh_from_db()
    return someone


class TestHeld:
    def make(self, someone, kind: str) -> bytes:
        return held.make({"person": someone.pk, "kind": kind}, lambda done, of: None, now=NOW)[1]

    def test_all_of_mine_and_nothing_of_others_nor_a_secret(self, learner):
        other = person()
        mine, theirs = CourseFactory(title="Complex neglect"), CourseFactory(title="Gangs")
        booking = attend(event(mine), learner)
        Booking.objects.filter(pk=booking.pk).update(access_needs="A hearing loop")
        attend(event(theirs), other)
        Interest.objects.create(course=theirs, person=learner, registered_at=NOW)
        found = json.loads(self.make(learner, "json"))["held"]
        text = json.dumps(found, ensure_ascii=False)
        assert found["Your account"][0]["Full name"] == "Siobhán O’Brien"
        assert found["Your bookings"][0]["Access needs"] == "A hearing loop"
        assert {"Your training record", "Courses you asked for"} <= found.keys()
        assert other.full_name not in text and learner.password not in text
        assert len(found["Your bookings"]) == 1

    def test_it_asks_as_much_for_many_rows_as_for_one(self, learner):
        load_questionnaires()
        asked = Questionnaire.objects.get(kind="post", is_current=True)
        counts = []
        for number in (1, 5):
            for _ in range(number):
                booking = attend(event(CourseFactory()), learner)
                form = booking.evaluations.create(kind="post", questionnaire=asked, respondent=learner, opens_at=NOW)
                form.answers.create(question=asked.questions.first(), text="More case studies.")
            with CaptureQueriesContext(connection) as queries:
                held.held_about(learner)
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_the_document_is_tagged_and_says_why_it_is_held(self, learner):
        attend(event(CourseFactory(title="Complex neglect")), learner)
        document = PdfReader(BytesIO(self.make(learner, "pdf")))
        assert document.trailer["/Root"]["/Lang"] == "en-GB" and "/StructTreeRoot" in document.trailer["/Root"]
        text = " ".join(page.extract_text() for page in document.pages)
        assert "Siobhán O’Brien" in text and "Complex neglect" in text and "Emptied 30 days after the event." in text

    def test_a_worker_makes_it_for_the_one_who_asked(self, client, learner):
        client.force_login(learner)
        answer = client.post(reverse("monitoring:my_data"), {"kind": "json"})
        document = PreparedFile.objects.get()
        assert answer.url == document.get_absolute_url() and document.requested_by == learner
        assert document.parameters == {"person": learner.pk, "kind": "json"}
        page = client.get(reverse("monitoring:my_data")).text  # who left the page finds it again
        assert f'href="{document.get_absolute_url()}">All that is held about you, as data (JSON)' in page
        client.force_login(UserFactory())
        assert document.get_absolute_url() not in client.get(reverse("monitoring:my_data")).text

    def test_every_kind_that_is_about_a_person_has_its_rows_told(self):
        told = {label for _, label, _ in held.ABOUT}
        for label, rules in PERSONAL.items():
            names = [name for rule, each in rules.items() if rule is not OFFICER for name in each.split()]
            if {"person", "user", "respondent", "recipient"} & set(names):
                assert label in told, label


class TestErasureRequest:
    def test_asked_once_td_is_told_once_and_sees_it(self, client, learner):
        client.force_login(learner)
        for _ in range(2):
            client.post(reverse("monitoring:my_data"), {"erase": "yes"})
        asked = ErasureRequest.objects.get()
        message = Message.objects.get(kind="monitoring/erasure_asked")
        assert message.to == settings.CONTACT_EMAIL and f"/people/{learner.pk}/erase/" in message.text
        officer = td()
        client.force_login(officer)
        assert "Siobhán O’Brien" in client.get(reverse("monitoring:retention")).text
        client.post(reverse("monitoring:retention"), {"settle": asked.pk})
        assert not ErasureRequest.objects.open().exists()
        asked.refresh_from_db()
        assert asked.settled_by == officer

    def test_for_others_the_report_does_not_exist(self, client, learner):
        address = reverse("monitoring:retention")
        assert client.get(address).status_code == 302
        client.force_login(learner)
        assert client.get(address).status_code == 404


def told(person, *, at):
    """Let the notice have gone to somebody: written by the run of that day."""
    leaving.tell(Policy.current(), at)
    assert Message.objects.filter(recipient=person, kind="monitoring/erased_soon").update(created_at=at) == 1


class TestRetention:
    def years_ago(self, years: int):
        return NOW - timedelta(days=366 * years)

    def test_emails_say_nothing_after_a_year_and_never_go_again(self, learner):
        fields = {"kind": "a/b", "to": learner.email, "recipient": learner, "subject": "S", "text": "T", "html": "H",
                  "next_attempt_at": NOW, "status": "sent", "sent_at": NOW}  # fmt: skip
        for key, months in (("old", 13), ("new", 11)):
            Message.objects.create(key=key, **fields)
            Message.objects.filter(key=key).update(created_at=NOW - timedelta(days=31 * months))
        run = retention.keep_to_retention(now=NOW)
        assert run.done["Emails emptied"] == 1
        old = Message.objects.get(key="old")
        assert (old.to, old.text, old.recipient) == ("", "", None)
        assert Message.objects.get(key="new").text == "T"

    def test_reasons_go_with_the_period_that_td_sets(self, learner):
        booking = attend(event(), learner)
        Booking.objects.filter(pk=booking.pk).update(absence_reason="Ill")
        Policy.objects.create(pk=1, words_years=1)
        retention.keep_to_retention(now=NOW)
        assert Booking.objects.get().absence_reason == "Ill"
        retention.keep_to_retention(now=NOW + timedelta(days=400))
        assert Booking.objects.get().absence_reason == ""

    def test_who_is_not_seen_for_six_years_is_erased_and_counts_on(self, learner):
        booking, other = attend(event(), learner), UserFactory()
        User.objects.update(date_joined=self.years_ago(8))
        later = NOW + timedelta(days=366 * 6)
        User.objects.filter(pk=other.pk).update(last_login=later)
        told(learner, at=later - timedelta(days=31))
        run = retention.keep_to_retention(now=later)
        learner.refresh_from_db()
        assert run.done[retention.ERASED] == 1 and learner.full_name == "Erased person"
        assert Booking.objects.get().pk == booking.pk and User.objects.get(pk=other.pk).erased_at is None

    def test_six_years_less_a_month_is_not_six_years(self, learner):
        attend(event(), learner)
        User.objects.update(date_joined=self.years_ago(8))
        assert leaving.long_gone(Policy(), NOW + timedelta(days=365 * 5)).count() == 0

    def gone(self, learner, years=7):
        User.objects.update(date_joined=self.years_ago(8), last_login=NOW)
        User.objects.filter(pk=learner.pk).update(last_login=self.years_ago(years))

    def test_they_are_told_once_what_to_do_to_stay_and_erased_30_days_later(self, learner, client):
        self.gone(learner)
        run = retention.keep_to_retention(now=NOW)
        assert (run.done[retention.TOLD], run.done[retention.ERASED]) == (1, 0)
        message = Message.objects.get()
        day_ = "Wednesday 23 December 2026"
        assert message.to == learner.email and "Sign in" in message.subject
        assert day_ in message.text and reverse("account_login") in message.text and day_ in message.html
        Message.objects.update(created_at=NOW)
        client.force_login(td())
        page = client.get(reverse("monitoring:retention")).text
        assert "People who are erased within 30 days" in page and str(learner) in page
        for days, erased in ((1, 0), (29, 0), (31, 1)):
            run = retention.keep_to_retention(now=NOW + timedelta(days=days))
            assert (run.done[retention.TOLD], run.done[retention.ERASED]) == (0, erased), days

    def test_told_30_days_before_the_six_years_are_over(self, learner):
        self.gone(learner)
        User.objects.filter(pk=learner.pk).update(last_login=NOW - relativedelta(years=6) + timedelta(days=20))
        assert retention.keep_to_retention(now=NOW).done[retention.TOLD] == 1
        Message.objects.all().delete()
        User.objects.filter(pk=learner.pk).update(last_login=NOW - relativedelta(years=6) + timedelta(days=31))
        assert retention.keep_to_retention(now=NOW).done[retention.TOLD] == 0

    def test_who_signs_in_stays_and_is_told_again_years_later(self, learner):
        self.gone(learner)
        retention.keep_to_retention(now=NOW)
        User.objects.filter(pk=learner.pk).update(last_login=NOW + timedelta(days=3))
        assert retention.keep_to_retention(now=NOW + timedelta(days=40)).done[retention.ERASED] == 0
        again = retention.keep_to_retention(now=NOW + relativedelta(years=6, days=1))
        assert (again.done[retention.TOLD] >= 1, again.done[retention.ERASED]) == (True, 0)

    def test_who_has_no_address_is_erased_without_notice(self, learner):
        self.gone(learner)
        User.objects.filter(pk=learner.pk).update(is_active=False)
        run = retention.keep_to_retention(now=NOW)
        assert (run.done[retention.TOLD], run.done[retention.ERASED]) == (0, 1)

    def test_of_somebody_without_email_the_coordinator_is_told(self, learner):
        managed = UserFactory(email=None, coordinator=learner, full_name="Mae Osei")
        self.gone(managed)
        retention.keep_to_retention(now=NOW)
        message = Message.objects.get()
        assert (
            message.to == learner.email and "Mae Osei" in message.text and "book Mae Osei on an event" in message.text
        )

    def test_who_cannot_be_erased_is_named_in_the_report(self, learner):
        UserFactory(email=None, coordinator=learner)
        User.objects.update(date_joined=self.years_ago(8))
        User.objects.exclude(pk=learner.pk).update(last_login=NOW)
        run = retention.keep_to_retention(now=NOW)
        assert [each["person"] for each in run.left] == [learner.pk] and "messages of people" in run.left[0]["why"]

    def test_a_step_that_fails_keeps_none_of_the_others_from_being_done(self, learner, monkeypatch):
        def broken(policy, now):
            raise ZeroDivisionError

        monkeypatch.setitem(retention.STEPS, "Emails emptied", broken)
        Invitation.objects.create(email="a@b.example", organisation=learner.organisation, sent_at=self.years_ago(1))
        run = retention.keep_to_retention(now=NOW)
        assert (run.done["Emails emptied"], run.done["Invitations deleted"]) == (retention.FAILED, 1)

    def test_one_who_cannot_be_erased_by_a_fault_does_not_keep_the_others(self, learner, monkeypatch):
        other = UserFactory(is_active=False)
        User.objects.update(date_joined=self.years_ago(8), last_login=self.years_ago(7), is_active=False)

        def faulty(*, person, by, now):
            if person == learner:
                raise ZeroDivisionError
            return erase_person(person=person, by=by, now=now)

        monkeypatch.setattr(leaving, "erase_person", faulty)
        run = retention.keep_to_retention(now=NOW)
        assert [each["person"] for each in run.left] == [learner.pk] and "ZeroDivisionError" in run.left[0]["why"]
        assert run.done[retention.ERASED] >= 1 and User.objects.get(pk=other.pk).erased_at

    def test_its_page_asks_as_much_for_many_as_for_one(self, db, client, query_count):
        client.force_login(td())
        counts = []
        for number in (1, 20):
            UserFactory.create_batch(number, date_joined=self.years_ago(8), last_login=self.years_ago(7))
            counts.append(query_count(reverse("monitoring:retention")))
        assert counts[0] == counts[1]

    def test_all_that_somebody_wrote_is_emptied_and_nothing_else(self):
        """The data map says so under WORDS."""
        emptied = {
            (rows.model._meta.label, name) for rows, empty in retention.old_words(Policy(), NOW) for name in empty
        }
        promised = {(label, name) for label, rules in PERSONAL.items() for name in rules.get(WORDS, "").split()}
        assert emptied == promised

    def test_invitations_sessions_and_earlier_versions_go(self, learner):
        Invitation.objects.create(email="a@b.example", organisation=learner.organisation, sent_at=self.years_ago(1))
        Session.objects.create(session_key="x", session_data="", expire_date=NOW - timedelta(days=1))
        learner.save()
        learner.history.update(history_date=self.years_ago(7))
        run = retention.keep_to_retention(now=NOW)
        assert (run.done["Invitations deleted"], run.done["Sessions that ran out deleted"]) == (1, 1)
        assert not learner.history.exists()

    def test_run_twice_it_finds_nothing_the_second_time(self, learner):
        attend(event(), learner)
        retention.keep_to_retention(now=NOW)
        assert not any(retention.keep_to_retention(now=NOW).done.values())
        assert RetentionRun.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["privacy", "cookies", "accessibility"])
def test_the_statements_are_there_for_everybody_from_every_page(client, name):
    address = reverse(f"monitoring:{name}")
    assert client.get(address).status_code == 200
    assert f'href="{address}"' in client.get(reverse("courses:events")).text


@pytest.mark.django_db
def test_the_privacy_page_tells_the_periods_as_they_are_set(client):
    Policy.objects.create(pk=1, people_years=4)
    assert "4 years after they last signed in" in client.get(reverse("monitoring:privacy")).text


@pytest.mark.django_db
def test_asking_for_my_data_twice_makes_it_once():
    someone = UserFactory()
    first = actions.ask_for_my_data(person=someone, kind="pdf", now=NOW)
    assert actions.ask_for_my_data(person=someone, kind="pdf", now=NOW) == first
