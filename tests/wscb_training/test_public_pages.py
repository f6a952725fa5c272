"""Pages kept for people who are not signed in: true whatever is written, on PostgreSQL; on SQLite nothing is kept."""

import gzip

import pytest
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory
from django.utils import timezone

from accounts.models import Sector
from bookings import actions
from tests.factories import UserFactory, make_event
from wscb_training import public_pages
from wscb_training.public_pages import same_for_everybody


@pytest.fixture(autouse=True)
def _nothing_kept_before(monkeypatch):
    monkeypatch.setattr(public_pages, "TRUE_FOR", 0)
    public_pages.forget_all()
    yield
    public_pages.forget_all()


@pytest.fixture
def page(monkeypatch):
    """Return a function that asks for a page, and the addresses for which it was made."""
    made = []
    monkeypatch.setattr(public_pages, "_can_tell", lambda: True)
    monkeypatch.setattr(public_pages, "_stamp", lambda: ("as it stands", 1))

    @same_for_everybody
    def view(request):
        made.append(request.get_full_path())
        if "form" in request.GET:
            get_token(request)
        return HttpResponse(f"Page {len(made)}", status=404 if "missing" in request.GET else 200)

    def ask(address="/events/", **headers):
        request = RequestFactory().get(address, **headers)
        request.session = type("Session", (), {"modified": False})()
        return view(request)

    ask.made = made
    return ask


class TestWhatIsKept:
    def test_a_page_is_made_once_while_nothing_changes(self, page, monkeypatch):
        assert page().content == page().content == b"Page 1"
        monkeypatch.setattr(public_pages, "_stamp", lambda: ("another", 1))
        assert page().content == b"Page 2"

    def test_in_a_rush_a_page_is_made_once_a_second(self, page, monkeypatch):
        """Each booking changes the database; a page that was true a second ago is near enough to look at."""
        monkeypatch.setattr(public_pages, "TRUE_FOR", 60)
        page()
        monkeypatch.setattr(public_pages, "_stamp", lambda: ("another", 1))
        assert page().content == b"Page 1"
        monkeypatch.setattr(public_pages, "TRUE_FOR", 0)
        assert page().content == b"Page 2"

    def test_each_address_has_its_own(self, page):
        assert page("/events/?page=1").content != page("/events/?page=2").content

    def test_nothing_is_kept_for_who_has_a_session_or_a_message(self, page):
        for cookie in ("sessionid=abc", "messages=abc"):
            page(HTTP_COOKIE=cookie)
            page(HTTP_COOKIE=cookie)
        assert len(page.made) == 4

    @pytest.mark.parametrize("address", ["/?form=1", "/?missing=1", f"/?q={'a' * 400}"])
    def test_no_form_with_a_token_no_error_and_no_endless_address(self, page, address):
        page(address)
        page(address)
        assert len(page.made) == 2

    def test_the_oldest_makes_room(self, page, monkeypatch):
        monkeypatch.setattr(public_pages, "MOST_PAGES", 2)
        for address in ("/1", "/2", "/3", "/1"):
            page(address)
        assert page.made == ["/1", "/2", "/3", "/1"]

    def test_browsers_that_can_get_it_compressed(self, page):
        answer = page(HTTP_ACCEPT_ENCODING="br, gzip")
        assert answer["Content-Encoding"] == "gzip" and gzip.decompress(answer.content) == b"Page 1"
        assert "Accept-Encoding" in answer["Vary"] and "Cookie" in answer["Vary"]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
class TestOnPostgreSQL:
    def test_every_write_is_seen_at_once_whoever_made_it(self, client):
        event = make_event(capacity=10)
        assert "9 places" in client.get("/events/").content.decode()
        person = UserFactory()
        booking = actions.book(event=event, person=person, by=person, now=timezone.now())
        assert "8 places" in client.get("/events/").content.decode()
        actions.cancel(booking=booking, by=person, now=timezone.now())
        assert "9 places" in client.get("/events/").content.decode()
        type(event).objects.filter(pk=event.pk).update(status="draft")
        assert event.reference not in client.get("/events/").content.decode()

    def test_a_page_that_is_kept_takes_one_question(self, client, django_assert_num_queries, monkeypatch):
        make_event()
        asked = public_pages._stamp  # other tests write on the same server: its answer is made to stand
        monkeypatch.setattr(public_pages, "_stamp", lambda: asked() and ("as it stands", 1))
        client.get("/events/")
        with django_assert_num_queries(1):  # how the database stands
            client.get("/events/")

    def test_nothing_is_kept_inside_a_transaction(self, client):
        from django.db import transaction

        with transaction.atomic():
            Sector.objects.create(name="Another", reporting_sector="Other")
            assert not public_pages._can_tell()


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_on_sqlite_nothing_is_kept(client):
    assert connection.vendor == "sqlite" and not public_pages._can_tell()


@pytest.mark.django_db
def test_pages_of_somebody_signed_in_are_compressed(client):
    client.force_login(UserFactory())
    answer = client.get("/your-details/", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip" and b"Your details" in gzip.decompress(answer.content)
