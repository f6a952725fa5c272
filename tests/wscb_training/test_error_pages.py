"""What went wrong is said plainly, in the site's own frame, with the way on."""

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.factories import UserFactory
from wscb_training import views


@pytest.mark.django_db
def test_a_page_that_is_not_there(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "<title>Page not found – WSCB Training</title>" in response.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_says_that_nothing_is_lost():
    response = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "a@b.example"})
    assert response.status_code == 403
    assert "What you typed is not lost" in response.content.decode()


def test_a_foreign_host_name_is_refused(client):
    response = client.get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "We did not understand that" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address, status", [("/?q=a%00b", 200), ("/events/?q=a%00b", 200), ("/check/%00/", 404), ("/courses/%00/", 404)]
)
def test_a_null_character_in_the_address_is_no_fault_of_ours(client, address, status):
    """PostgreSQL keeps none, so it goes no further in."""
    assert client.get(address).status_code == status


@pytest.mark.django_db
def test_a_number_too_large_for_the_database_is_no_fault_of_ours(client):
    """SQLite can't ask for it; PostgreSQL finds nothing, and the form says so."""
    client.force_login(UserFactory())
    client.raise_request_exception = False
    response = client.post(reverse("learning:weekly_email"), {"groups": ["9" * 23]})
    assert response.status_code == (400 if connection.vendor == "sqlite" else 200)


def test_a_fault_of_ours_needs_neither_database_nor_person():
    html = views.server_error(RequestFactory().get("/")).content.decode()
    assert "<title>Something went wrong – WSCB Training</title>" in html
    assert "training@wscb.example" in html


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_while_the_database_is_away_everybody_is_told_to_come_back(client, monkeypatch, error):
    """The balancer and other machines by the status, people by the page."""

    def away(*args, **kwargs):
        raise error("the connection was closed")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", away)
    client.raise_request_exception = False
    response = client.get("/courses/")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    monkeypatch.undo()
    html = response.content.decode()
    assert "<title>The service is not available just now – WSCB Training</title>" in html
    assert "Something went wrong" not in html
