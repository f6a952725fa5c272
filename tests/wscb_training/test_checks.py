"""Settings that don't go together are told by `manage.py check`, with what to do."""

import pytest

from wscb_training import checks


@pytest.fixture
def public(settings):
    """A site that strangers reach."""
    settings.HTTPS, settings.DEBUG = True, False
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://training.example", ["training.example"]
    return settings


def ids(messages) -> list[str]:
    assert all(message.hint for message in messages)
    return [message.id for message in messages]


def test_a_public_site_that_is_right_has_nothing_to_tell(public):
    assert ids(checks.addresses_agree(None) + checks.no_debugging_in_public(None)) == []


def test_https_with_links_that_are_not(public):
    public.BASE_URL = "http://training.example"
    assert ids(checks.addresses_agree(None)) == ["wscb.E001"]


def test_links_to_a_host_that_is_turned_away(public):
    public.ALLOWED_HOSTS = ["elsewhere.example"]
    assert ids(checks.addresses_agree(None)) == ["wscb.E002"]


@pytest.mark.parametrize("host, address", [("[::1]", "https://[::1]:8000"), (".example", "https://training.example")])
def test_hosts_may_be_numbers_and_wildcards(public, host, address):
    public.ALLOWED_HOSTS, public.BASE_URL = [host], address
    assert ids(checks.addresses_agree(None)) == []


def test_debugging_in_public(public):
    public.DEBUG = True
    assert ids(checks.no_debugging_in_public(None)) == ["wscb.E003"]


def test_debugging_at_home_is_nobodys_business(public):
    public.DEBUG, public.HTTPS = True, False
    assert ids(checks.no_debugging_in_public(None)) == []


def test_a_misspelt_name_in_dotenv_is_named_with_the_one_meant(settings):
    settings.MISSPELT_IN_DOTENV = [("BASE_ULR", "BASE_URL"), ("XYZ", "")]
    first, second = checks.dotenv_is_spelt_right(None)
    assert first.msg == "BASE_ULR in .env is not a setting of this site."
    assert first.hint == "Is it BASE_URL?"
    assert ".env.example" in second.hint


def test_embedded_parts_are_told_before_a_deployment(settings):
    settings.EMBEDDED = True
    settings.CELERY_BROKER_URL = "filesystem://localhost"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert ids(checks.production_parts(None)) == ["wscb.W010", "wscb.W011", "wscb.W012", "wscb.W013", "wscb.W014"]


def test_production_parts_have_nothing_to_tell(settings):
    settings.EMBEDDED = False
    settings.CELERY_BROKER_URL = "redis://redis:6379/0"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.MFA_REQUIRED = True
    assert checks.production_parts(None) == []
