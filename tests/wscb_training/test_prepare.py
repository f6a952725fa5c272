"""`manage.py prepare` makes a site that can run, as often as one likes, and one start at a time."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as real
from django.core.management import CommandError, call_command

from courses.models import Course
from wscb_training import starting


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/wscb.css").write_text("body{}")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [tmp_path / "assets"], tmp_path / "static"
    settings.VAR = tmp_path
    return tmp_path


@pytest.mark.django_db
def test_twice_is_as_once(folders):
    call_command("prepare")
    courses = Course.objects.count()
    call_command("prepare")
    assert Course.objects.count() == courses >= 54
    assert (folders / "static/wscb.css").exists()


def test_nothing_is_done_with_settings_that_are_wrong(settings):
    settings.HTTPS, settings.BASE_URL = True, "http://training.example"
    with pytest.raises(CommandError, match=r"HTTPS is on, but BASE_URL"):
        call_command("prepare", skip_checks=False)


@pytest.mark.parametrize("command", [["prepare", "--demo"], ["demo"], ["demo", "--reset"]])
def test_a_second_start_says_that_the_first_is_making_the_data(tmp_path, command):
    """Without a trace of the database that the first one has locked; and it has written nothing."""
    with starting.alone(), starting.alone():  # this process may hold it twice
        done = _manage(tmp_path, *command)
    assert done.returncode == 1
    assert done.stderr.strip() == f"CommandError: {starting.SOMEBODY_ELSE}"
    assert not (tmp_path / "db.sqlite3").exists()


@pytest.mark.django_db
def test_the_next_start_may_when_the_first_is_done_or_failed():
    with pytest.raises(ZeroDivisionError), starting.alone():
        raise ZeroDivisionError
    call_command("prepare")
    with starting.alone():
        pass


def _manage(var, *command):
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"VAR_DIR": str(var), "READ_DOTENV": "off"}
    line = [sys.executable, str(real.BASE_DIR / "manage.py"), *command]
    return subprocess.run(line, env=environment, capture_output=True, text=True, check=False)
