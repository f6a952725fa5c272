"""From an email address to a person who can book."""

import re

import pytest

from accounts.models import User
from notifications.models import Message
from tests.factories import GroupFactory, OrganisationFactory, SectorFactory, UserFactory

pytestmark = pytest.mark.django_db


def sign_up(client, email="nadia@harbour.example"):
    return client.post("/account/signup/", {"email": email, "password1": "three-quiet-otters"})


def confirm(client, email="nadia@harbour.example"):
    """Press the button of the page that the email links to."""
    text = Message.objects.filter(to=email).first().text
    return client.post(re.search(r"https?://[^/]+(\S+confirm-email\S+)", text)[1])


def test_a_newcomer_confirms_and_is_asked_who_they_are(client):
    sign_up(client)
    answer = confirm(client)
    assert answer.url == "/your-details/start/"
    assert client.get(answer.url).url == "/your-details/name/"


def test_a_known_address_is_told_to_nobody_but_its_owner(client):
    """People 25: the page says the same; the owner gets an email."""
    known = UserFactory(email="known@harbour.example")
    answer, other = sign_up(client, known.email), sign_up(client)
    assert (answer.status_code, answer.url) == (other.status_code, other.url)
    assert Message.objects.get(to=known.email).kind == "accounts/account_already_exists"


def test_one_thing_a_page_then_on_to_what_was_wanted(client):
    organisation, group = OrganisationFactory(name="Harbour Youth Project"), GroupFactory()
    client.get("/events/E-ABCDE/book/")
    sign_up(client)
    client.get(confirm(client).url)

    answers = [
        ("/your-details/name/", {"full_name": "Nadia O'Brien"}, "/your-details/organisation/"),
        ("/your-details/organisation/choose/?typed=harbor", {"organisation": organisation.pk}, "/your-details/role/"),
        ("/your-details/role/", {"job_role": "Youth worker"}, "/your-details/group/"),
        ("/your-details/group/", {"group": group.pk}, "/your-details/manager/"),
        ("/your-details/manager/", {"manager_email": ""}, "/your-details/check/"),
    ]
    for page, answer, following in answers:
        assert client.post(page, answer).url == following

    person = User.objects.get(email="nadia@harbour.example")
    assert person.profile_complete and person.organisation == organisation
    assert person.memberships.get().ended_on is None
    assert client.post("/your-details/check/").url == "/events/E-ABCDE/book/"


def test_an_organisation_that_is_not_listed_waits_for_td(client):
    sector = SectorFactory(vcs=True)
    client.force_login(UserFactory(newcomer=True))
    form = {"name": "Clapham  Chess", "postcode": "sw4 0aa", "kind": "charity", "sector": sector.pk}
    client.post("/your-details/organisation/new/", form)
    client.force_login(UserFactory(newcomer=True))
    client.post("/your-details/organisation/new/", {**form, "name": "clapham chess"})

    proposed = sector.organisations.get()
    assert (proposed.name, proposed.postcode, proposed.confirmed_at) == ("Clapham Chess", "SW4 0AA", None)
    assert proposed.people.count() == 2


def test_a_childminder_works_for_themselves_and_is_found_by_nobody(client):
    SectorFactory(name="Childminder", reporting_sector="Early years")
    person = UserFactory(newcomer=True, full_name="Rosa Fernández")
    client.force_login(person)
    client.post("/your-details/organisation/choose/?typed=x", {"organisation": "childminder"})

    person.refresh_from_db()
    assert person.organisation.name == "Rosa Fernández, childminder"
    assert person.organisation.cpd_leads.get() == person
    assert (
        person.organisation.name
        not in client.get("/your-details/organisation/choose/?typed=Rosa+Fernandez+childminder").content.decode()
    )


def test_what_was_typed_after_the_session_ended_is_not_lost(client):
    """Input 51: sign in, and the form has what was typed."""
    person = UserFactory()
    answer = client.post("/your-details/role/", {"job_role": "Head of year"})
    assert answer.url == "/account/login/?next=/your-details/role/"
    answer = client.post(answer.url, {"login": person.email, "password": "correct-horse"}, follow=True)
    assert answer.request["PATH_INFO"] == "/your-details/role/"
    assert 'value="Head of year"' in answer.content.decode()
