"""Somebody's own details: the page of all, and the pages that change one."""

import pytest

from accounts.actions import set_details
from accounts.models import User
from tests.factories import GroupFactory, OrganisationFactory, UserFactory, make_lead

pytestmark = pytest.mark.django_db
NAMES = [
    "Nadia O'Brien",
    "Zoë Sørensen-Żuk",
    "محمد بن عبد الله",
    "רות כהן",
    "李伟",
    "x" * 200,
    'Robert "Bobby" <b>Tables</b>',
]


@pytest.fixture
def person(client):
    someone = UserFactory()
    client.force_login(someone)
    return someone


CHANGES = [
    ("name", {"full_name": "  Ann   Lee "}, "full_name", "Ann Lee"),
    ("role", {"job_role": "Head of year"}, "job_role", "Head of year"),
    ("manager", {"manager_email": "Boss@School.Example"}, "manager_email", "boss@school.example"),
    ("manager", {"manager_email": ""}, "manager_email", ""),
]


@pytest.mark.parametrize(("page", "form", "field", "value"), CHANGES)
def test_one_thing_changes_and_stands_in_the_history(client, person, page, form, field, value):
    before = person.history.count()
    assert client.post(f"/your-details/{page}/", form).url == "/your-details/"
    person.refresh_from_db()
    assert getattr(person, field) == value
    assert (person.history.count(), person.history.first().history_user) == (before + 1, person)
    assert "Your details are changed." in client.get("/your-details/").text


def test_the_group_changes(client, person):
    group = GroupFactory(number=5, short_name="Named professionals")
    client.post("/your-details/group/", {"group": group.pk, "reason": "A new post"})
    assert User.objects.get(pk=person.pk).group == group


WRONG = [
    ("name", {"full_name": " "}, "Enter your full name"),
    ("name", {"full_name": "..."}, "Enter your full name"),
    ("name", {"full_name": "x" * 201}, "at most 200 characters"),
    ("role", {"job_role": ""}, "Enter your job or volunteer role"),
    ("group", {"group": "999"}, "Select a valid choice"),
    ("group", {}, "Select the group that describes your work best"),
    ("manager", {"manager_email": "boss"}, "Enter an email address like name@example.com"),
]


@pytest.mark.parametrize(("page", "form", "error"), WRONG)
def test_what_is_wrong_is_said_and_nothing_changes(client, person, page, form, error):
    before = person.history.count()
    answer = client.post(f"/your-details/{page}/", form)
    assert answer.status_code == 200
    assert "<title>Error: " in answer.text
    assert error in answer.text
    assert person.history.count() == before


def test_nobody_is_their_own_manager(client, person):
    page = client.post("/your-details/manager/", {"manager_email": person.email.upper()}).text
    assert "not your own" in page


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_is_right_on_the_page(client, person, name):
    """People 24."""
    client.post("/your-details/name/", {"full_name": name})
    person.refresh_from_db()
    assert person.full_name == name
    page = client.get("/your-details/")
    assert f"<bdi>{name}</bdi>" in page.text.replace("&#x27;", "'").replace("&quot;", '"') or "&lt;b&gt;" in page.text


def test_two_tabs_do_not_undo_each_other(client, person):
    """A page opened before keeps nothing of the other fields: only the one that it asks is written."""
    stale = User.objects.get(pk=person.pk)
    client.post("/your-details/role/", {"job_role": "Head of year"})
    set_details(person=stale, by=stale, full_name="Ann Lee")
    person.refresh_from_db()
    assert (person.full_name, person.job_role) == ("Ann Lee", "Head of year")


def test_all_details_each_with_a_link(client, person):
    page = client.get("/your-details/").text
    assert person.organisation.name in page and str(person.sector) in page
    for name in ("name", "organisation", "role", "group", "manager", "weekly-email"):
        assert f'href="/your-details/{name}/"' in page
    assert 'href="/account/email/"' in page and 'href="/account/password/change/"' in page


def test_a_cpd_lead_sees_whom_they_lead(client):
    lead = make_lead(OrganisationFactory(name="Harbour Youth Project"))
    client.force_login(lead)
    assert "You are a CPD lead of <bdi>Harbour Youth Project</bdi>." in client.get("/your-details/").text


def test_who_is_not_confirmed_yet_is_told(client):
    school = OrganisationFactory()
    make_lead(school)
    person = UserFactory(organisation=None)
    client.force_login(person)
    client.post(f"/your-details/organisation/choose/?typed={school.name}", {"organisation": school.pk})
    assert "have not confirmed yet that you work there" in client.get("/your-details/").text


def test_a_fixed_number_of_queries(client, person, django_assert_num_queries):
    client.get("/your-details/")
    # session; person; membership awaiting a lead; second factor; led organisations; roles; organisation; sector; group
    with django_assert_num_queries(9):
        client.get("/your-details/")
