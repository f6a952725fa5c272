"""Signing in through an organisation's own identity provider: a small real one, on this machine, by settings alone."""

import base64
import hashlib
import json
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from accounts.models import AuditEntry, User
from tests.factories import UserFactory
from wscb_training.environment import Environment

pytestmark = pytest.mark.django_db
PEOPLE = {"sub": "u-1", "email": "ada@riverside.example", "email_verified": True, "name": "Ada O'Neil"}


class Provider(BaseHTTPRequestHandler):
    """An OpenID Connect provider: discovery, keys, code flow with PKCE, user info. `server.person` is who signs in."""

    def do_GET(self):
        issuer, asked = self.server.issuer, urlsplit(self.path)
        if asked.path == "/.well-known/openid-configuration":
            paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "me"}
            self._say({"issuer": issuer, "jwks_uri": f"{issuer}/keys"} | {k: f"{issuer}/{v}" for k, v in paths.items()})
        elif asked.path == "/authorize":  # the person has signed in there
            self.server.asked = {name: value for name, [value] in parse_qs(asked.query).items()}
            self._say({})
        elif asked.path == "/me" and self.headers["Authorization"] == "Bearer the-token":
            self._say(self.server.person)
        else:
            self.send_error(404)

    def do_POST(self):
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        proof = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"][0].encode()).digest()).rstrip(b"=")
        if sent["code"] != ["the-code"] or proof.decode() != self.server.asked["code_challenge"]:
            self.send_error(400)
            return
        claims = {"iss": self.server.issuer, "aud": "wscb", "exp": time.time() + 60, "iat": time.time()}
        token = jwt.encode(claims | self.server.person, self.server.key, algorithm="RS256")
        self._say({"access_token": "the-token", "token_type": "Bearer", "id_token": token})

    def _say(self, answer: dict):
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said):
        pass


@pytest.fixture(scope="module")
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.issuer = f"http://127.0.0.1:{server.server_port}"
    server.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def environment(url: str, **said) -> dict:
    prefix = "OIDC_RIVERSIDE_"
    values = {
        "URL": url,
        "CLIENT_ID": "wscb",
        "CLIENT_SECRET": "s",
        "DOMAINS": "riverside.example",
        "LABEL": "Riverside",
    }
    return {prefix + name: value for name, value in (values | said).items()}


@pytest.fixture
def provider(server, settings):
    """The provider, set up by the environment's variables as settings.py reads them."""
    app = Environment(environment(server.issuer)).oidc_provider("riverside")
    settings.OIDC_PROVIDERS = [app]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    server.person = dict(PEOPLE)
    return server


def sign_in(client, provider, **change):
    """Go there and back as a browser does; return the answer to coming back."""
    provider.person |= change
    there = client.post(reverse("openid_connect_login", args=["riverside"]))
    assert there.url.startswith(f"{provider.issuer}/authorize?")
    urllib.request.urlopen(there.url, timeout=5).close()
    back = {"code": "the-code", "state": provider.asked["state"]}
    return client.get(reverse("openid_connect_callback", args=["riverside"]), back)


def who_is_in(client) -> User | None:
    return User.objects.filter(pk=client.session.get("_auth_user_id")).first()


def test_the_sign_in_page_offers_it(client, provider):
    assert "Sign in with Riverside" in client.get(reverse("account_login")).content.decode()


def test_nothing_is_offered_without_settings(client):
    assert "through your organisation" not in client.get(reverse("account_login")).content.decode()


def test_a_newcomer_gets_an_account_and_tells_the_rest(client, provider):
    assert sign_in(client, provider).url == reverse("accounts:start")
    person = who_is_in(client)
    assert (person.email, person.full_name) == ("ada@riverside.example", "Ada O'Neil")
    assert not person.has_usable_password()
    assert EmailAddress.objects.get(user=person).verified
    assert AuditEntry.objects.get(kind="sign_in").what == "socialaccount"


def test_the_account_that_is_there_is_used(client, provider):
    person = UserFactory(email="ada@riverside.example")
    sign_in(client, provider)
    assert who_is_in(client) == person
    assert SocialAccount.objects.get(user=person).uid == "u-1"
    assert person.check_password("correct-horse")  # proved before: the password stays


def test_it_stays_theirs_when_their_address_changes_there(client, provider):
    person = UserFactory(email="ada@riverside.example")
    sign_in(client, provider)
    client.post(reverse("account_logout"))
    sign_in(client, provider, email="ada.new@riverside.example")
    assert who_is_in(client) == person


@pytest.mark.parametrize(
    "change",
    [{"email_verified": False}, {"email": "ada@elsewhere.example"}, {"email": "ada@riverside.example.evil.example"},
     {"email": None}],
    ids=["not proved", "another organisation's", "looks alike", "none"],
)  # fmt: skip
def test_no_account_is_taken_over(client, provider, change):
    """A provider vouches only for proved addresses of its own organisation."""
    UserFactory(email=change.get("email") or "ada@riverside.example")
    refused = sign_in(client, provider, **change)
    assert refused.status_code == 403 and who_is_in(client) is None
    assert not SocialAccount.objects.exists()


def test_somebody_who_signed_up_with_my_address_before_me_is_out(client, provider):
    """They never proved it: their password is wiped when the real person comes, who then proves it by email."""
    squatter = UserFactory(email="ada@riverside.example")
    EmailAddress.objects.filter(user=squatter).update(verified=False)
    sign_in(client, provider)
    squatter.refresh_from_db()
    assert who_is_in(client) is None and not squatter.has_usable_password()


def test_a_closed_account_stays_closed(client, provider):
    UserFactory(email="ada@riverside.example", is_active=False)
    sign_in(client, provider)
    assert who_is_in(client) is None


def test_an_answer_that_nobody_asked_for_is_refused(client, provider):
    page = client.get(reverse("openid_connect_callback", args=["riverside"]), {"code": "the-code", "state": "mine"})
    assert page.status_code in (401, 403) and who_is_in(client) is None


@pytest.mark.parametrize("name", ["URL", "CLIENT_ID", "CLIENT_SECRET", "DOMAINS"])
def test_a_setting_that_is_missing_stops_the_start(name):
    with pytest.raises(ImproperlyConfigured, match=f"OIDC_RIVERSIDE_{name}"):
        Environment(environment("https://id.riverside.example", **{name: ""})).oidc_provider("riverside")


def test_a_provider_without_https_stops_the_start():
    with pytest.raises(ImproperlyConfigured, match="https"):
        Environment(environment("http://id.riverside.example")).oidc_provider("riverside")


def test_a_provider_that_proves_all_but_does_not_say_so():
    app = Environment(environment("https://id.riverside.example", EMAILS_PROVED="on")).oidc_provider("riverside")
    assert app["settings"]["verified_email"] == ["riverside.example"]
