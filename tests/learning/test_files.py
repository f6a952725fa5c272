"""Files that people sent: a rollback keeps them, a shared one stays, and one that is missing is said to be gone."""

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse

from bookings import actions
from bookings.models import TrainingRecord
from learning.actions import erase_person
from notifications import prepared
from tests import teams
from tests.teams import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def td():
    return teams.person("T and D", is_superuser=True, is_staff=True)


@pytest.fixture
def record(school):
    person = teams.person(at=school)
    kept = TrainingRecord(person=person, title="Basics", source="elsewhere", status="to_verify", completed_on=TODAY)
    kept.evidence.save("mine.pdf", ContentFile(b"%PDF"))
    return kept


def withdraw(record, td):
    actions.withdraw_training(record=record, by=record.person)


def erase(record, td):
    erase_person(person=record.person, by=td, now=NOW)


@pytest.mark.parametrize("act", [withdraw, erase])
class TestDeleting:
    def test_a_rollback_keeps_the_file(self, record, td, act, django_capture_on_commit_callbacks):
        storage, name = record.evidence.storage, record.evidence.name
        with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError), transaction.atomic():
            act(record, td)
            1 / 0  # noqa: B018 - whatever goes wrong after it
        assert storage.exists(name)
        assert TrainingRecord.objects.get(pk=record.pk).evidence.name == name

    def test_after_the_commit_it_goes(self, record, td, act, django_capture_on_commit_callbacks):
        storage, name = record.evidence.storage, record.evidence.name
        with django_capture_on_commit_callbacks(execute=True):
            act(record, td)
            assert storage.exists(name)
        assert not storage.exists(name)
        assert not TrainingRecord.objects.get(pk=record.pk).evidence

    def test_not_while_another_record_refers_to_it(self, record, td, act, django_capture_on_commit_callbacks):
        other = teams.completed(teams.person(), evidence=record.evidence.name)
        with django_capture_on_commit_callbacks(execute=True):
            act(record, td)
        assert other.evidence.storage.exists(other.evidence.name)


class TestMissing:
    def check(self, client, address, caplog):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "This file is not there any more" in answer.text
        assert "Tell the Training and Development Service" in answer.text
        assert "is missing" in caplog.text

    @pytest.mark.parametrize("page", ["learning:evidence", "learning:team_record_evidence", "admin"])
    def test_evidence_of_a_record(self, client, record, school, td, caplog, page):
        record.evidence.storage.delete(record.evidence.name)
        if page == "learning:evidence":
            client.force_login(record.person)
            return self.check(client, reverse(page, args=[record.pk]), caplog)
        if page == "learning:team_record_evidence":
            client.force_login(teams.lead(school))
            return self.check(client, reverse(page, args=[school.pk, record.pk]), caplog)
        client.force_login(td)
        self.check(client, reverse("admin:bookings_trainingrecord_evidence", args=[record.pk]), caplog)

    def test_a_document_made_for_somebody(self, client, td, caplog):
        row = prepared.ask_for(title="Long", task="x.y", parameters={}, by=td, now=NOW)
        prepared.make(prepared_id=str(row.pk), maker=lambda parameters, progress: ("x.pdf", b"%PDF"), now=NOW)
        row.refresh_from_db()
        row.file.storage.delete(row.file.name)
        client.force_login(td)
        self.check(client, reverse("prepared_download", args=[row.pk]), caplog)
