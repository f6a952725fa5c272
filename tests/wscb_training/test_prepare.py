"""`manage.py prepare` makes a site that can run, as often as one likes."""

import pytest
from django.core.management import CommandError, call_command

from courses.models import Course


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/wscb.css").write_text("body{}")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [tmp_path / "assets"], tmp_path / "static"
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
