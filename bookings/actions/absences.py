"""Places that were not used: the CPD leads are told once a day, and charges recorded where T&D wants them (§6.9)."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import connection, transaction

from accounts.models import Organisation, Policy, User
from bookings import emails, rules
from bookings.actions.places import Refused
from bookings.models import Booking, Charge
from notifications.models import Message
from wscb_training.wording import local_date

TOLD_WITHIN = timedelta(days=60)  # nobody is told of last year's on the first run
CORRECTED = "They were there after all: the register was corrected."


@transaction.atomic
def settle_missed_places(*, now: datetime) -> int:
    """Tell each CPD lead of the day's late cancellations and absences in one email; record the charges.

    Returns how many bookings were told of. Safe to run at any time and twice: what comes up after a lead was told
    today waits until tomorrow. Charges of people who were there after all are waived.
    """
    Policy.objects.get_or_create(pk=1)
    # One sweep at a time, for a lead has one email a day.
    policy = Policy.objects.select_for_update(no_key=True).get()
    _follow_corrections(now=now)
    skip = connection.features.has_select_for_update_skip_locked
    new = Booking.objects.missed().filter(missed_told_at__isnull=True, event__starts_at__gt=now - TOLD_WITHIN)
    locked = new.select_for_update(no_key=True, skip_locked=skip, of=("self",)).values_list("pk", flat=True)
    found = Booking.objects.filter(pk__in=list(locked)).for_page().prefetch_related("event__sessions", "charge")
    by_lead, told = _by_lead(found.order_by("event__starts_at", "person__full_name"), now=now)
    for lead, missed in by_lead.items():
        emails.missed_places(lead, missed, day=local_date(now))
    if policy.charges_on:
        _record_charges(told, policy=policy, now=now)
    return Booking.objects.filter(pk__in=[booking.pk for booking in told]).update(missed_told_at=now)


def _by_lead(bookings, *, now: datetime) -> tuple[dict[User, list[Booking]], list[Booking]]:
    """Return whom to tell of what today, and all bookings that are settled by it: those without a lead too."""
    organisations = Organisation.objects.filter(pk__in=[booking.organisation_id for booking in bookings])
    leads = {at.pk: list(at.cpd_leads.filter(is_active=True)) for at in organisations.prefetch_related("cpd_leads")}
    keys = {emails.missed_key(lead, day=local_date(now)) for people in leads.values() for lead in people}
    told_today = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    by_lead, settled = defaultdict(list), []
    for booking in bookings:
        people = [lead for lead in leads.get(booking.organisation_id, []) if lead.pk != booking.person_id]
        if any(emails.missed_key(lead, day=local_date(now)) in told_today for lead in people):
            continue
        settled.append(booking)
        for lead in people:
            by_lead[lead].append(booking)
    return by_lead, settled


def _record_charges(bookings: list[Booking], *, policy: Policy, now: datetime) -> None:
    charged = set(Charge.objects.filter(booking__in=bookings).values_list("booking_id", flat=True))
    for booking in bookings:
        if booking.pk in charged or booking.organisation_id is None:
            continue
        sessions = [(session.starts_at, session.ends_at) for session in booking.event.sessions.all()]
        amount = rules.charge_for(sessions, half_day=policy.charge_half_day, day=policy.charge_day)
        Charge.objects.create(booking=booking, amount=amount, recorded_at=now)


def _follow_corrections(*, now: datetime) -> None:
    """Waive the charges of people who were there after all, and bring back those of people who were not after all."""
    missed = Booking.objects.missed().filter(charge__isnull=False).values("pk")
    charges = Charge.objects.select_for_update(of=("self",))
    for charge in charges.filter(waived_at__isnull=True).exclude(booking__in=missed):
        _waive(charge, by=None, now=now, reason=CORRECTED)
    for charge in charges.filter(waived_reason=CORRECTED, booking__in=missed):
        charge.waived_at, charge.waived_by, charge.waived_reason = None, None, ""
        charge.save()


@transaction.atomic
def waive_charge(*, charge: Charge, by: User, now: datetime, reason: str) -> Charge:
    """Waive a charge, with the reason; it stays in the list as waived. Raises Refused without one, or twice."""
    charge = Charge.objects.select_for_update().get(pk=charge.pk)
    if charge.waived_at:
        raise Refused("This charge was already waived.")
    if not reason.strip():
        raise Refused("Enter why the charge is waived.")
    return _waive(charge, by=by, now=now, reason=reason.strip())


def _waive(charge: Charge, *, by: User | None, now: datetime, reason: str) -> Charge:
    charge.waived_at, charge.waived_by, charge.waived_reason = now, by, reason
    charge._history_user = by
    charge.save()
    return charge
