"""The pages on which somebody says for whom they work."""

import pytest

from accounts.models import Membership, Organisation, SafeguardingLead
from tests.factories import OrganisationFactory, SectorFactory, UserFactory, make_lead

pytestmark = pytest.mark.django_db
CHOOSE, CHANGE = "/your-details/organisation/choose/", "/your-details/organisation/change/"
NEW = "/your-details/organisation/new/"


@pytest.fixture
def school():
    return OrganisationFactory(name="Falconbrook Rise Primary School", postcode="SW11 2LX")


@pytest.fixture
def newcomer(client):
    person = UserFactory(newcomer=True, full_name="Nadia O'Brien")
    client.force_login(person)
    client.get("/your-details/start/")
    return person


@pytest.fixture
def settled(client):
    """Return somebody signed in who has worked somewhere for long."""
    person = UserFactory()
    Membership.objects.create(person=person, organisation=person.organisation, started_on="2024-09-01")
    client.force_login(person)
    return person


def new_form(**fields):
    sector = SectorFactory(vcs=True)
    return {"name": "Clapham Chess", "postcode": "SW4 0AA", "kind": "charity", "sector": sector.pk, **fields}


class TestFinding:
    def test_what_is_typed_leads_to_a_page_that_can_be_opened_again(self, client, newcomer):
        answer = client.get("/your-details/organisation/", {"typed": "falconbrok"})
        assert answer.url == f"{CHOOSE}?typed=falconbrok"

    @pytest.mark.parametrize("typed", ["falconbrok rise", "sw112lx"])
    def test_by_a_name_with_a_typing_mistake_or_a_postcode(self, client, newcomer, school, typed):
        page = client.get(CHOOSE, {"typed": typed}).text
        assert "Falconbrook Rise Primary School" in page
        assert "Mine is not listed" in page

    @pytest.mark.parametrize(
        "fields",
        [{"confirmed_at": None}, {"is_active": False}, {"kind": "childminder"}],
        ids=["not confirmed", "closed", "childminder"],
    )
    def test_not_one_that_others_should_not_see(self, client, newcomer, fields):
        """Input 52: a childminder's organisation is a person; nobody finds people by typing."""
        hidden = OrganisationFactory(name="Rosa Fernández, childminder", **fields)
        page = client.get(CHOOSE, {"typed": hidden.name}).text
        assert "Nothing in our list" in page
        client.post(f"{CHOOSE}?typed=Rosa", {"organisation": hidden.pk})
        assert client.get(f"{CHANGE}?to={hidden.pk}").status_code == 404
        assert not hidden.people.exists()

    def test_nothing_typed_asks_again(self, client, newcomer):
        assert client.get(CHOOSE).url == "/your-details/organisation/"
        page = client.get("/your-details/organisation/", {"typed": ""})
        assert "Error: " in page.text and "Enter the name or postcode" in page.text

    @pytest.mark.parametrize("typed", ["x" * 10_000, "%_' OR 1=1 --", "\x00", "🙂", "<script>alert(1)</script>"])
    def test_any_text_may_be_typed(self, client, newcomer, school, typed):
        assert client.get("/your-details/organisation/", {"typed": typed}).status_code in (200, 302)
        page = client.get(CHOOSE, {"typed": typed})
        assert page.status_code in (200, 302)
        assert b"<script>alert" not in page.content

    @pytest.mark.parametrize("organisations", [2, 200])
    def test_as_many_queries_for_two_organisations_as_for_two_hundred(
        self, client, newcomer, django_assert_num_queries, organisations
    ):
        OrganisationFactory.create_batch(organisations)
        # session; person; names of all; the ten found; for the navigation, their roles and whom they lead
        with django_assert_num_queries(6):
            client.get(CHOOSE, {"typed": "riverside school"})


class TestJoining:
    def test_a_newcomer_goes_on_to_the_next_question(self, client, newcomer, school):
        answer = client.post(f"{CHOOSE}?typed=falcon", {"organisation": school.pk})
        assert answer.url == "/your-details/role/"
        assert newcomer.memberships.get().organisation == school

    def test_going_back_and_choosing_another_leaves_no_trace_of_the_slip(self, client, newcomer, school):
        slip = OrganisationFactory(name="Falcon House")
        client.post(f"{CHOOSE}?typed=falcon", {"organisation": slip.pk})
        client.post(f"{CHOOSE}?typed=falcon", {"organisation": school.pk})
        assert newcomer.memberships.get().organisation == school

    def test_nothing_chosen_says_what_to_do(self, client, newcomer, school):
        page = client.post(f"{CHOOSE}?typed=falcon").text
        assert "Select your organisation, or that it is not listed" in page

    def test_who_works_somewhere_is_asked_before_it_changes(self, client, settled, school):
        answer = client.post(f"{CHOOSE}?typed=falcon", {"organisation": school.pk})
        assert answer.url == f"{CHANGE}?to={school.pk}"
        page = client.get(answer.url).text
        assert "will see your name" in page and "stays with" in page
        assert settled.memberships.get().ended_on is None

    def test_changing_ends_the_one_membership_and_begins_the_other(self, client, settled, school):
        left = settled.organisation
        assert client.post(f"{CHANGE}?to={school.pk}").url == "/your-details/"
        settled.refresh_from_db()
        assert settled.organisation == school
        assert settled.memberships.get(organisation=left).ended_on is not None
        assert settled.memberships.get(ended_on=None).organisation == school
        assert settled.history.first().history_user == settled

    def test_pressed_twice_is_once(self, client, settled, school):
        for _ in range(2):
            client.post(f"{CHANGE}?to={school.pk}")
        assert settled.memberships.count() == 2

    def test_a_cpd_lead_who_leaves_leads_no_more(self, client, school):
        left = OrganisationFactory()
        lead = make_lead(left)
        Membership.objects.create(person=lead, organisation=left, started_on="2024-09-01")
        SafeguardingLead.objects.create(organisation=left, person=lead, role="lead", since="2024-09-01")
        client.force_login(lead)
        assert "That ends today" in client.get(f"{CHANGE}?to={school.pk}").text
        client.post(f"{CHANGE}?to={school.pk}")
        assert not left.leadships.exists()
        assert lead.safeguarding_roles.get().until is not None

    @pytest.mark.parametrize("to", ["", "x", "0", "9" * 30, "9" * 5000, "-1"])
    def test_an_organisation_that_is_none(self, client, settled, to):
        assert client.post(f"{CHANGE}?to={to}").status_code in (302, 404)
        settled.refresh_from_db()
        assert settled.memberships.count() == 1


