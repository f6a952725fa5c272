"""Uploads are scanned by ClamAV where a setting names one. The real clamd, with a list of one virus that we made up."""

import shutil
import subprocess
import time
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import ValidationError

from learning.record_forms import EvidenceField
from wscb_training import viruses

CLAMD = shutil.which("clamd") or shutil.which("/usr/sbin/clamd")
VIRUS = b"what the scanner of this test knows as a virus"
PDF = b"%PDF-1.7\n"


@pytest.fixture(scope="module")
def clamd(tmp_path_factory):
    """The address of a scanner of our own."""
    if not CLAMD:
        pytest.skip("needs ClamAV: apt-get install clamav-daemon")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "own.ndb").write_text(f"Test.OfOurOwn:0:*:{VIRUS.hex()}\n")
    socket = folder / "clamd.ctl"
    (folder / "clamd.conf").write_text(
        f"LocalSocket {socket}\nDatabaseDirectory {folder}\nForeground yes\nStreamMaxLength 1M\n"
    )
    process = subprocess.Popen([CLAMD, "--config-file", str(folder / "clamd.conf")], stdout=subprocess.DEVNULL)
    try:
        give_up = time.monotonic() + 20
        while not socket.exists() and time.monotonic() < give_up:
            time.sleep(0.05)
        yield str(socket)
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_a_virus_is_refused_and_other_files_are_kept_whole(clamd, settings):
    settings.VIRUS_SCANNER = clamd
    assert viruses.refusal(BytesIO(PDF + VIRUS)) == viruses.FOUND
    file = BytesIO(PDF + b"a certificate")
    assert viruses.refusal(file) is None
    assert file.read() == PDF + b"a certificate"


def test_the_field_for_evidence_asks(clamd, settings):
    field, sent = EvidenceField(), SimpleUploadedFile("certificate.pdf", PDF + VIRUS)
    assert field.clean(sent)
    settings.VIRUS_SCANNER = clamd
    with pytest.raises(ValidationError, match="has a virus"):
        field.clean(sent)


def test_what_the_scanner_would_not_take_is_not_kept(clamd, settings):
    settings.VIRUS_SCANNER = clamd
    assert viruses.refusal(BytesIO(PDF + b"0" * 2_000_000)) == viruses.AWAY


def test_nothing_is_kept_unscanned_while_the_scanner_is_away(settings, tmp_path, caplog):
    settings.VIRUS_SCANNER = str(tmp_path / "nobody.ctl")
    assert viruses.refusal(BytesIO(PDF)) == viruses.AWAY
    assert "did not answer" in caplog.text


def test_without_the_setting_nobody_is_asked(settings):
    settings.VIRUS_SCANNER = ""
    assert viruses.refusal(BytesIO(VIRUS)) is None
