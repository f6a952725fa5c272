"""An outsider's pass: hostile words in every address's query and form come back escaped; nobody learns who is known."""

import re

import pytest
from django.apps import apps
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import transaction
from django.db.models import CharField, F, TextField, Value
from django.db.models.functions import Concat, Left
from django.urls import reverse

from tests.factories import UserFactory
from tests.pages.table import PAGES
from tests.pages.test_every_page import (  # noqa: F401 - fixtures
    address,
    answer,
    arriving,
    in_lines,
    looked_at,
    shared_world,
    world,
)

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("every url")]
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
MARKUP = "<img src=x onerror=alert(1)> {{ 1 }} {% x %}"
# What pages read of their query; each gets the hostile words.
NAMES = (
    "q", "typed", "to", "email", "code", "next", "page", "subject", "sector", "kind", "group", "month", "counted",
    "year", "as_at", "words", "lacks", "by", "from", "until", "course", "organisation",
)  # fmt: skip


DOCUMENTS = ("_pdf", "flyer", "_paper", "passport", "_summary", "_certificates", "certificate", "guide")
# What is no text that somebody typed to be read: keys, codes, addresses, and what is printed as the HTML it is.
NO_WORDS = re.compile(
    r"slug|code|reference|key|email|digest|ending|token|task|status|kind|file|html|calendar|link|postcode|^to$|password|"
    r"reporting_sector|core_subject|unit|type|template|session|secret|codename|app_label|model|provider_id|uid|method|"
    r"last_error|^page$|version|phase|urn|options"
)


@pytest.mark.parametrize("role", ["nobody", "lead", "td", "token"])
def test_hostile_words_come_back_escaped(world, role):  # noqa: F811
    client, wrong = arriving(world, role), {}
    for name, arguments in looked_at_by(role):
        url = address(name, world, arguments)
        if name.endswith(DOCUMENTS):
            continue  # no page
        for method, send in (("GET", client.get), ("POST", client.post)):
            cookies = client.cookies.copy()
            response = send(url, dict.fromkeys(NAMES, HOSTILE))
            client.cookies = cookies
            if response.status_code >= 500 and name != "health_ready":
                wrong[f"{method} {name}"] = f"answers {response.status_code}"
            elif response.get("Content-Type", "").startswith("text/html"):
                text = response.content.decode()
                if "<script>alert" in text or "<img src=x" in text:
                    wrong[f"{method} {name}"] = "repeats what was sent unescaped"
    assert not wrong, in_lines(wrong)


def looked_at_by(role: str) -> list[tuple[str, dict]]:
    """Return (name, values of its address) of the pages that somebody sees, and who has fewer rights does not."""
    fewer = {"lead": "nobody", "td": "nobody"}.get(role)
    pages = [(name, page.arguments) for name, page in PAGES.items() if role in page.roles and fewer not in page.roles]
    return pages + [(name, arguments) for name, whose, arguments in looked_at() if whose == role]


def make_all_words_hostile() -> int:
    """Let all that people typed be markup: in labels, legends, hints, choices, titles. Return how many fields."""
    fields = 0
    for model in apps.get_models():
        if hasattr(model, "history_date") or not model._meta.managed or model._meta.app_label in ("sessions", "auth"):
            continue
        for field in model._meta.concrete_fields:
            if type(field) not in (CharField, TextField) or field.choices or NO_WORDS.search(field.name):
                continue
            if (field.max_length or 1000) > len(MARKUP) + 40:
                words = Left(Concat(Value(MARKUP), F(field.name), output_field=TextField()), field.max_length or 1000)
                with transaction.atomic():
                    model._base_manager.exclude(**{field.name: ""}).update(**{field.name: words})
                fields += 1
    return fields


@pytest.mark.parametrize("role", ["nobody", "learner", "lead", "trainer", "td", "board", "super"])
def test_what_people_typed_comes_out_escaped_wherever_it_is_shown(world, role):  # noqa: F811
    """Organisations, people, titles, questions, statements: with markup in all of them no page has it as markup."""
    wrong, seen = {}, 0
    with transaction.atomic():
        assert make_all_words_hostile() > 40
        cache.clear()
        for name, arguments in looked_at_by(role):
            if name.endswith(DOCUMENTS):
                continue
            response = answer(arriving(world, role), "GET", address(name, world, arguments))
            if response.status_code >= 500 and name != "health_ready":
                wrong[name] = f"answers {response.status_code}"
            elif response.get("Content-Type", "").startswith("text/html"):
                text = response.content.decode()
                seen += "&lt;img src=x" in text
                if "<img src=x" in text:
                    at = text.index("<img src=x")
                    wrong[name] = text[max(0, at - 120) : at + 60]
        transaction.set_rollback(True)
    cache.clear()
    assert not wrong, in_lines(wrong)
    assert seen > 3


@pytest.mark.parametrize("role", ["lead", "td", "token"])
def test_the_pages_with_tables_of_their_own_have_something_to_show(world, role):  # noqa: F811
    wrong = {}
    for name, whose, arguments in looked_at():
        if whose == role:
            found = [answer(arriving(world, role), way, address(name, world, arguments)) for way in ("GET", "POST")]
            if not {200, 302} & {each.status_code for each in found} and name not in ("api:book", "api:cancel"):
                wrong[name] = [each.status_code for each in found]
    assert not wrong, in_lines(wrong)


def test_nobody_is_led_to_another_site(client):
    """Where a page goes on to the address in `next`, it stays here."""
    person = UserFactory()
    for evil in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        data = {"login": person.email, "password": "correct-horse", "next": evil}
        assert "evil" not in client.post(reverse("account_login"), data).url
        client.post(reverse("account_logout"))
        assert "evil" not in client.get("/admin/login/", {"next": evil}).url


@pytest.mark.parametrize("page", ["account_signup", "account_reset_password"])
def test_sign_up_and_reset_do_not_tell_who_is_known(client, page):
    known = UserFactory().email
    answers = [
        client.post(reverse(page), {"email": email, "password1": "three words together"})
        for email in (known, "unknown@riverside.example")
    ]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].url == answers[1].url


def test_a_refused_sign_in_takes_as_long_for_nobody_as_for_somebody(client, monkeypatch):
    """Hashing is what takes the time: as many rounds of it whether the address is known or not."""
    hashed = []
    real = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or real(*args))
    known, counts, texts = UserFactory().email, [], []
    for email in (known, "unknown@riverside.example"):
        hashed.clear()
        page = client.post(reverse("account_login"), {"login": email, "password": "not it at all"})
        counts.append(len(hashed))
        texts.append("The email address or the password is not right" in page.content.decode())
    assert texts == [True, True]
    assert counts[0] == counts[1] > 0
