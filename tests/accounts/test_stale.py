"""Somebody who was read a while ago is changed in what is to be changed, and nothing that others wrote is undone."""

import pytest
from django.utils import timezone

from accounts import bounces, staffing
from accounts.models import User
from bookings.actions import close_account
from tests.factories import GroupFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def end(person):
    membership = staffing.start_membership(person=person, organisation=OrganisationFactory(), by=None, now=NOW)
    staffing.end_membership(membership=membership, by=None, ended_on=NOW.date())


CHANGES = {
    "bounced": lambda person: bounces.mark_bounced(person=person, by=None, now=NOW),
    "taken over": lambda person: staffing.take_over(person=person, by=UserFactory()),
    "changed": lambda person: staffing.change_managed(
        person=person, by=None, full_name="Pat Reed", job_role="Cook", group=GroupFactory()
    ),
    "closed": lambda person: close_account(person=person, by=None, now=NOW),
    "ended": end,
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_written_meanwhile_stays(change):
    person = UserFactory()
    User.objects.filter(pk=person.pk).update(manager_email="head@riverside.example")
    CHANGES[change](person)
    stored = User.objects.get(pk=person.pk)
    assert stored.manager_email == "head@riverside.example" and stored.history.first().history_type == "~"
