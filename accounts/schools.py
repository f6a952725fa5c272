"""Writes about who answers for safeguarding in a school or setting, and its whole-school training (§9, §10)."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import Organisation, SafeguardingLead, User, WholeSchoolTraining


@transaction.atomic
def name_safeguarding_lead(
    *, organisation: Organisation, person: User, role: str, since: date, by: User
) -> SafeguardingLead:
    """Name somebody Designated Safeguarding Lead or deputy from a date; the other role they held there ends then.

    Who holds that role already keeps it as it is.
    """
    held = organisation.safeguarding_leads.filter(person=person, until__isnull=True).first()
    if held and held.role == role:
        return held
    if held:
        end_safeguarding_role(role=held, until=since, by=by)
    named = SafeguardingLead(organisation=organisation, person=person, role=role, since=since)
    named._history_user = by
    named.save()
    return named


@transaction.atomic
def end_safeguarding_role(*, role: SafeguardingLead, until: date, by: User) -> SafeguardingLead:
    """Note that somebody is Designated Safeguarding Lead or deputy until a date, never before it began."""
    role.until = max(until, role.since)
    role._history_user = by
    role.save()
    return role


@transaction.atomic
def note_whole_school_training(
    *, organisation: Organisation, trained_on: date, provider: str, by: User, now: datetime
) -> WholeSchoolTraining:
    """Note that all staff were trained on a date, elsewhere than at the Board's own events; once a day."""
    noted, _ = WholeSchoolTraining.objects.update_or_create(
        organisation=organisation,
        trained_on=trained_on,
        defaults={"provider": provider.strip(), "noted_by": by, "noted_at": now},
    )
    return noted
