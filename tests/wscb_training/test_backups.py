"""A backup is one file by one command, and a restore brings back every row and every upload, or says why not."""

import tarfile

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from bookings import actions
from bookings.models import Booking
from tests.factories import UserFactory, make_event
from tests.rows import all_rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("backups")]


@pytest.fixture
def world(settings):
    person, event = UserFactory(full_name="Zoë O'Brien"), make_event(capacity=9)
    actions.book(event=event, person=person, by=person, now=timezone.now())
    (settings.MEDIA_ROOT / "evidence").mkdir(parents=True)
    (settings.MEDIA_ROOT / "evidence/a.pdf").write_bytes(b"%PDF")


@pytest.fixture
def backup(world, tmp_path):
    path = tmp_path / "backups" / "one.tar.gz"
    call_command("backup", path)
    return path


def test_everything_comes_back_whatever_happened_since(backup, settings):
    before = all_rows()
    Booking.objects.update(status="cancelled", ended_at=timezone.now())
    User.objects.update(full_name="Gone")
    UserFactory.create_batch(3)
    (settings.MEDIA_ROOT / "evidence/a.pdf").write_bytes(b"changed")
    (settings.MEDIA_ROOT / "later.pdf").write_bytes(b"later")
    assert all_rows() != before
    call_command("restore", backup, replace=True)
    assert all_rows() == before
    assert [path.read_bytes() for path in settings.MEDIA_ROOT.rglob("*.pdf")] == [b"%PDF"]


def test_it_is_its_owners_alone(backup):
    assert backup.stat().st_mode & 0o777 == 0o600


def test_nobody_is_overwritten_without_saying_so(backup):
    with pytest.raises(CommandError, match="There are people in this database"):
        call_command("restore", backup)


def test_a_damaged_one_changes_nothing(backup, tmp_path):
    before, half = all_rows(), tmp_path / "half.tar.gz"
    half.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    with pytest.raises(CommandError, match="is damaged"):
        call_command("restore", half, replace=True)
    assert all_rows() == before


def test_one_whose_database_can_not_be_read_changes_nothing(backup, tmp_path):
    before, broken = all_rows(), tmp_path / "broken.tar.gz"
    with tarfile.open(backup) as tar:
        tar.extractall(tmp_path / "in", filter="data")
    dump = tmp_path / "in" / "database"
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 3])
    with tarfile.open(broken, "w:gz") as tar:
        for name in ("manifest.json", "database"):
            tar.add(tmp_path / "in" / name, name)
    with pytest.raises(CommandError):
        call_command("restore", broken, replace=True)
    assert all_rows() == before
