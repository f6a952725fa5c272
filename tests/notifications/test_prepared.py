"""A long document is made once by a worker, whoever presses twice or is killed, and only its person fetches it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications import prepared, rules
from notifications.models import PreparedFile
from notifications.tasks import look_after_documents
from tests.factories import UserFactory

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
TASK = "learning.tasks.no_such_task_is_needed_here"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def handed(monkeypatch):
    """What was handed to workers."""
    sent = []
    monkeypatch.setattr(prepared.current_app, "send_task", lambda name, args, **options: sent.append((name, *args)))
    return sent


@pytest.fixture
def person():
    return UserFactory()


def ask(person, **parameters) -> PreparedFile:
    return prepared.ask_for(title="Certificates", task=TASK, parameters=parameters, by=person, now=NOW)


def three_pages(parameters, progress):
    for page in range(1, 4):
        progress(page, 3)
    return f"{parameters.get('event', 'all')}.pdf", b"%PDF three pages"


def fresh(row) -> PreparedFile:
    row.refresh_from_db()
    return row


class TestMaking:
    def test_it_goes_to_a_worker_after_the_commit(self, person, handed, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            row = ask(person)
            assert handed == []
        assert handed == [(TASK, str(row.pk))]

    def test_pressed_twice_it_is_one(self, person, handed):
        assert ask(person, event=1) == ask(person, event=1) != ask(person, event=2)

    def test_two_workers_make_it_once(self, person):
        row, made = ask(person), []

        def maker(parameters, progress):
            made.append(prepared.make(prepared_id=str(row.pk), maker=three_pages, now=NOW))  # the other worker
            return three_pages(parameters, progress)

        assert prepared.make(prepared_id=str(row.pk), maker=maker, now=NOW) and made == [False]
        assert fresh(row).status == "ready" and (row.done, row.of, row.percent) == (3, 3, 100)

    def test_a_refusal_says_why_and_an_error_says_what_to_do(self, person):
        def refuses(parameters, progress):
            raise prepared.CannotBeMade("Nobody has completed this event.")

        def breaks(parameters, progress):
            raise ZeroDivisionError

        problems = []
        for number, maker in enumerate((refuses, breaks)):
            row = ask(person, number=number)
            prepared.make(prepared_id=str(row.pk), maker=maker, now=NOW)
            problems.append(fresh(row).problem)
        assert problems == [
            "Nobody has completed this event.",
            "Something went wrong while we made it. Ask for it again.",
        ]

    def test_what_a_killed_worker_left_is_begun_again_and_given_up_after_three_times(self, person, handed):
        row, now = ask(person), NOW
        assert prepared.take_up_silent(now=NOW + rules.SILENCE) == 0
        for _ in range(rules.MOST_TRIES):
            PreparedFile.objects.filter(pk=row.pk).update(status="making", attempts=row.attempts + 1)
            now += rules.SILENCE + timedelta(seconds=1)
            prepared.take_up_silent(now=now)
            fresh(row)
        assert row.status == "failed" and "too long" in row.problem and len(handed) == rules.MOST_TRIES - 1

    def test_a_slow_worker_that_was_overtaken_leaves_no_second_file(self, person, handed, settings):
        row = ask(person)

        def slow(parameters, progress):
            prepared.take_up_silent(now=timezone.now() + rules.SILENCE + timedelta(seconds=1))
            assert prepared.make(prepared_id=str(row.pk), maker=three_pages, now=NOW)
            return "slow.pdf", b"%PDF"

        assert not prepared.make(prepared_id=str(row.pk), maker=slow, now=NOW)
        [file] = (settings.MEDIA_ROOT / "prepared").iterdir()
        assert fresh(row).file_name == "all.pdf" and file.name == row.file.name.removeprefix("prepared/")

    def test_what_is_finished_while_the_silent_are_handed_over_stays_finished(self, person, monkeypatch):
        rows = [ask(person, event=number) for number in (1, 2)]

        def hand_over(row):
            PreparedFile.objects.exclude(pk=row.pk).update(status="ready", finished_at=NOW)

        monkeypatch.setattr(prepared, "_hand_over", hand_over)
        assert prepared.take_up_silent(now=NOW + timedelta(hours=1)) == 1
        assert {fresh(row).status for row in rows} == {"waiting", "ready"}


class TestItsPage:
    def test_tells_how_far_it_is_then_gives_the_file(self, client, person):
        row = ask(person, event="E-7KMPQ")
        client.force_login(person)
        PreparedFile.objects.filter(pk=row.pk).update(status="making", done=40, of=300)
        assert "40 of 300" in client.get(row.get_absolute_url()).text
        assert client.get(reverse("prepared_download", args=[row.pk])).status_code == 404
        PreparedFile.objects.filter(pk=row.pk).update(status="waiting")
        prepared.make(prepared_id=str(row.pk), maker=three_pages, now=NOW)
        assert "Download E-7KMPQ.pdf" in client.get(row.get_absolute_url()).text
        answer = client.get(reverse("prepared_download", args=[row.pk]))
        assert answer.content == b"%PDF three pages"
        assert answer["Content-Disposition"] == 'attachment; filename="E-7KMPQ.pdf"'

    def test_is_for_who_asked_alone(self, client, person):
        row = ask(person)
        prepared.make(prepared_id=str(row.pk), maker=three_pages, now=NOW)
        client.force_login(UserFactory(is_superuser=True, is_staff=True))
        for name in ("prepared", "prepared_download"):
            assert client.get(reverse(name, args=[row.pk])).status_code == 404

    def test_is_forgotten_after_a_week_with_its_file(self, person, settings):
        row = ask(person)
        prepared.make(prepared_id=str(row.pk), maker=three_pages, now=NOW)
        PreparedFile.objects.update(finished_at=NOW)
        assert prepared.forget_old(now=NOW + rules.KEPT) == 0
        assert len(list((settings.MEDIA_ROOT / "prepared").iterdir())) == 1
        look_after_documents()
        assert not PreparedFile.objects.exists() and list((settings.MEDIA_ROOT / "prepared").iterdir()) == []
