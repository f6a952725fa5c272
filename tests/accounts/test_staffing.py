"""Who works where: invited, confirmed, refused, registered without email, left."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import staffing
from accounts.models import Invitation, SafeguardingLead, User
from notifications.models import Message
from tests import teams
from tests.teams import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def school():
    return teams.organisation()


@pytest.fixture
def lead(school):
    return teams.lead(school)


def invite(school, lead, *addresses, now=NOW):
    return staffing.invite(organisation=school, addresses=addresses, by=lead, now=now)


class TestInviting:
    def test_each_address_once_and_nobody_who_works_there_already(self, school, lead):
        colleague = teams.person(at=school, email="colleague@school.example")
        sent = invite(school, lead, "new@school.example", "NEW@school.example ", colleague.email)
        assert [invitation.email for invitation in sent] == ["new@school.example"]
        email = Message.objects.get(kind="accounts/invitation")
        assert email.to == "new@school.example"
        assert sent[0].get_absolute_url() in email.text

    def test_somebody_who_has_an_account_elsewhere_gets_the_same_email_as_everyone(self, school, lead):
        known = teams.person(at=teams.organisation("Another school"))
        invite(school, lead, known.email, "unknown@school.example")
        texts = [email.text for email in Message.objects.filter(kind="accounts/invitation")]
        assert [text.splitlines()[0] for text in texts] == [texts[0].splitlines()[0]] * 2

    def test_inviting_again_sends_it_again_and_keeps_one_invitation(self, school, lead):
        invite(school, lead, "new@school.example")
        invite(school, lead, "new@school.example", now=NOW + timedelta(days=20))
        assert Invitation.objects.count() == 1
        assert Message.objects.filter(to="new@school.example").count() == 2

    def test_opening_the_link_changes_nothing_and_a_press_leads_to_an_account_without_a_second_email(
        self, client, school, lead
    ):
        [invitation] = invite(school, lead, "new@school.example")
        link = invitation.get_absolute_url()
        assert "Join Balham Park School" in client.get(link).text
        assert not User.objects.filter(email="new@school.example").exists()
        page = client.post(link, follow=True)
        assert page.redirect_chain == [(f"{reverse('account_signup')}?next={link}", 302)]
        assert 'value="new@school.example"' in page.text
        page = client.post(
            reverse("account_signup"),
            {"email": "new@school.example", "password1": "three long words", "next": link},
        )
        assert (page.status_code, page.url) == (302, link)
        client.post(link)
        person = User.objects.get(email="new@school.example")
        membership = person.memberships.get()
        assert person.organisation == membership.organisation == school
        assert membership.confirmed_by == lead

    def test_who_has_an_account_signs_in_and_joins_leaving_where_they_were(self, client, school, lead):
        before = teams.organisation("Another school")
        person = teams.person(at=before)
        [invitation] = invite(school, lead, person.email)
        client.force_login(person)
        assert "Your account says that you work for Another school" in client.get(invitation.get_absolute_url()).text
        client.post(invitation.get_absolute_url())
        person.refresh_from_db()
        assert person.organisation == school
        assert person.memberships.get(organisation=before).ended_on == NOW.date()
        client.post(invitation.get_absolute_url())
        assert person.memberships.count() == 2

    def test_who_finds_the_organisation_themselves_is_confirmed_by_the_invitation(self, school, lead):
        person = teams.person(email="new@school.example")
        invite(school, lead, person.email)
        staffing.start_membership(person=person, organisation=school, by=person, now=NOW)
        assert person.memberships.get().confirmed_by == lead
        assert not Invitation.objects.open(at=NOW).exists()

    @pytest.mark.parametrize("days", [29, 400])
    def test_a_link_past_its_time_says_so(self, client, school, lead, time_machine, days):
        [invitation] = invite(school, lead, "new@school.example")
        time_machine.move_to(NOW + timedelta(days=days), tick=False)
        assert "does not work any more" in client.get(invitation.get_absolute_url()).text
        client.post(invitation.get_absolute_url())
        assert "account_verified_email" not in client.session

    def test_a_withdrawn_invitation_and_a_made_up_link_do_nothing(self, client, school, lead):
        [invitation] = invite(school, lead, "new@school.example")
        staffing.withdraw_invitation(invitation=invitation, now=NOW)
        assert "does not work any more" in client.get(invitation.get_absolute_url()).text
        assert client.get(reverse("accounts:invitation", args=["1:made-up"])).status_code == 404


class TestConfirming:
    def test_confirmed_once_and_told_once(self, school, lead):
        membership = teams.person(at=school, confirmed=False).memberships.get()
        assert staffing.confirm_member(membership=membership, by=lead, now=NOW)
        assert not staffing.confirm_member(membership=membership, by=lead, now=NOW)
        membership.refresh_from_db()
        assert (membership.confirmed_at, membership.confirmed_by) == (NOW, lead)
        assert Message.objects.filter(kind="accounts/membership_confirmed").count() == 1

    def test_who_does_not_work_there_keeps_the_account_and_is_told(self, school, lead):
        person = teams.person(at=school, confirmed=False)
        assert staffing.refuse_member(membership=person.memberships.get(), by=lead, now=NOW)
        person.refresh_from_db()
        assert (person.organisation, person.is_active) == (None, True)
        assert "you do not work there" in Message.objects.get(recipient=person).subject

    def test_a_confirmed_member_is_not_refused_by_a_late_press(self, school, lead):
        person = teams.person(at=school)
        assert not staffing.refuse_member(membership=person.memberships.get(), by=lead, now=NOW)
        person.refresh_from_db()
        assert person.organisation == school


class TestPeopleWithoutEmail:
    def test_registered_by_their_lead_who_gets_their_messages(self, school, lead):
        person = staffing.register_managed(
            organisation=school,
            by=lead,
            now=NOW,
            full_name="Amina O’Neill-Żuk",
            job_role="Helper",
            group=teams.group(2),
        )
        assert (person.email, person.message_email) == (None, lead.email)
        assert person.memberships.get().confirmed_by == lead
        assert person.profile_complete
        assert not person.has_usable_password()

    def test_two_of_them_are_no_clash(self, school, lead):
        for _ in range(2):
            staffing.register_managed(
                organisation=school, by=lead, now=NOW, full_name="Li Wei", job_role="Helper", group=teams.group()
            )
        assert school.people.filter(email=None).count() == 2

    def test_another_lead_takes_them_over(self, school, lead):
        person = staffing.register_managed(
            organisation=school, by=lead, now=NOW, full_name="Li Wei", job_role="Helper", group=teams.group()
        )
        other = teams.lead(school)
        staffing.take_over(person=person, by=other)
        assert User.objects.get(pk=person.pk).message_email == other.email


def test_a_leaver_keeps_their_account_and_gives_up_the_roles_they_held_there(school, lead):
    person = teams.lead(school)
    SafeguardingLead.objects.create(organisation=school, person=person, role="lead", since=NOW.date())
    staffing.end_membership(membership=person.memberships.get(), by=lead, ended_on=NOW.date())
    person.refresh_from_db()
    assert person.organisation is None
    assert person.memberships.get().ended_on == NOW.date()
    assert not person.leadships.exists()
    assert person.safeguarding_roles.get().until == NOW.date()


def test_switching_approval_stands_in_the_history_once(school, lead):
    before = school.history.count()
    staffing.set_requires_approval(organisation=school, by=lead, value=True)
    staffing.set_requires_approval(organisation=school, by=lead, value=True)
    assert school.history.count() == before + 1
    assert school.history.first().history_user == lead


def test_an_address_that_bounces_gets_no_email(school):
    person = teams.person(at=school, bounced_at=NOW)
    assert person.message_email == ""
