"""T&D looks at what people had elsewhere: the file opens for it alone, and only the actions decide."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from bookings.models import TrainingRecord
from notifications.models import Message
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return TrainingRecord.objects.create(
        person=UserFactory(), title="Level 2", source="elsewhere", status="to_verify", completed_on=date(2026, 1, 1),
        evidence=ContentFile(b"%PDF-1.7 words", "mine.pdf"),
    )  # fmt: skip


def address(name, record):
    return reverse(f"admin:bookings_trainingrecord_{name}", args=[record.pk])


def test_the_file_is_saved_never_shown(client, officer, record):
    assert address("evidence", record) in client.get(address("change", record)).content.decode()
    answer = client.get(address("evidence", record))
    assert answer.content == b"%PDF-1.7 words"
    assert answer["Content-Disposition"].startswith("attachment")


def test_refused_with_the_reason_that_the_person_is_told(client, officer, record):
    client.post(address("refuse", record), {"reason": "The date can't be read"})
    record.refresh_from_db()
    assert (record.status, record.decided_by, record.decision_reason) == ("refused", officer, "The date can't be read")
    assert Message.objects.get().recipient == record.person


def test_a_refusal_needs_its_reason(client, officer, record):
    client.post(address("refuse", record), {"reason": " "})
    record.refresh_from_db()
    assert record.status == "to_verify"


def test_nobody_decides_by_typing_a_status(client, officer, record):
    answers = {"person": record.person_id, "source": "elsewhere", "completed_on": "2026-01-01", "title": "Level 3"}
    client.post(address("change", record), {**answers, "status": "counted"})
    record.refresh_from_db()
    assert (record.title, record.status) == ("Level 3", "to_verify")


def test_what_counts_can_be_withdrawn(client, officer, record):
    """Events 34."""
    TrainingRecord.objects.update(status="counted")
    answers = {"person": record.person_id, "source": "elsewhere", "completed_on": "2026-01-01", "title": "Level 2"}
    client.post(address("change", record), {**answers, "status": "withdrawn"})
    record.refresh_from_db()
    assert record.status == "withdrawn"


@pytest.mark.parametrize("name", ["evidence", "refuse"])
def test_it_is_for_td(client, record, name):
    for person in (UserFactory(), record.person):
        client.force_login(person)
        assert client.get(address(name, record)).status_code == 302
    client.force_login(UserFactory(is_staff=True))
    assert client.get(address(name, record)).status_code == 403
