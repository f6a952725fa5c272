"""Writes about people and organisations: details, joining an organisation, roles."""

import csv
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

from accounts.models import CPDLead, Invitation, Membership, Organisation, Sector, User
from accounts.models.user import SUB_COMMITTEE, TD_SERVICE, TRAINER
from accounts.rules import childminder_name, same_organisation, tidy_name
from competence.models import CompetenceGroup
from wscb_training.wording import local_date

DATA = Path(__file__).parent / "data"
ROLES_TD_GIVES = (TRAINER, SUB_COMMITTEE)
RUN, EDIT = "view add change delete", "view add change"
TD_RUNS = {
    "accounts": {
        "user": EDIT, "organisation": EDIT, "sector": EDIT, "policy": EDIT, "cpdlead": RUN, "membership": "view",
        "safeguardinglead": RUN, "wholeschooltraining": RUN, "invitation": "view", "problemreport": "view",
    },
    "competence": {"competencegroup": EDIT, "trainingcontent": EDIT, "pathwayversion": EDIT, "pathwaytick": RUN},
    "courses": {
        "subject": EDIT, "course": EDIT, "venue": EDIT, "trainer": EDIT, "event": EDIT, "session": RUN,
        "interest": "view",
    },
    "bookings": {
        "booking": "view change", "trainingrecord": EDIT, "attendance": "view", "onlinestart": "view", "charge": "view",
    },
    "evaluations": {"questionnaire": EDIT, "question": RUN, "evaluation": "view change", "answer": "view"},
    "monitoring": {
        "priority": "view change", "indicator": "view change", "milestone": RUN, "evidence": "view change",
        "baseline": RUN, "impactexample": RUN, "standardset": EDIT, "qualitystandard": RUN, "qualityreview": RUN,
        "singleagencytraining": RUN, "learning": RUN, "returnround": EDIT, "yearlyreturn": "view",
        "consultation": RUN, "expectedquality": RUN, "reviewanswer": RUN, "trainingcomment": RUN,
    },
    "notifications": {"message": "view"},
}  # fmt: skip
CHILDMINDERS = "Childminder"  # of sectors.csv


def save_fields(person: User, *fields: str, by: User | None, reason: str = "") -> User:
    """Save these fields alone, so that two tabs, or T&D at the same time, don't undo each other's."""
    person._history_user = by
    person._change_reason = reason or None
    person.save(update_fields=fields)
    return person


@transaction.atomic
def set_details(*, person: User, by: User, **fields) -> User:
    """Change a person's `full_name`, `job_role`, `manager_email` or `wants_alert`; return the person.

    The organisation that a childminder is bears their name, so it changes with it.
    """
    allowed = {"full_name", "job_role", "manager_email", "wants_alert"}
    if unknown := fields.keys() - allowed:
        raise TypeError(f"set_details does not change {', '.join(unknown)}")
    for name, value in fields.items():
        setattr(person, name, value.strip() if isinstance(value, str) else value)
    if "full_name" in fields:
        _name_childminding(person, by=by)
    return save_fields(person, *fields, by=by)


def _name_childminding(person: User, *, by: User) -> None:
    name = childminder_name(person.full_name)
    for organisation in person.leads.filter(kind=Organisation.Kind.CHILDMINDER).exclude(name=name):
        organisation.name, organisation._history_user = name, by
        organisation.save()


@transaction.atomic
def set_group(*, person: User, group: CompetenceGroup, by: User, reason: str = "") -> User:
    """Put a person into a competence group (Appendix 3); the reason stands in the history."""
    person.group = group
    return save_fields(person, "group", by=by, reason=reason)


