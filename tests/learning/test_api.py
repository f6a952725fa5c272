"""The interface for machines: the public catalogue, and an organisation's own data by token, by the pages' rules."""

import json
from datetime import timedelta

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection

from accounts.models import Membership, User
from bookings import actions as bookings
from bookings.models import Booking
from learning import actions
from learning.api import throttling
from learning.models import ApiToken
from learning.teams import team
from notifications.models import Message
from tests import teams
from tests.teams import NOW, TODAY, completed
from wscb_training.wsgi import application

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
ROOT = "/api/v1"


@pytest.fixture
def lead(school):
    return teams.lead(school, name="Ada Lead", group=teams.group(8))


@pytest.fixture
def secret(school, lead) -> str:
    """A token of the school that may book."""
    return actions.make_token(organisation=school, by=lead, now=NOW, name="HR", may_book=True)[1]


@pytest.fixture
def ask(client, secret):
    """Ask for something with the token; return the status and what came back."""

    def asked(path: str, data=None, *, token=secret):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if data is None:
            response = client.get(ROOT + path, headers=headers)
        else:
            response = client.post(ROOT + path, json.dumps(data), content_type="application/json", headers=headers)
        return response.status_code, response.json()

    return asked


class TestTheCatalogue:
    def test_a_course_with_what_it_completes_and_for_whom(self, ask, pathway):
        course = teams.course("Basics", outcomes="Know\nAct", refresher_months=24, notes="For T&D only")
        course.satisfies.set(pathway[:2])
        course.target_groups.set([teams.group(3)])
        status, found = ask(f"/courses/{course.slug}", token="")
        assert status == 200
        assert (found["title"], found["outcomes"], found["refresher_months"]) == ("Basics", ["Know", "Act"], 24)
        assert (found["completes"], found["groups"]) == (["C1", "C2"], [3])
        assert "For T&D only" not in json.dumps(found)
        assert ask("/courses?completes=C1", token="")[1]["items"] == [found]
        assert ask("/courses?completes=C9", token="")[1]["items"] == []
        assert ask("/courses?group=2", token="")[1]["count"] == 0

    def test_an_event_to_come_with_its_places_and_without_its_link(self, ask):
        event = teams.event(joining_link="https://meet.example/secret")
        _, found = ask(f"/events/{event.reference}", token="")
        assert (found["places"], found["waiting"], len(found["sessions"])) == (20, 0, 1)
        assert "secret" not in json.dumps(found)
        assert ask("/events", token="")[1]["items"] == [found]

    def test_drafts_and_what_is_for_some_organisations_only_are_not_in_it(self, ask, school):
        draft, bespoke = teams.event(), teams.event()
        type(draft).objects.filter(pk=draft.pk).update(status="draft")
        type(bespoke).objects.filter(pk=bespoke.pk).update(audience="organisations")
        bespoke.organisations.set([school])
        assert ask("/events", token="")[1]["count"] == 0
        for event in (draft, bespoke):
            assert ask(f"/events/{event.reference}", token="")[0] == 404

    def test_what_each_group_needs(self, ask, pathway):
        _, found = ask("/pathway", token="")
        assert [(content["code"], content["groups"]) for content in found] == [("C1", [3]), ("C2", [3]), ("C9", [])]

    def test_a_list_comes_in_pages(self, ask):
        for _ in range(101):
            teams.course()
        _, first = ask("/courses", token="")
        assert (first["count"], len(first["items"])) == (101, 100)
        assert first["next"].endswith("/api/v1/courses?page=2")
        _, second = ask("/courses?page=2", token="")
        assert (len(second["items"]), second["next"]) == (1, None)
        assert ask("/courses?page=3", token="")[1]["items"] == []

    def test_a_mistyped_filter_is_refused(self, ask):
        assert ask("/events?corse=basics", token="") == (422, {"detail": "There is no filter “corse”."})


