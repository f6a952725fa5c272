"""Where somebody is signed in: a list, and a press that ends one or all others."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.sessions import forget, in_words
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


def arrive(person, agent: str) -> Client:
    client = Client(headers={"user-agent": agent})
    client.post(reverse("account_login"), {"login": person.email, "password": "correct-horse"})
    return client


def is_in(client) -> bool:
    return client.get(reverse("learning:my_training")).status_code == 200


def test_a_lost_phone_is_signed_out():
    person = UserFactory()
    desk, phone, tablet = arrive(person, DESK), arrive(person, PHONE), arrive(person, PHONE)
    page = desk.get(reverse("accounts:sessions")).content.decode()
    assert page.count("Safari on iPhone</dt>") == 2 and "Chrome on Windows" in page
    lost = phone.session.session_key
    desk.post(reverse("accounts:sessions"), {"session": UserSession.objects.get(session_key=lost).pk})
    assert (is_in(desk), is_in(phone), is_in(tablet)) == (True, False, True)
    desk.post(reverse("accounts:sessions"))
    assert (is_in(desk), is_in(tablet)) == (True, False)


def test_nobody_ends_the_sessions_of_others():
    person, other = arrive(UserFactory(), DESK), arrive(UserFactory(), DESK)
    theirs = UserSession.objects.get(session_key=other.session.session_key)
    assert person.post(reverse("accounts:sessions"), {"session": theirs.pk}).status_code == 404
    assert is_in(other)


def test_a_new_password_signs_out_everywhere_else():
    person = UserFactory()
    desk, phone = arrive(person, DESK), arrive(person, PHONE)
    new = {"oldpassword": "correct-horse", "password1": "a longer phrase of words"}
    assert desk.post(reverse("account_change_password"), new).status_code == 302
    assert (is_in(desk), is_in(phone)) == (True, False)


def test_sessions_that_are_over_are_forgotten():
    """With them goes from where and by which browser somebody was signed in."""
    desk, phone = (arrive(UserFactory(), agent) for agent in (DESK, PHONE))
    Session.objects.filter(session_key=phone.session.session_key).update(expire_date=timezone.now() - timedelta(days=1))
    assert forget(now=timezone.now()) == 1
    assert [session.session_key for session in UserSession.objects.all()] == [desk.session.session_key]
    assert is_in(desk)


@pytest.mark.parametrize(
    "agent, words", [(PHONE, "Safari on iPhone"), (DESK, "Chrome on Windows"), ("curl/8", "A browser")]
)
def test_a_browser_in_words(agent, words):
    assert in_words(agent) == words
