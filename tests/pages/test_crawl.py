"""An outsider's pass: hostile words in every address's query and form come back escaped; nobody learns who is known."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.urls import reverse

from tests.factories import UserFactory
from tests.pages.table import PAGES
from tests.pages.test_every_page import address, answer, arriving, in_lines, shared_world, world  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("every url")]
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
# What pages read of their query; each gets the hostile words.
NAMES = (
    "q", "typed", "to", "email", "code", "next", "page", "subject", "sector", "kind", "group", "month", "counted",
    "year", "as_at", "words", "lacks", "by", "from", "until", "course", "organisation",
)  # fmt: skip


@pytest.mark.parametrize("role", ["nobody", "td"])
def test_hostile_words_come_back_escaped(world, role):  # noqa: F811
    client, wrong = arriving(world, role), {}
    for name, page in PAGES.items():
        if role not in page.roles or (role == "td" and "nobody" in page.roles):
            continue
        url = address(name, world, page.arguments)
        if name.endswith(("_pdf", "flyer", "_paper", "passport", "_summary")):
            continue  # a document, no page
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