class TestWhomATokenLetsIn:
    def test_only_its_digest_is_kept(self, secret):
        token = ApiToken.objects.get()
        assert secret.startswith("wscb_") and secret not in str(vars(token))
        assert token.ending == secret[-4:]

    @pytest.mark.parametrize("token", ["", "wscb_wrong", "x" * 10_000])
    def test_without_a_right_one_nobody_is_let_in(self, ask, token):
        for path in ("/organisation", "/staff", "/staff/1", "/bookings", "/records"):
            assert ask(path, token=token)[0] == 401, path
        assert ask("/bookings", {"event": "E-1", "person": 1}, token=token)[0] == 401

    def test_a_revoked_one_and_one_past_its_year_let_in_no_more(self, ask, lead, time_machine):
        assert ask("/organisation")[0] == 200
        time_machine.move_to(NOW + timedelta(days=366), tick=False)
        assert ask("/organisation")[0] == 401
        time_machine.move_to(NOW, tick=False)
        assert actions.revoke_token(token=ApiToken.objects.get(), by=lead, now=NOW)
        assert ask("/organisation")[0] == 401
        assert not actions.revoke_token(token=ApiToken.objects.get(), by=lead, now=NOW)

    def test_it_dies_with_the_leadership_of_who_made_it(self, ask, lead):
        lead.leadships.all().delete()
        assert ask("/organisation")[0] == 401

    def test_when_it_was_used_is_noted(self, ask):
        ask("/organisation")
        assert ApiToken.objects.get().last_used_at == NOW

    def test_too_often_is_told_when_to_come_back(self, client, ask, secret, monkeypatch, time_machine):
        time_machine.move_to(timezone.now().replace(second=30), tick=False)  # no minute ends on the way
        monkeypatch.setattr(throttling, "BY_TOKEN", 3)
        monkeypatch.setattr(throttling, "BY_ADDRESS", 2)
        assert [ask("/organisation")[0] for _ in range(5)] == [200, 200, 200, 429, 429]
        assert [ask("/pathway", token="")[0] for _ in range(3)] == [200, 200, 429]
        response = client.get(f"{ROOT}/organisation", headers={"Authorization": f"Bearer {secret}"})
        assert 1 <= int(response["Retry-After"]) <= 61
        assert response.json() == {"detail": "Too many requests: wait a minute."}


class TestTheOrganisation:
    def test_staff_with_the_figures_of_the_team_page(self, ask, school, pathway):
        person = teams.person("Amina O'Neill", at=school)
        completed(person, pathway[0], months=24)
        teams.person("Newcomer", at=school, confirmed=False)
        teams.person("Elsewhere", at=teams.organisation("Other school"))
        _, found = ask("/staff")
        assert [each["name"] for each in found["items"]] == ["Ada Lead", "Amina O'Neill"]
        rows = {row.person.pk: row for row in team(school, today=TODAY)}
        for each in found["items"]:
            row = rows[each["id"]]
            assert (each["done"], each["needed"], each["percent"]) == (row.done, row.required, row.percent)
        amina = found["items"][1]
        assert [(each["code"], each["state"]) for each in amina["contents"]] == [("C1", "done"), ("C2", "missing")]
        assert ask(f"/staff/{person.pk}")[1] == amina
        assert ask("/organisation")[1]["people"] == 2
        assert ask("/staff?group=3")[1]["count"] == 1

    def test_nothing_of_another_organisation(self, ask, school):
        other = teams.person(at=teams.organisation("Other school"))
        booking = bookings.book(event=teams.event(), person=other, by=other, now=NOW)
        completed(other)
        assert ask(f"/staff/{other.pk}")[0] == 404
        assert ask("/bookings")[1]["count"] == ask("/records")[1]["count"] == 0
        assert ask(f"/bookings/{booking.code}/cancel", {})[0] == 404
        assert ask("/bookings", {"event": teams.event().reference, "person": other.pk})[0] == 404

    def test_bookings_made_under_it_and_their_use(self, ask, school, time_machine):
        person, event = teams.person(at=school), teams.event(days=2)
        booking = bookings.book(event=event, person=person, by=person, now=NOW)
        _, found = ask(f"/bookings?person={person.pk}&since={TODAY}&until={event.starts_at.date()}")
        assert [(each["code"], each["status"], each["use"]) for each in found["items"]] == [
            (str(booking.code), "confirmed", None)
        ]
        assert ask(f"/bookings?until={TODAY}")[1]["count"] == 0
        time_machine.move_to(event.ends_at, tick=False)
        assert ask("/bookings")[1]["items"][0]["use"] == "Not marked yet"

    def test_records_with_what_they_complete(self, ask, school, pathway):
        record = completed(teams.person(at=school), pathway[1], months=12)
        completed(teams.person(at=school), status="withdrawn")
        _, found = ask("/records")
        [each] = found["items"]
        assert (each["contents"], each["status"], each["check_code"]) == (["C2"], "counted", record.check_code)
        assert each["valid_until"] == record.valid_until.isoformat()
        assert ask(f"/records?since={TODAY}")[1]["count"] == 0

    @pytest.mark.parametrize("number", [2, 90])
    @pytest.mark.parametrize(("path", "queries"), [("/staff", 10), ("/records", 5), ("/bookings", 4)])
    def test_as_many_queries_for_90_as_for_2(
        self, ask, school, pathway, number, path, queries, django_assert_num_queries
    ):
        """The token; noting its use; then the count and the page of the list, with what belongs to its rows."""
        people = User.objects.bulk_create(
            User(email=f"{n}@big.example", full_name=f"Person {n}", organisation=school, group=teams.group())
            for n in range(number)
        )
        Membership.objects.bulk_create(
            Membership(person=person, organisation=school, started_on=TODAY, confirmed_at=NOW) for person in people
        )
        course, event = teams.course(), teams.event(capacity=99)
        course.satisfies.set(pathway[:1])
        for person in people:
            person.training_records.create(course=course, source="online", completed_on=TODAY)
        Booking.objects.bulk_create(
            Booking(event=event, person=person, organisation=school, status="confirmed", confirmed_at=NOW,
                    requested_at=NOW)
            for person in people
        )  # fmt: skip
        ask("/organisation")
        with django_assert_num_queries(queries):
            assert len(ask(path)[1]["items"]) >= number


