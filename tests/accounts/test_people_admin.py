"""T&D's screen of a person: where somebody works changes by the same action as everywhere, with their memberships."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def save(client, person=None, **fields):
    """Send the form of a new person, or of one who is there."""
    data = {
        "full_name": "Pat Reed", "email": "pat@riverside.example", "job_role": "Teacher", "organisation": "",
        "memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0, **fields,
    }  # fmt: skip
    name = "admin:accounts_user_change" if person else "admin:accounts_user_add"
    answer = client.post(reverse(name, args=[person.pk] if person else []), data)
    assert answer.status_code == 302, answer.context["errors"]
    return User.objects.get(email="pat@riverside.example")


def test_who_is_added_moved_and_taken_out_has_their_memberships(client, officer):
    first, second = OrganisationFactory(), OrganisationFactory()
    person = save(client, organisation=first.pk)
    assert person.organisation == first and not person.has_usable_password()
    person = save(client, person, organisation=second.pk)
    assert person.organisation == second
    person = save(client, person)
    assert person.organisation is None
    today = timezone.localdate()
    assert list(person.memberships.order_by("pk").values_list("organisation", "ended_on")) == [
        (first.pk, today), (second.pk, today),
    ]  # fmt: skip
    assert {row.history_user for row in person.history.all()} == {officer}


def test_another_change_leaves_where_they_work_alone(client, officer):
    person = save(client, organisation=OrganisationFactory().pk)
    save(client, person, organisation=person.organisation_id, job_role="Head")
    person.refresh_from_db()
    assert person.job_role == "Head" and person.memberships.get().ended_on is None
