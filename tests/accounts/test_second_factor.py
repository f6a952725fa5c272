"""The second factor: set up in two pages, asked for at the next sign-in, needed by who sees the borough's data."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts import second_factor
from accounts.models import AuditEntry
from accounts.models.user import SUB_COMMITTEE, TD_SERVICE, TRAINER
from notifications.models import Message
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse"


def code_now(secret: str) -> str:
    """Return what the app on the phone shows."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in(client, person):
    return client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})


def set_up(client) -> str:
    """Walk the pages as a person does; return the secret that their phone keeps."""
    page = client.get(reverse("mfa_activate_totp"))
    secret = re.search(r'class="wscb-secret">(\w+)<', page.content.decode())[1]
    assert "<svg" in page.content.decode()
    done = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    assert done.url == reverse("mfa_view_recovery_codes"), done.content.decode()
    return secret


def paper_codes(client) -> list[str]:
    return re.findall(r"<li>([\d-]{8,})</li>", client.get(reverse("mfa_view_recovery_codes")).content.decode())


@pytest.fixture
def person(client):
    someone = UserFactory()
    sign_in(client, someone)
    return someone


def test_set_up_then_asked_for_at_the_next_sign_in(client, person, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    secret = set_up(client)
    assert "On: a code from your phone" in client.get(reverse("accounts:details")).content.decode()
    client.post(reverse("account_logout"))
    assert sign_in(client, person).url == reverse("mfa_authenticate")
    assert client.get(reverse("learning:my_training")).status_code == 302  # not signed in yet
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "The code is not right" in wrong.content.decode()
    assert client.post(reverse("mfa_authenticate"), {"code": code_now(secret)}).status_code == 302
    assert client.get(reverse("learning:my_training")).status_code == 200
    client.post(reverse("account_logout"))
    sign_in(client, person)
    again = client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    assert "has been used" in again.content.decode()  # seen over somebody's shoulder, it works no second time


def test_a_code_that_was_used_works_never_again_and_its_owner_is_told_once(client, person, time_machine):
    """It is good for 90 seconds, for clocks differ; allauth forgets it after 30 (OWASP ASVS 2.8.4, 2.8.5)."""
    begin = timezone.now()
    time_machine.move_to(begin, tick=False)
    code = code_now(set_up(client))
    client.post(reverse("account_logout"))
    sign_in(client, person)
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    client.post(reverse("account_logout"))
    sign_in(client, person)
    for seconds in (5, 31):
        time_machine.move_to(begin + timedelta(seconds=seconds), tick=False)
        page = client.post(reverse("mfa_authenticate"), {"code": f"{code[:3]} {code[3:]}"})
        assert "has been used" in page.content.decode()
    told = Message.objects.get(kind="accounts/code_used_again")
    assert told.to == person.email and "was used a second time" in told.text
    refused = AuditEntry.objects.filter(kind="sign_in_failed", person=person)
    assert [entry.what for entry in refused] == ["second proof: a code that was used"] * 2


def test_a_wrong_second_proof_is_in_the_audit(client, person):
    """Whoever comes so far knows the password (OWASP ASVS 7.2.1)."""
    set_up(client)
    client.post(reverse("account_logout"))
    sign_in(client, person)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    [refused] = AuditEntry.objects.filter(kind="sign_in_failed")
    assert (refused.person, refused.what, refused.network_address) == (person, "second proof", "127.0.0.1")


def test_a_code_on_paper_works_once(client, person):
    set_up(client)
    first, *_ = codes = paper_codes(client)
    assert len(codes) == 10
    for status in (302, 200):
        client.post(reverse("account_logout"))
        sign_in(client, person)
        assert client.post(reverse("mfa_authenticate"), {"code": first}).status_code == status


def test_codes_can_not_be_guessed(client, person):
    set_up(client)
    client.post(reverse("account_logout"))
    sign_in(client, person)
    for _ in range(6):
        page = client.post(reverse("mfa_authenticate"), {"code": "123456"})
    assert "You have tried too often" in page.content.decode()


def test_the_secret_is_not_kept_as_it_is(client, person, settings):
    secret = set_up(client)
    kept = Authenticator.objects.get(user=person, type="totp")
    assert secret not in str(kept.data)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert second_factor.SecondFactorAdapter().decrypt(kept.data["secret"]) == secret  # the key may be changed


def test_they_are_told_by_email(client, person, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        set_up(client)
    assert Message.objects.filter(to=person.email, key__startswith="accounts/totp_activated/").exists()


@pytest.mark.parametrize("role", [TD_SERVICE, SUB_COMMITTEE, "superuser", "staff"])
def test_who_sees_the_boroughs_data_must_have_it(client, settings, role):
    settings.MFA_REQUIRED = True
    someone = UserFactory(is_superuser=role == "superuser", is_staff=role in ("superuser", "staff"))
    if role in (TD_SERVICE, SUB_COMMITTEE):
        someone.groups.add(Group.objects.get_or_create(name=role)[0])
    sign_in(client, someone)
    for page in ("learning:my_training", "monitoring:priorities", "admin:index", "admin:accounts_user_changelist"):
        assert client.get(reverse(page)).url == reverse("mfa_activate_totp")
    assert client.post(reverse("learning:weekly_email"), {"wants": "no"}).url == reverse("mfa_activate_totp")
    set_up(client)
    assert client.get(reverse("learning:my_training")).status_code == 200
    assert "this is your only one" in client.get(reverse("mfa_deactivate_totp")).content.decode()
    client.post(reverse("mfa_deactivate_totp"))
    assert second_factor.is_on(someone)


@pytest.mark.parametrize("role", ["learner", TRAINER])
def test_others_need_none_and_may_switch_it_off(client, settings, role):
    settings.MFA_REQUIRED = True
    someone = UserFactory()
    if role == TRAINER:
        someone.groups.add(Group.objects.get_or_create(name=TRAINER)[0])
    sign_in(client, someone)
    assert client.get(reverse("learning:my_training")).status_code == 200
    set_up(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=someone).exists()  # the codes on paper go with it


def test_phone_and_paper_lost(client, person):
    """A superuser takes it off: the person is signed out everywhere, told, and may set it up again."""
    set_up(client)
    officer = UserFactory(is_staff=True, is_superuser=True)
    second_factor.reset(person=person, by=officer, now=timezone.now())
    assert not Authenticator.objects.filter(user=person).exists()
    assert client.get(reverse("learning:my_training")).status_code == 302
    assert Message.objects.filter(to=person.email, key__startswith="accounts/second_factor_reset/").exists()
    assert AuditEntry.objects.get(kind="account").person == officer


def test_td_can_not_take_it_off(client):
    officer, other = UserFactory(is_staff=True), UserFactory()
    officer.groups.add(Group.objects.get_or_create(name=TD_SERVICE)[0])
    client.force_login(officer)
    data = {"action": "reset_second_factor", "_selected_action": [other.pk]}
    client.post(reverse("admin:accounts_user_changelist"), data)
    assert not AuditEntry.objects.filter(kind="account").exists()


def a_key(person, name="Key 1") -> Authenticator:
    """A key as it is kept: what a browser sends of one."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    seen = AuthenticatorData.create(b"0" * 32, 0x41, 0, AttestedCredentialData.create(b"0" * 16, name.encode(), public))
    asked = CollectedClientData.create("webauthn.create", b"0" * 16, "https://training.example")
    sent = {"clientDataJSON": asked, "attestationObject": AttestationObject.create("none", seen, {})}
    response = {part: websafe_encode(content) for part, content in sent.items()}
    credential = {"id": websafe_encode(name.encode()), "type": "public-key", "response": response}
    data = {"name": name, "credential": credential | {"rawId": credential["id"]}}
    return Authenticator.objects.create(user=person, type="webauthn", data=data)


def test_who_must_have_one_may_change_from_phone_to_key_but_keeps_the_last(client, settings):
    """Nobody needs a phone of their own for work; tests/browser/test_keys.py reads a key in Chromium."""
    settings.MFA_REQUIRED = True
    someone = UserFactory(is_staff=True)
    sign_in(client, someone)
    set_up(client)
    first, second = a_key(someone), a_key(someone, "Key 2")
    client.post(reverse("mfa_deactivate_totp"))
    assert second_factor.ways(someone) == "a key"
    client.post(reverse("accounts:remove_key", args=[first.pk]))
    page = client.post(reverse("accounts:remove_key", args=[second.pk]), follow=True).content.decode()
    assert "this is your only one" in page and "Key 2" in page
    assert list(Authenticator.objects.filter(user=someone, type="webauthn")) == [second]


def test_others_may_take_their_last_key_off(client, person):
    key = a_key(person)
    client.post(reverse("accounts:remove_key", args=[key.pk]))
    assert second_factor.ways(person) == ""


def test_a_key_is_asked_for_at_the_next_sign_in_and_is_nobody_elses(client, person):
    key = a_key(person)
    client.post(reverse("account_logout"))
    assert sign_in(client, person).url == reverse("mfa_authenticate")
    other = UserFactory()
    client.logout()
    sign_in(client, other)
    for page in ("mfa_edit_webauthn", "accounts:remove_key"):
        assert client.get(reverse(page, args=[key.pk])).status_code == 404
        assert client.post(reverse(page, args=[key.pk]), {"name": "mine"}).status_code == 404


@pytest.mark.parametrize(
    "sent", ["", "1", "[]", "{}", '"x"', "null", '{"id": 1}', '{"id": "a", "rawId": "a", "response": {}}']
)
def test_what_is_no_key_is_refused(client, person, sent):
    page = client.post(reverse("mfa_add_webauthn"), {"name": "Mine", "credential": sent})
    assert page.status_code == 200 and not Authenticator.objects.filter(user=person).exists()
    a_key(person)
    client.post(reverse("account_logout"))
    sign_in(client, person)
    assert client.post(reverse("mfa_authenticate"), {"credential": sent}).status_code == 200
    assert client.get(reverse("learning:my_training")).status_code == 302


def test_a_key_that_is_not_theirs_is_refused_and_in_the_audit(client, person):
    a_key(person)
    client.post(reverse("account_logout"))
    sign_in(client, person)
    client.post(reverse("mfa_authenticate"), {"credential": '{"rawId": "AAAA", "id": "AAAA", "type": "public-key"}'})
    assert client.get(reverse("learning:my_training")).status_code == 302
    assert AuditEntry.objects.get(kind="sign_in_failed").what == "second proof: a key"
