"""The walk of a newcomer: what is missing is asked, the answers are checked, and on to what they wanted."""

import pytest

from tests.factories import GroupFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


def signed_in(client, **fields):
    person = UserFactory(**fields)
    client.force_login(person)
    return person


def test_only_what_is_missing_is_asked(client):
    """The Board has lost only where they work: refused by a CPD lead, for example."""
    signed_in(client, organisation=None, manager_email="boss@school.example")
    school = OrganisationFactory(name="Falconbrook Rise")
    assert client.get("/your-details/start/").url == "/your-details/organisation/"
    answer = client.post("/your-details/organisation/choose/?typed=falcon", {"organisation": school.pk})
    assert answer.url == "/your-details/check/"


def test_what_was_answered_is_kept_when_somebody_comes_back_another_day(client):
    person = signed_in(client, newcomer=True)
    client.get("/your-details/start/")
    client.post("/your-details/name/", {"full_name": "Ann Lee"})
    client.logout()
    client.force_login(person)
    assert client.get("/your-details/start/").url == "/your-details/organisation/"


def test_going_back_shows_the_answer_and_goes_on_with_the_next_open_question(client):
    signed_in(client, newcomer=True, organisation=OrganisationFactory())
    client.get("/your-details/start/")
    client.post("/your-details/name/", {"full_name": "Ann Lee"})
    page = client.get("/your-details/role/").text
    assert "question 3 of 5" in page and 'href="/your-details/organisation/"' in page
    assert 'value="Ann Lee"' in client.get("/your-details/name/").text
    assert client.post("/your-details/name/", {"full_name": "Ann Li"}).url == "/your-details/role/"


@pytest.mark.parametrize(
    ("page", "form"),
    [("name", {"full_name": "Ann Li"}), ("role", {"job_role": "Head"}), ("manager", {"manager_email": ""})],
)
def test_a_change_from_the_check_page_leads_back_to_it(client, page, form):
    signed_in(client)
    assert f'href="/your-details/{page}/"' in client.get("/your-details/check/").text
    question = client.get(f"/your-details/{page}/").text
    assert 'href="/your-details/check/"' in question and "of 5" not in question
    assert client.post(f"/your-details/{page}/", form).url == "/your-details/check/"


def test_not_before_all_is_answered(client):
    signed_in(client, group=None)
    assert client.get("/your-details/check/").url == "/your-details/start/"
    assert client.post("/your-details/check/").url == "/your-details/start/"


def test_without_a_wish_on_to_my_training(client):
    signed_in(client)
    assert client.post("/your-details/check/").url == "/my-training/"


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/events/", "/events/"),
        ("https://evil.example/", "/my-training/"),
        ("//evil.example", "/my-training/"),
        ("javascript:alert(1)", "/my-training/"),
        ("no-such-name", "/my-training/"),
        ("courses:events", "/my-training/"),
    ],
)
def test_on_to_what_they_wanted_within_this_site(client, wanted, reached):
    signed_in(client)
    assert client.get("/your-details/start/", {"next": wanted}).url == reached


@pytest.mark.parametrize("wanted", ["https://evil.example/", "no-such-name", "'\""])
def test_the_admins_own_way_in_leads_nowhere_else(admin_client, wanted):
    assert admin_client.get("/admin/login/", {"next": wanted}).url == "/admin/"


def test_the_groups_are_described_in_the_words_of_appendix_3(client):
    GroupFactory(number=1, short_name="Infrequent contact", description="Staff in infrequent contact. E.g. librarians.")
    signed_in(client)
    page = client.get("/your-details/group/").text
    assert "Group 1: Infrequent contact" in page and "Staff in infrequent contact. E.g. librarians." in page
