"""Guessing is limited at every door: passwords, new accounts, resets, certificate codes and signed links."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse

from accounts.models.user import SUB_COMMITTEE
from tests.factories import UserFactory
from wscb_training import environment

pytestmark = pytest.mark.django_db
LIMITED = 429


def statuses(ask, times: int) -> list[int]:
    return [ask(number).status_code for number in range(times)]


def test_a_password_can_not_be_guessed_from_many_addresses(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    person = UserFactory()

    def attempt(number):
        data = {"login": person.email, "password": f"guess number {number}"}
        return client.post(reverse("account_login"), data, headers={"x-forwarded-for": f"203.0.113.{number}"})

    page = [attempt(number) for number in range(7)][-1].content.decode()
    assert "You have tried too often" in page
    right = {"login": person.email, "password": "correct-horse"}
    assert "You have tried too often" in client.post(reverse("account_login"), right).content.decode()


@pytest.mark.parametrize("page, field", [("account_signup", "email"), ("account_reset_password", "email")])
def test_new_accounts_and_resets(client, page, field):
    ask = lambda n: client.post(reverse(page), {field: f"x{n}@school.example", "password1": "three words together"})  # noqa: E731
    assert LIMITED in statuses(ask, 21)


@pytest.mark.parametrize(
    "page", ["learning:check_code", "evaluations:by_link", "bookings:approval", "accounts:invitation"]
)
def test_codes_and_links(client, page):
    """Twenty misses, then a pause; whoever opens what is there is never held up."""
    ask = lambda number: client.get(reverse(page, args=[f"GUESS-{number}"]))  # noqa: E731
    assert statuses(ask, 22) == [404] * 20 + [LIMITED] * 2
    assert "Wait a few minutes" in ask(0).content.decode()
    assert client.get("/events/").status_code == 200  # the rest of the site stays open


def test_others_at_other_addresses_are_not_held_up(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    ask = lambda address: client.get("/check/GUESS/", headers={"x-forwarded-for": address})  # noqa: E731
    assert [ask("203.0.113.7").status_code for _ in range(21)][-1] == LIMITED
    assert ask("203.0.113.8").status_code == 404
    # What a visitor writes before the address that our proxy adds counts for nothing.
    assert ask("198.51.100.1, 203.0.113.7").status_code == LIMITED


def test_without_a_proxy_nobody_chooses_their_address(client):
    ask = lambda number: client.get("/check/GUESS/", headers={"x-forwarded-for": f"203.0.113.{number}"})  # noqa: E731
    assert statuses(ask, 21)[-1] == LIMITED


@pytest.fixture
def no_redis(settings):
    """A cache in a Redis that nobody runs."""
    url = environment.Environment().cache_url_config("redis://127.0.0.1:1/0")
    settings.CACHES = {"default": url}


@pytest.mark.parametrize(
    "address, status", [("/check/GUESS/", 404), ("/api/v1/pathway", 200), ("/help/learner/guide.pdf", 200)]
)
def test_the_site_stays_open_without_its_cache(client, no_redis, address, status):
    assert client.get(address).status_code == status


def test_people_sign_in_and_the_sub_committee_sees_its_figures_without_the_cache(client, no_redis):
    """allauth counts guesses in the cache, and the figures are kept there."""
    call_command("load_strategy", stdout=StringIO())
    person = UserFactory()
    person.groups.add(Group.objects.get_or_create(name=SUB_COMMITTEE)[0])
    data = {"login": person.email, "password": "correct-horse"}
    assert client.post(reverse("account_login"), data).status_code == 302
    assert client.get(reverse("monitoring:priorities")).status_code == 200