@transaction.atomic
def join_organisation(*, person: User, organisation: Organisation, by: User, now: datetime) -> User:
    """Say that a person works for an organisation from today; the membership before it ends today.

    A CPD lead who joins, or puts somebody in, has confirmed it by that; so has one who invited the person's address.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.organisation_id == organisation.pk:
        return person
    today = local_date(now)
    for membership in person.memberships.filter(ended_on__isnull=True):
        leave_organisation(membership=membership, by=by, on=today)
        if by == person and membership.started_on == today and not membership.confirmed_at:
            membership.delete()  # chosen by mistake a moment ago
    confirmed_by = by.pk if organisation.leadships.filter(person=by).exists() else None
    if person.email:
        invitations = Invitation.objects.open(at=now).filter(organisation=organisation, email=person.email)
        confirmed_by = confirmed_by or invitations.values_list("invited_by", flat=True).first()
        invitations.update(accepted_at=now, accepted_by=person)
    Membership.objects.create(
        person=person,
        organisation=organisation,
        started_on=today,
        confirmed_at=now if confirmed_by else None,
        confirmed_by_id=confirmed_by,
    )
    person.organisation = organisation
    return save_fields(person, "organisation", by=by)


def leave_organisation(*, membership: Membership, by: User, on: date) -> None:
    """End a membership, and with it the roles held for the organisation: who has left sees its staff no more."""
    person, organisation = membership.person, membership.organisation
    Membership.objects.filter(pk=membership.pk, ended_on=None).update(ended_on=max(on, membership.started_on))
    for role in person.safeguarding_roles.filter(organisation=organisation, until__isnull=True):
        role.until = max(on, role.since)
        role._history_user = by
        role.save()
    if organisation.kind != Organisation.Kind.CHILDMINDER:  # their own; they may come back to it
        for leadship in person.leadships.filter(organisation=organisation):
            leadship._history_user = by
            leadship.delete()


def _make_lead(organisation: Organisation, person: User, *, by: User) -> None:
    leadship = CPDLead(organisation=organisation, person=person)
    leadship._history_user = by
    leadship.save()


@transaction.atomic
def change_roles(*, person: User, roles: Iterable[Group], by: User | None) -> None:
    """Give a person these roles (T&D, trainer, Sub-committee) and no others; their history says who did it, and when.

    Groups have no history of their own, so the change stands in the person's, in words.
    """
    before = _names_of_roles(person)
    person.groups.set(roles)
    after = _names_of_roles(person)
    if after != before:
        person._change_reason = f"Roles: {after or 'none'} (before: {before or 'none'})."
        person._history_user = by
        person.save()
        person._change_reason = None


def _names_of_roles(person: User) -> str:
    return ", ".join(sorted(person.groups.values_list("name", flat=True)))


@transaction.atomic
def propose_organisation(*, name: str, postcode: str, kind: str, sector: Sector, by: User) -> Organisation:
    """Return the organisation that somebody did not find in the list: made for T&D to confirm, or the one of that
    name in that district which is in the list after all, or which somebody else proposed before.
    """
    name, postcode = tidy_name(name), postcode.strip().upper()
    Sector.objects.select_for_update().get(pk=sector.pk)  # two colleagues at once make one
    for known in Organisation.objects.filter(is_active=True).exclude(kind=Organisation.Kind.CHILDMINDER):
        if same_organisation((known.name, known.postcode), (name, postcode)):
            return known
    organisation = Organisation(name=name, postcode=postcode, kind=kind, sector=sector)
    organisation._history_user = by
    organisation.save()
    return organisation


@transaction.atomic
def become_childminder(*, person: User, by: User, now: datetime) -> User:
    """Make somebody who works for themselves their own organisation and its CPD lead (§10): nobody manages them.

    Who was a childminder before gets the same organisation back.
    """
    if person.organisation and person.organisation.kind == Organisation.Kind.CHILDMINDER:
        return person
    organisation = person.leads.filter(kind=Organisation.Kind.CHILDMINDER).first()
    if organisation is None:
        organisation = Organisation(
            name=childminder_name(person.full_name),
            sector=Sector.objects.get(name=CHILDMINDERS),
            kind=Organisation.Kind.CHILDMINDER,
        )
        organisation._history_user = by
        organisation.save()
        _make_lead(organisation, person, by=by)
    return join_organisation(person=person, organisation=organisation, by=by, now=now)


@transaction.atomic
def confirm_organisation(*, organisation: Organisation, by: User, now: datetime) -> Organisation:
    """Confirm an organisation that somebody typed in: from now on others may choose it."""
    if organisation.confirmed_at is None:
        organisation.confirmed_at, organisation.confirmed_by = now, by
        organisation._history_user = by
        organisation.save()
    return organisation


@transaction.atomic
def record_organisation(*, organisation: Organisation | None, by: User, now: datetime, **fields) -> Organisation:
    """Add an organisation that T&D knows, confirmed by it, or change one; return it. `fields` are the model's own."""
    organisation = organisation or Organisation(confirmed_at=now, confirmed_by=by)
    for name, value in fields.items():
        setattr(organisation, name, value)
    organisation._history_user = by
    organisation.save()
    return organisation


@transaction.atomic
def record_person(
    *, person: User | None, by: User, now: datetime, email: str, organisation: Organisation, **fields
) -> User:
    """Add a person whom T&D knows, or change what is known of them; return them. Nobody is emailed.

    `fields` are full_name, job_role, group and manager_email. They choose a password when they first sign in.
    """
    if person is None:
        person = User(email=email.lower())
        person.set_unusable_password()
    for name, value in fields.items():
        setattr(person, name, value)
    person._history_user = by
    person.save()
    if person.organisation_id != organisation.pk:
        join_organisation(person=person, organisation=organisation, by=by, now=now)
    return person


def ensure_roles() -> None:
    """Make the roles and give each what it may do in the admin; never takes away what was given besides.

    T&D runs the programme, so it views, adds and changes; what people did is cancelled or withdrawn, not deleted,
    and nobody can give themselves more rights.
    """
    for name in (TD_SERVICE, TRAINER, SUB_COMMITTEE):
        Group.objects.get_or_create(name=name)
    allowed = Q()
    for app, models in TD_RUNS.items():
        for model, verbs in models.items():
            allowed |= Q(content_type__app_label=app, codename__in=[f"{verb}_{model}" for verb in verbs.split()])
    Group.objects.get(name=TD_SERVICE).permissions.add(*Permission.objects.filter(allowed))


@transaction.atomic
def load_sectors() -> None:
    """Add the sectors that are missing; never change what T&D edited."""
    with (DATA / "sectors.csv").open(encoding="utf-8-sig", newline="") as file:
        for position, row in enumerate(csv.DictReader(file), start=1):
            Sector.objects.get_or_create(
                name=row["sector"],
                defaults={
                    "reporting_sector": row["reporting_sector"],
                    "counts_as_vcs": row["counts_as_vcs"] == "1",
                    "notes": row["notes"],
                    "position": position,
                },
            )
