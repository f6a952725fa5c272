"""Who opens which page: one table. And what `signed_in`, `with_details` and `kept_form` promise the other apps."""

import pytest

from accounts.permissions import KEPT_FORM
from tests.factories import OrganisationFactory, SectorFactory, UserFactory, make_event, make_lead

pytestmark = pytest.mark.django_db
TO_SIGN_IN, TO_START, TO_TRAINING = "/account/login/", "/your-details/start/", "/my-training/"
ROLES = ("visitor", "newcomer", "learner", "lead", "closed account")
EVERYBODY_SIGNED_IN = (TO_SIGN_IN, 200, 200, 200, TO_SIGN_IN)
# Page: what a visitor, a newcomer without details, a learner, a CPD lead and a closed account get.
PAGES = {
    "/your-details/": EVERYBODY_SIGNED_IN,
    "/your-details/start/": (TO_SIGN_IN, "/your-details/name/", TO_TRAINING, TO_TRAINING, TO_SIGN_IN),
    "/your-details/name/": EVERYBODY_SIGNED_IN,
    "/your-details/organisation/": EVERYBODY_SIGNED_IN,
    "/your-details/organisation/choose/?typed=x": EVERYBODY_SIGNED_IN,
    "/your-details/organisation/new/": EVERYBODY_SIGNED_IN,
    "/your-details/organisation/change/?to=childminder": EVERYBODY_SIGNED_IN,
    "/your-details/organisation/change/?to=0": (TO_SIGN_IN, 404, 404, 404, TO_SIGN_IN),
    "/your-details/role/": EVERYBODY_SIGNED_IN,
    "/your-details/group/": EVERYBODY_SIGNED_IN,
    "/your-details/manager/": EVERYBODY_SIGNED_IN,
    "/your-details/weekly-email/": EVERYBODY_SIGNED_IN,
    "/your-details/check/": (TO_SIGN_IN, TO_START, 200, 200, TO_SIGN_IN),
    "/account/email/": EVERYBODY_SIGNED_IN,
    "/account/password/change/": EVERYBODY_SIGNED_IN,
    "/account/login/": (200, TO_START, TO_TRAINING, TO_TRAINING, 200),
    "/account/signup/": (200, TO_START, TO_TRAINING, TO_TRAINING, 200),
    "/account/password/reset/": (200, 200, 200, 200, 200),
    "/account/logout/": ("/", 200, 200, 200, "/"),
    "/invitation/made-up/": (404, 404, 404, 404, 404),
}


def somebody(role):
    match role:
        case "newcomer":
            return UserFactory(newcomer=True)
        case "learner":
            return UserFactory()
        case "lead":
            return make_lead(OrganisationFactory())
        case "closed account":
            return UserFactory(is_active=False)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", PAGES)
def test_who_opens_which_page(client, page, role):
    SectorFactory(name="Childminder", reporting_sector="Early years")
    if person := somebody(role):
        client.force_login(person)
    answer = client.get(page)
    got = answer.url.split("?")[0] if answer.status_code == 302 else answer.status_code
    assert got == PAGES[page][ROLES.index(role)]


def test_who_is_not_signed_in_comes_back_to_the_page(client):
    person, event = UserFactory(), make_event()
    wanted = f"/events/{event.reference}/book/"
    to_login = client.get(wanted).url
    assert client.post(to_login, {"login": person.email, "password": "correct-horse"}).url == wanted


def test_who_has_not_told_all_tells_it_first_and_comes_back_to_the_page(client):
    person, event = UserFactory(job_role="", manager_email="b@school.example"), make_event()
    client.force_login(person)
    wanted = f"/events/{event.reference}/book/"
    assert client.get(wanted).url == "/your-details/start/"
    client.get("/your-details/start/")
    assert client.post("/your-details/role/", {"job_role": "Teacher"}).url == "/your-details/check/"
    assert client.post("/your-details/check/").url == wanted


def test_what_was_typed_is_shown_again_once_and_on_its_own_page_alone(client):
    """Input 51."""
    person = UserFactory()
    client.post("/your-details/role/", {"job_role": "Head of year"})
    client.post("/account/login/", {"login": person.email, "password": "correct-horse"})
    assert "Head of year" not in client.get("/your-details/name/").text
    assert 'value="Head of year"' in client.get("/your-details/role/").text
    assert "Head of year" not in client.get("/your-details/role/").text


def test_a_form_of_a_great_size_is_not_kept(client):
    client.post("/your-details/role/", {"job_role": "x" * 100_000})
    assert KEPT_FORM not in client.session


def test_what_was_typed_is_gone_when_somebody_signs_out(client):
    client.force_login(UserFactory())
    client.post("/account/logout/")
    client.post("/your-details/role/", {"job_role": "Head of year"})
    client.force_login(UserFactory())
    client.post("/account/logout/")
    assert KEPT_FORM not in client.session


@pytest.mark.parametrize("known", [True, False])
def test_signing_in_too_often_is_slowed_down_for_any_address(client, known):
    address = UserFactory().email if known else "nobody@harbour.example"
    for _ in range(12):
        page = client.post("/account/login/", {"login": address, "password": "wrong-password"})
    assert page.status_code == 429 or "too often" in page.text
