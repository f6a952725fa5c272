"""Writes about who works for an organisation: invitations, confirming, people without email, leavers, approval."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from accounts import emails
from accounts.actions import join_organisation, leave_organisation, save_fields
from accounts.models import Invitation, Membership, Organisation, User
from competence.models import CompetenceGroup


@transaction.atomic
def invite(*, organisation: Organisation, addresses: Iterable[str], by: User, now: datetime) -> list[Invitation]:
    """Invite each address to register as staff of the organisation; return the invitations sent.

    Who works there already is passed over. Whether an address is known otherwise is told to nobody: they get the
    same email. An invitation still open is sent again, and lasts anew.
    """
    addresses = list(dict.fromkeys(address.strip().lower() for address in addresses))
    members = set(User.objects.filter(organisation=organisation, email__in=addresses).values_list("email", flat=True))
    return [_invite_one(organisation, address, by=by, now=now) for address in addresses if address not in members]


def _invite_one(organisation: Organisation, address: str, *, by: User, now: datetime) -> Invitation:
    invitation, _ = Invitation.objects.update_or_create(
        organisation=organisation,
        email=address,
        accepted_at=None,
        withdrawn_at=None,
        defaults={"invited_by": by, "sent_at": now},
    )
    emails.invitation(invitation)
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, now: datetime) -> None:
    """Let an invitation's link work no more. Safe to repeat."""
    Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)


@transaction.atomic
def accept_invitation(*, invitation: Invitation, person: User, now: datetime) -> Membership:
    """Make the person staff of the organisation that invited them, confirmed by whoever invited them.

    Where they worked before ends today. Safe to repeat: the second time returns the membership as it is.
    """
    open_ones = Invitation.objects.filter(pk=invitation.pk).open(at=now)
    if open_ones.update(accepted_at=now, accepted_by=person):
        return start_membership(
            person=person, organisation=invitation.organisation, by=person, now=now, confirmed_by=invitation.invited_by
        )
    return person.memberships.filter(organisation=invitation.organisation).first()


@transaction.atomic
def start_membership(
    *, person: User, organisation: Organisation, by: User, now: datetime, confirmed_by: User | None = None
) -> Membership:
    """Let the person work for the organisation from today; what was open elsewhere ends today.

    `confirmed_by` is the CPD lead who says so; without one the membership waits for a lead to confirm it.
    """
    join_organisation(person=person, organisation=organisation, by=by, now=now)
    person.refresh_from_db(fields=["organisation"])
    membership = person.memberships.get(ended_on=None)
    if confirmed_by and not membership.confirmed_at:
        membership.confirmed_at, membership.confirmed_by = now, confirmed_by
        membership.save()
    return membership


@transaction.atomic
def confirm_member(*, membership: Membership, by: User, now: datetime) -> bool:
    """Note that a CPD lead says that the person works there, and tell them; return False when it was noted before."""
    claimed = Membership.objects.filter(pk=membership.pk, confirmed_at=None, ended_on=None)
    if not claimed.update(confirmed_at=now, confirmed_by=by):
        return False
    emails.membership_confirmed(membership)
    return True


@transaction.atomic
def refuse_member(*, membership: Membership, by: User, now: datetime) -> bool:
    """Note that the person does not work there, and tell them; their account stays, without an organisation.

    Return False when the membership had been confirmed or had ended before.
    """
    claimed = Membership.objects.select_for_update(no_key=True).filter(confirmed_at=None, ended_on=None)
    if not claimed.filter(pk=membership.pk).first():  # locked: another lead may be confirming it just now
        return False
    end_membership(membership=membership, by=by, ended_on=max(now.date(), membership.started_on))
    emails.membership_refused(membership)
    return True


@transaction.atomic
def end_membership(*, membership: Membership, by: User, ended_on: date) -> None:
    """Note that the person worked there until a date; roles that they held for the organisation end with it."""
    leave_organisation(membership=membership, by=by, on=ended_on)
    person = membership.person
    if person.organisation_id == membership.organisation_id:
        person.organisation = None
        save_fields(person, "organisation", by=by)


@transaction.atomic
def register_managed(
    *,
    organisation: Organisation,
    by: User,
    now: datetime,
    full_name: str,
    job_role: str,
    group: CompetenceGroup | None = None,
    coordinator: User | None = None,
) -> User:
    """Register somebody without email; return them. Their messages go to `coordinator`.

    Without one that is `by`, a CPD lead, who says by it that the person works there; otherwise a lead still confirms.
    """
    person = User(full_name=full_name.strip(), job_role=job_role.strip(), group=group, coordinator=coordinator or by)
    person.set_unusable_password()
    person._history_user = by
    person.save()
    confirmed_by = None if coordinator else by
    start_membership(person=person, organisation=organisation, by=by, now=now, confirmed_by=confirmed_by)
    return person


@transaction.atomic
def change_managed(
    *, person: User, by: User, full_name: str, job_role: str, group: CompetenceGroup, reason: str = ""
) -> User:
    """Change the details of somebody without email; the reason for another group stands in the history."""
    changed = person.group_id != group.pk
    person.full_name, person.job_role, person.group = full_name.strip(), job_role.strip(), group
    return save_fields(person, "full_name", "job_role", "group", by=by, reason=reason.strip() if changed else "")


@transaction.atomic
def take_over(*, person: User, by: User) -> User:
    """Make `by` the one who gets the messages of somebody without email."""
    person.coordinator = by
    return save_fields(person, "coordinator", by=by)


@transaction.atomic
def set_requires_approval(*, organisation: Organisation, by: User, value: bool) -> Organisation:
    """Switch whether a CPD lead approves each booking of the organisation's staff; it stands in its history."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.requires_approval != value:
        organisation.requires_approval = value
        organisation._history_user = by
        organisation.save()
    return organisation