class TestBooking:
    def test_somebody_is_booked_and_told_and_the_next_waits(self, ask, school, lead):
        event = teams.event(capacity=1)
        first, second = teams.person(at=school), teams.person(at=school)
        status, found = ask("/bookings", {"event": event.reference, "person": first.pk})
        assert (status, found["status"], found["person"]) == (201, "confirmed", first.pk)
        assert Message.objects.filter(recipient=first).exists()
        status, found = ask("/bookings", {"event": event.reference, "person": second.pk})
        assert (status, found["status"], found["position"]) == (201, "waiting", 1)
        assert Booking.objects.get(person=second).booked_by == lead

    def test_a_refusal_is_the_sentence_of_the_page(self, ask, school):
        event, person = teams.event(), teams.person(at=school)
        ask("/bookings", {"event": event.reference, "person": person.pk})
        assert ask("/bookings", {"event": event.reference, "person": person.pk}) == (
            409, {"detail": "Already has a place."}
        )  # fmt: skip

    def test_a_late_cancellation_needs_its_reason_and_frees_the_place(self, ask, school):
        event, person = teams.event(capacity=1, days=1), teams.person(at=school)
        _, booked = ask("/bookings", {"event": event.reference, "person": person.pk})
        path = f"/bookings/{booked['code']}/cancel"
        assert ask(path, {}) == (422, {"detail": "This cancellation is late: give the reason."})
        status, found = ask(path, {"reason": "Sickness"})
        assert (status, found["status"], found["is_late"], found["reason"]) == (200, "cancelled", True, "Sickness")
        assert ask(path, {"reason": "Again"})[0] == 409
        assert ask(f"/events/{event.reference}", token="")[1]["places"] == 1

    def test_a_token_that_may_only_read_books_nobody(self, ask, school, lead):
        _, reading = actions.make_token(organisation=school, by=lead, now=NOW, name="Reader", may_book=False)
        event, person = teams.event(), teams.person(at=school)
        assert ask("/bookings", {"event": event.reference, "person": person.pk}, token=reading)[0] == 403
        booking = bookings.book(event=event, person=person, by=person, now=NOW)
        assert ask(f"/bookings/{booking.code}/cancel", {}, token=reading)[0] == 403
        assert ask("/staff", token=reading)[0] == 200

    @pytest.mark.parametrize(
        ("data", "fault"),
        [
            ({"event": "E-1"}, "person"),
            ({"event": "E-1", "person": "nobody"}, "person"),
            ({"event": "E" * 21, "person": 1}, "event"),
            ({"event": "E\x00", "person": 1}, "event"),
        ],
    )
    def test_what_is_wrong_is_named(self, ask, data, fault):
        status, found = ask("/bookings", data)
        assert status == 422 and fault in found["detail"]


