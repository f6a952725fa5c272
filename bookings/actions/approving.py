"""Approval by a CPD lead, where an organisation asks for it."""

from datetime import datetime

from django.db import transaction

from accounts.models import Policy, User
from bookings import emails, rules
from bookings.actions.places import Refused, bring_up_to_date, lock_event, move
from bookings.models import Booking


@transaction.atomic
def approve(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Approve a booking: a held place is confirmed; who waits keeps their position and is asked no second time.

    Raises Refused when the booking ended meanwhile (lapsed, cancelled), with a sentence that says so.
    """
    event = lock_event(booking.event_id)
    booking = _awaited(booking, event, now=now)
    booking.approved_at, booking.approved_by = now, by
    if booking.is_waiting:
        booking._history_user = by
        booking.save()
        return booking
    move(booking, Booking.Status.CONFIRMED, event=event, by=by, now=now)
    emails.confirmed(booking)
    return booking


@transaction.atomic
def decline(*, booking: Booking, by: User, now: datetime, reason: str) -> Booking:
    """Decline a booking, with a reason that the person is told; the place goes to the next. Raises Refused as above."""
    event = lock_event(booking.event_id)
    booking = _awaited(booking, event, now=now)
    move(booking, Booking.Status.DECLINED, event=event, by=by, now=now, reason=reason.strip())
    emails.declined(booking)
    bring_up_to_date(event, now=now)
    return booking


def approval_refusal(*, booking: Booking, now: datetime) -> str | None:
    """Return why this booking can't be approved or declined at `now`, or None."""
    if not booking.is_live:
        return rules.ended_before_approval(booking.status)
    if not booking.needs_approval or booking.approved_at:
        return "This booking was already approved."
    if booking.event.starts_at <= now:
        return "This event has already started."
    if booking.status == Booking.Status.AWAITING_APPROVAL and booking.approval_due_at <= now:
        return rules.ended_before_approval(Booking.Status.LAPSED)
    return None


def _awaited(booking: Booking, event, *, now: datetime) -> Booking:
    """Return the booking fresh under the lock. Raises Refused when it asks for approval no more."""
    booking = Booking.objects.for_page().get(pk=booking.pk)
    booking.event = event
    if sentence := approval_refusal(booking=booking, now=now):
        raise Refused(sentence)
    return booking


def lapse_due_approvals(*, now: datetime) -> int:
    """Let each held place go whose approval did not come in time; return how many. Safe to repeat."""
    due = Booking.objects.filter(status=Booking.Status.AWAITING_APPROVAL, approval_due_at__lte=now)
    return sum(_lapse(pk, event_id, now) for pk, event_id in list(due.values_list("pk", "event_id")))


@transaction.atomic
def _lapse(booking_id: int, event_id: int, now: datetime) -> bool:
    event = lock_event(event_id)
    booking = Booking.objects.for_page().get(pk=booking_id)
    if booking.status != Booking.Status.AWAITING_APPROVAL or booking.approval_due_at > now:
        return False
    booking.event = event
    move(booking, Booking.Status.LAPSED, event=event, by=None, now=now, reason="Nobody approved it in time.")
    emails.lapsed(booking, is_open=now < event.closes_at)
    bring_up_to_date(event, now=now)
    return True


def remind_due_approvals(*, now: datetime) -> int:
    """Remind the CPD leads, once, of each approval that has waited for the policy's days; return how many."""
    days = Policy.current().approval_reminder_days
    reminded = 0
    for booking in Booking.objects.for_page().filter(
        status=Booking.Status.AWAITING_APPROVAL, approval_reminded_at__isnull=True, approval_due_at__gt=now
    ):
        if not rules.approval_reminder_due(requested_at=booking.requested_at, now=now, days=days):
            continue
        with transaction.atomic():
            claimed = Booking.objects.filter(pk=booking.pk, approval_reminded_at__isnull=True).update(
                approval_reminded_at=now
            )
            if claimed:
                emails.approval_reminder(booking)
                reminded += 1
    return reminded