class TestNotListed:
    def test_what_was_typed_is_there_already(self, client, newcomer):
        answer = client.post(f"{CHOOSE}?typed=Clapham+Chess", {"organisation": "not-listed"})
        assert 'value="Clapham Chess"' in client.get(answer.url).text

    def test_it_waits_for_td_to_confirm_it(self, client, newcomer):
        assert client.post(NEW, new_form()).url == "/your-details/role/"
        made = Organisation.objects.get(name="Clapham Chess")
        assert made.confirmed_at is None
        assert made.history.first().history_user == newcomer
        assert "will confirm it" in client.get("/your-details/").text

    def test_two_who_type_the_same_make_one(self, client):
        other_sector = SectorFactory(name="Community sports, arts or youth club", reporting_sector="Other")
        for name, postcode, sector in [("Clapham  Chess", "sw40aa", None), ("clapham chess!", "SW4 0AB", other_sector)]:
            client.force_login(UserFactory(newcomer=True))
            client.post(NEW, new_form(name=name, postcode=postcode, **({"sector": sector.pk} if sector else {})))
        made = Organisation.objects.get(name="Clapham Chess")
        assert (made.postcode, made.people.count()) == ("SW4 0AA", 2)

    def test_one_that_is_listed_after_all_is_taken(self, client, newcomer, school):
        client.post(NEW, new_form(name="falconbrook rise, primary school", postcode="SW11 2LX"))
        newcomer.refresh_from_db()
        assert newcomer.organisation == school

    def test_the_same_name_in_another_district_is_another(self, client, newcomer, school):
        client.post(NEW, new_form(name=school.name, postcode="SW18 1AA"))
        assert Organisation.objects.filter(name=school.name).count() == 2

    def test_nobody_gets_into_a_childminders_by_typing_its_name(self, client, newcomer):
        childminder = OrganisationFactory(name="Rosa Fernández, childminder", kind="childminder", postcode="SW4 0AA")
        client.post(NEW, new_form(name=childminder.name))
        assert not childminder.people.exists()

    def test_each_thing_missing_is_named(self, client, newcomer):
        page = client.post(NEW, {"name": "!!!", "postcode": "somewhere", "kind": "childminder", "sector": ""}).text
        for error in ("Enter the organisation", "Enter a full UK postcode", "Select a sector"):
            assert error in page
        assert not Organisation.objects.filter(confirmed_at=None).exists()


class TestChildminder:
    @pytest.fixture(autouse=True)
    def sector(self):
        return SectorFactory(name="Childminder", reporting_sector="Early years")

    def become(self, client):
        return client.post(f"{CHOOSE}?typed=x", {"organisation": "childminder"})

    def test_works_for_themselves_in_their_sector(self, client, newcomer, sector):
        assert self.become(client).url == "/your-details/role/"
        own = sector.organisations.get()
        assert (own.name, own.kind, own.cpd_leads.get()) == ("Nadia O'Brien, childminder", "childminder", newcomer)
        assert newcomer.memberships.get().confirmed_by == newcomer

    def test_a_new_name_is_theirs_too(self, client, newcomer, sector):
        self.become(client)
        client.post("/your-details/name/", {"full_name": "Nadia Smith"})
        assert sector.organisations.get().name == "Nadia Smith, childminder"

    def test_twice_is_once_and_coming_back_finds_the_same(self, client, newcomer, sector, school):
        self.become(client)
        self.become(client)
        client.post(f"{CHOOSE}?typed=falcon", {"organisation": school.pk})
        self.become(client)
        assert sector.organisations.get().people.get() == newcomer

    def test_who_works_somewhere_is_asked_first(self, client, settled, sector):
        assert self.become(client).url == f"{CHANGE}?to=childminder"
        assert "Myself, as a childminder" in client.get(f"{CHANGE}?to=childminder").text
        client.post(f"{CHANGE}?to=childminder")
        assert sector.organisations.get().people.get() == settled