class TestOnTheSettingsPage:
    @pytest.fixture(autouse=True)
    def signed_in(self, client, lead):
        client.force_login(lead)

    def test_a_lead_makes_a_token_sees_it_once_and_revokes_it(self, client, school, lead):
        make = reverse("learning:team_token_make", args=[school.pk])
        page = client.post(make, {"name": "Payroll", "may": "read"})
        [token] = ApiToken.objects.all()
        assert "Copy the token now" in page.text and f"{token.ending}</code>" in page.text
        assert "no-store" in page["Cache-Control"]
        assert not token.may_book
        settings_page = client.get(reverse("learning:team_settings", args=[school.pk])).text
        assert "Payroll" in settings_page and "Never used" in settings_page and "wscb_" not in settings_page
        revoke = reverse("learning:team_token_revoke", args=[school.pk, token.pk])
        client.get(revoke)
        token.refresh_from_db()
        assert token.revoked_at is None
        page = client.post(revoke, follow=True).text
        assert "works no more" in page and "revoked by Ada Lead" in page

    def test_not_for_another_organisation_nor_more_than_ten(self, client, school, lead):
        other = teams.organisation("Other school")
        assert client.get(reverse("learning:team_token_make", args=[other.pk])).status_code == 404
        for number in range(10):
            actions.make_token(organisation=school, by=lead, now=NOW, name=f"{number}", may_book=False)
        page = client.post(reverse("learning:team_token_make", args=[school.pk]), {"name": "More", "may": "read"})
        assert "There are 10 tokens in force already" in page.text

    def test_td_may_revoke_but_not_make_one_in_its_own_name(self, client, school, secret):
        client.force_login(teams.person(is_superuser=True))
        page = client.post(reverse("learning:team_token_make", args=[school.pk]), {"name": "X", "may": "read"})
        assert "Only a CPD lead of the organisation can make a token" in page.text
        client.post(reverse("learning:team_token_revoke", args=[school.pk, ApiToken.objects.get().pk]))
        assert ApiToken.objects.get().revoked_at

    @pytest.mark.parametrize("path, status", [("/events", 200), ("/courses/no-such", 404), ("/staff", 401)])
    def test_a_browser_shows_no_answer_as_a_page(self, client, path, status):
        """ASVS 14.4.2."""
        answer = client.get(ROOT + path)
        assert answer.status_code == status
        assert answer["Content-Disposition"] == 'attachment; filename="api.json"'

    def test_the_guide_names_every_address(self, client):
        client.logout()
        page = client.get(reverse("learning:api"))
        paths = client.get(f"{ROOT}/openapi.json").json()["paths"]
        assert len(paths) == 11
        assert all(path in page.text for path in paths)


@pytest.fixture
def connections_stay():
    """As Django's own test client does it: a request closes no connection, for the test's data is not committed."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("connections_stay")
@pytest.mark.parametrize("signed", [True, False], ids=["with a token", "without"])
def test_what_the_description_allows_gets_what_it_promises(school, lead, secret, pathway, signed, monkeypatch):
    """schemathesis asks each address with whatever its description allows, and holds each answer against it."""
    for limit in ("BY_TOKEN", "BY_ADDRESS"):
        monkeypatch.setattr(throttling, limit, 1_000_000)
    person, event = teams.person(at=school), teams.event()
    bookings.book(event=event, person=person, by=person, now=NOW)
    completed(person, pathway[0])
    schema = schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", application)
    headers = {"Authorization": f"Bearer {secret}"} if signed else {}
    for operation in schema.get_all_operations():
        may_be_wrong = operation.ok().path_parameters or operation.ok().query or operation.ok().body
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE) if may_be_wrong else (GenerationMode.POSITIVE,):

            @settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
            @given(case=operation.ok().as_strategy(generation_mode=mode))
            def asked(case):
                # Ours is a right header even where theirs was to be missing.
                case.call_and_validate(headers=headers, excluded_checks=[negative_data_rejection])

            asked()
