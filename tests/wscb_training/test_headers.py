"""What every answer tells the browser: no script or style from anywhere but our files, nothing kept of somebody."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from tests.factories import UserFactory
from tests.wscb_training.test_environment import PRODUCTION, manage

pytestmark = pytest.mark.django_db


def policy(response) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";")]
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("page", ["/", "/account/login/", "/admin/login/", "/no-such-page/", "/health/live"])
def test_every_answer_carries_the_headers(client, page):
    response = client.get(page)
    stated = policy(response)
    assert stated["default-src"] == stated["frame-ancestors"] == stated["base-uri"] == "'none'"
    assert stated["script-src"] == stated["style-src"] == "'self'"  # none inline, none evaluated, none of others
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_only_the_list_for_other_sites_may_be_framed(client):
    response = client.get(reverse("courses:embed"))
    assert policy(response)["frame-ancestors"] == "*"
    assert policy(response)["script-src"] == "'self'"
    assert "X-Frame-Options" not in response


def test_browsers_keep_no_page_of_somebody_signed_in(client):
    assert "no-store" not in client.get("/").get("Cache-Control", "")
    client.force_login(UserFactory())
    for page in ("/", reverse("learning:my_training"), reverse("learning:passport")):
        assert "no-store" in client.get(page)["Cache-Control"]


def test_no_script_may_read_a_cookie(client):
    """None of ours does: the forms carry their token themselves."""
    cookie = client.get("/account/login/").cookies["csrftoken"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_with_https_no_other_site_of_the_domain_may_set_our_cookies(tmp_path):
    """ASVS 3.4.4: browsers take a cookie of this name only over HTTPS, from this very host, for all of it."""
    names = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    shown = manage(tmp_path, "shell", "-v", "0", "-c", names, **PRODUCTION)
    assert shown.stdout.split() == ["__Host-sessionid", "__Host-csrftoken"], shown.stderr


def test_the_page_of_cookies_names_them_as_they_are(client, settings):
    settings.SESSION_COOKIE_NAME = "__Host-sessionid"
    settings.CSRF_COOKIE_NAME = "__Host-csrftoken"
    page = client.get(reverse("monitoring:cookies")).text
    assert ">__Host-sessionid<" in page
    assert ">__Host-csrftoken<" in page


def test_with_https_the_browser_stays_with_it(client, settings):
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/courses/").status_code == 301
    assert "max-age=31536000" in client.get("/", secure=True)["Strict-Transport-Security"]
    assert client.get("/health").status_code == 200  # balancers ask beside HTTPS


def test_no_template_writes_script_or_style_into_a_page():
    """Emails and PDFs may: no browser runs them under our policy. What is JSON is data, and nothing runs it either."""
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*(\ssrc=|application/json))[^>]*>|javascript:")
    templates = Path(__file__).resolve().parents[2] / "templates"
    pages = [page for page in templates.rglob("*.html") if not {"pdf", "emails"} & set(page.parts)]
    found = {str(page.relative_to(templates)) for page in pages if inline.search(page.read_text())}
    assert found == {"courses/share.html"}  # its style stands in the text that people copy, escaped
