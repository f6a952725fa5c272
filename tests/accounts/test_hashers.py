"""With PASSWORD_PEPPER, who takes the database alone can't try passwords (OWASP ASVS 2.4.5)."""

import os
import subprocess
import sys

import pytest
from django.contrib.auth import authenticate

from tests.factories import UserFactory

WORDS = "correct-horse-battery"
PLAIN = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
PEPPERED = ["accounts.hashers.PepperedPasswordHasher", PLAIN]

pytestmark = pytest.mark.django_db


def test_a_password_kept_without_it_goes_on_working_and_is_renewed(settings):
    settings.PASSWORD_HASHERS = [PLAIN]
    person = UserFactory()
    person.set_password(WORDS)
    person.save()
    settings.PASSWORD_HASHERS, settings.PASSWORD_PEPPER = PEPPERED, "pepper"

    assert authenticate(username=person.email, password=WORDS) == person

    person.refresh_from_db()
    assert person.password.startswith("pbkdf2_sha256_peppered$")
    assert authenticate(username=person.email, password=WORDS) == person
    assert not authenticate(username=person.email, password="wrong-horse-battery")


def test_with_another_pepper_it_opens_nothing(settings):
    settings.PASSWORD_HASHERS, settings.PASSWORD_PEPPER = PEPPERED, "pepper"
    person = UserFactory()
    person.set_password(WORDS)
    assert person.check_password(WORDS)
    settings.PASSWORD_PEPPER = "salt"
    assert not person.check_password(WORDS)


@pytest.mark.parametrize(("pepper", "first"), [("", "django"), ("pepper", "accounts")])
def test_the_setting_alone_switches_it_on(pepper, first):
    said = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; print(settings.PASSWORD_HASHERS[0])"],
        env=os.environ | {"PASSWORD_PEPPER": pepper, "DJANGO_SETTINGS_MODULE": "wscb_training.settings"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.startswith(first)
