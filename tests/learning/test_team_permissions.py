"""Who may open which page of a team: a URL × role × status table."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from accounts import schools, staffing
from bookings import actions
from bookings.models import TrainingRecord
from learning.actions import make_token
from tests import teams
from tests.teams import NOW

pytestmark = pytest.mark.django_db

# page, arguments of its address after the organisation
PAGES = [
    ("team", []),
    ("team_person", ["staff"]),
    ("team_passport", ["staff"]),
    ("team_edit", ["managed"]),
    ("team_leave", ["staff"]),
    ("team_joining", []),
    ("team_invite", []),
    ("team_add", []),
    ("team_settings", []),
    ("team_token_make", []),
    ("team_token_revoke", ["token"]),
    ("team_approvals", []),
    ("team_approve", ["booking"]),
    ("team_bookings", []),
    ("team_cancel", ["booking"]),
    ("team_swap", ["booking"]),
    ("team_absence", ["booking"]),
    ("team_events", []),
    ("team_event", ["event"]),
    ("team_book", ["event"]),
    ("team_records", []),
    ("team_record", ["record"]),
    ("team_record_evidence", ["record"]),
    ("team_settle", ["newcomer"]),
    ("team_matrix", []),
    ("team_matrix_xlsx", []),
    ("team_matrix_csv", []),
    ("team_safeguarding", []),
    ("team_safeguarding_name", []),
    ("team_whole_school", []),
    ("team_evidence", []),
    ("team_evidence_pdf", []),
    ("team_evidence_xlsx", []),
]
# pages that only take a POST; opening them leads back
POST_ONLY = [
    ("team_withdraw", ["invitation"]),
    ("team_take_over", ["managed"]),
    ("team_safeguarding_end", ["safeguarding_lead"]),
]
ROLES = {
    "lead": 200,
    "td": 200,
    "lead of another organisation": 404,
    "staff": 404,
    "manager who lost the role": 404,
    "stranger": 404,
}


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def world():
    school, other = teams.organisation(), teams.organisation("Another school")
    lead, staff = teams.lead(school), teams.person(at=school)
    lost = teams.lead(school)
    lost.leadships.all().delete()
    event = teams.event()
    booking = actions.book(event=event, person=staff, by=staff, now=NOW)
    [invitation] = staffing.invite(organisation=school, addresses=["new@school.example"], by=lead, now=NOW)
    record = TrainingRecord.objects.create(
        person=staff, title="Basics", source="elsewhere", status="to_verify", completed_on=NOW.date()
    )
    record.evidence.save("certificate.pdf", ContentFile(b"%PDF"))
    return {
        "organisation": school.pk,
        "lead": lead,
        "td": teams.person(is_superuser=True),
        "lead of another organisation": teams.lead(other),
        "staff": staff,
        "manager who lost the role": lost,
        "stranger": teams.person(at=other),
        "arguments": {
            "staff": staff.pk,
            "managed": teams.person(at=school, email=None, coordinator=lead).pk,
            "newcomer": teams.person(at=school, confirmed=False).memberships.get().pk,
            "invitation": invitation.pk,
            "booking": booking.code,
            "event": event.reference,
            "record": record.pk,
            "token": make_token(organisation=school, by=lead, now=NOW, name="HR", may_book=False)[0].pk,
            "safeguarding_lead": schools.name_safeguarding_lead(
                organisation=school, person=staff, role="lead", since=NOW.date(), by=lead
            ).pk,
        },
    }


def address(world, page, arguments) -> str:
    return reverse(f"learning:{page}", args=[world["organisation"], *(world["arguments"][name] for name in arguments)])


@pytest.mark.parametrize("role", ROLES)
def test_every_page_by_role(client, world, role):
    client.force_login(world[role])
    found = {page: client.get(address(world, page, arguments)).status_code for page, arguments in PAGES}
    assert found == {page: ROLES[role] for page, _ in PAGES}


@pytest.mark.parametrize("role", ROLES)
def test_every_post_by_role(client, world, role):
    client.force_login(world[role])
    expected = 302 if ROLES[role] == 200 else 404
    for page, arguments in POST_ONLY:
        assert client.get(address(world, page, arguments)).status_code == expected, page
        assert client.post(address(world, page, arguments)).status_code == expected, page


def test_who_is_not_signed_in_signs_in_first(client, world):
    for page, arguments in PAGES + POST_ONLY:
        response = client.get(address(world, page, arguments))
        assert (response.status_code, response.url.partition("?")[0]) == (302, reverse("account_login")), page


def test_a_lead_finds_nobody_and_nothing_of_another_organisation_under_their_own_address(client, world):
    other_lead = world["lead of another organisation"]
    client.force_login(other_lead)
    own = other_lead.led_organisations[0].pk
    for page, arguments in PAGES + POST_ONLY:
        if not set(arguments) & {"staff", "managed", "booking", "newcomer", "safeguarding_lead", "record", "token"}:
            continue
        values = [world["arguments"][name] for name in arguments]
        assert client.post(reverse(f"learning:{page}", args=[own, *values])).status_code == 404, page


def test_a_draft_event_is_found_by_no_lead(client, world):
    client.force_login(world["lead"])
    event = teams.event()
    type(event).objects.filter(pk=event.pk).update(status="draft")
    for page in ("team_event", "team_book"):
        assert client.get(reverse(f"learning:{page}", args=[world["organisation"], event.reference])).status_code == 404


class TestSeveralOrganisations:
    def test_a_lead_of_one_goes_straight_there(self, client, world):
        client.force_login(world["lead"])
        assert client.get(reverse("learning:teams")).url == reverse("learning:team", args=[world["organisation"]])

    def test_a_lead_of_three_chooses_and_can_go_back(self, client):
        academies = [teams.organisation(f"Academy {letter}") for letter in "ABC"]
        client.force_login(teams.lead(*academies))
        page = client.get(reverse("learning:teams")).text
        for academy in academies:
            assert reverse("learning:team", args=[academy.pk]) in page
            assert client.get(reverse("learning:team", args=[academy.pk])).status_code == 200
        assert "Your organisations" in client.get(reverse("learning:team", args=[academies[0].pk])).text

    @pytest.mark.parametrize("number", [2, 12])
    def test_each_stands_there_with_its_figures_and_what_waits_in_as_many_queries_for_12_as_for_2(
        self, client, number, pathway, django_assert_num_queries
    ):
        academies = [teams.organisation(f"Academy {each:02}") for each in range(number)]
        client.force_login(teams.lead(*academies, group=teams.group(8)))
        teams.completed(teams.person(at=academies[0]), *pathway)
        teams.person(at=academies[1], confirmed=False)
        moved = teams.person(at=academies[1])
        teams.completed(moved, status="to_verify")
        moved.memberships.create(organisation=academies[0], started_on="2024-01-01", ended_on="2025-01-01")
        # session, person, roles, organisations; memberships, contents, ticks, 4 of completions; 3 counts
        with django_assert_num_queries(14):
            page = client.get(reverse("learning:teams"))
        first, second = page.context["standings"][:2]
        assert (first.summary.people, first.summary.complete, first.waiting) == (2, 2, 0)
        assert (second.summary.people, second.summary.complete) == (1, 0)
        assert (second.approvals, second.records, second.newcomers) == (0, 1, 1)

    def test_from_an_event_they_choose_for_whom_to_book(self, client):
        academies = [teams.organisation(f"Academy {letter}") for letter in "AB"]
        client.force_login(teams.lead(*academies))
        event = teams.event()
        page = client.get(reverse("bookings:event", args=[event.reference])).text
        assert f"{reverse('learning:teams')}?event={event.reference}" in page
        page = client.get(reverse("learning:teams"), {"event": event.reference}).text
        assert reverse("learning:team_book", args=[academies[1].pk, event.reference]) in page

    def test_who_leads_nothing_is_told_whom_to_ask(self, client, world):
        client.force_login(world["staff"])
        assert "You are not a CPD lead" in client.get(reverse("learning:teams")).text
