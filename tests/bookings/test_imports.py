"""T&D imports the completions of online learning: a dry run, all or nothing, each bad row named (Input 46)."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from bookings.imports import read_completions
from bookings.models import TrainingRecord
from courses.models import Course
from tests.factories import CourseFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
ADDRESS = reverse("admin:bookings_trainingrecord_import")


@pytest.fixture
def world(officer):
    """An officer of T&D signed in, Pat, and one online course."""
    UserFactory(email="pat@riverside.example")
    CourseFactory(title="Keeping Good Records", delivery="online")


GOOD = "email,course,completed_on\nPat@Riverside.example,keeping good records,2026-03-27\n"


def test_every_bad_row_is_named_with_line_column_and_fault(world):
    text = (
        "email,course,completed_on\nPat@riverside.example,Keeping Good Records,27/03/2026\n"
        "nobody@x.example,Gangs,yesterday\npat@riverside.example,Keeping Good Records,2090-01-01\n"
    )
    rows, problems = read_completions(text, today=TODAY)
    assert len(rows) == 1
    assert problems == [
        "Line 3, email: nobody has the address “nobody@x.example”.",
        "Line 3, course: “Gangs” is no online course.",
        "Line 3, completed_on: “yesterday” is no date.",
        "Line 4, completed_on: the date is still to come.",
    ]


def test_a_missing_column_is_named(world):
    assert read_completions("email,completed_on\n", today=TODAY)[1] == [
        "Line 1: the column course is missing. The columns are email, course, completed_on."
    ]


def test_a_dry_run_writes_nothing_then_the_same_text_is_written_once(client, world):
    page = client.post(ADDRESS, {"file": SimpleUploadedFile("c.csv", GOOD.encode()), "check": "1"}).content.decode()
    assert "1 row is right. Nothing is imported yet." in page
    assert not TrainingRecord.objects.exists()

    for _ in range(2):
        client.post(ADDRESS, {"checked": GOOD, "write": "1"})

    record = TrainingRecord.objects.get()
    assert (record.source, record.status, record.completed_on) == ("online", "counted", date(2026, 3, 27))


def test_one_bad_row_and_nothing_is_written(client, world):
    client.post(ADDRESS, {"checked": GOOD + "x@x.example,Gangs,2026-01-01\n", "write": "1"})
    assert not TrainingRecord.objects.exists()


def test_it_is_for_td(client):
    client.force_login(UserFactory())
    assert client.get(ADDRESS).status_code == 302


class TestWhatThePersonSentInAlready:
    def sent(self, status):
        person, course = User.objects.get(email="pat@riverside.example"), Course.objects.get()
        return TrainingRecord.objects.create(
            person=person, course=course, source="online", completed_on=date(2026, 3, 27), status=status
        )

    @pytest.mark.parametrize("status", ["to_verify", "refused", "withdrawn"])
    def test_counts_once_the_provider_says_so(self, client, world, status):
        self.sent(status)
        client.post(ADDRESS, {"checked": GOOD, "write": "1"})
        assert TrainingRecord.objects.get().status == "counted"

    def test_twice_counts_once(self, client, world):
        for _ in range(2):
            self.sent("to_verify")
        for _ in range(2):
            client.post(ADDRESS, {"checked": GOOD, "write": "1"})
        assert TrainingRecord.objects.counted().count() == 1


def test_a_blank_line_shifts_no_number_and_a_cell_without_end_is_named(world):
    text = "email,course,completed_on\n\nnobody@x.example,Keeping Good Records,2026-01-01\n"
    assert read_completions(text, today=TODAY)[1] == ["Line 3, email: nobody has the address “nobody@x.example”."]
    endless = "email,course,completed_on\n" + "x" * 200_000
    assert read_completions(endless, today=TODAY)[1][0].startswith("Line 2: this is no CSV")
