"""What T&D does to an event that touches the people booked on it."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.actions import save_fields
from accounts.models import Policy, User
from bookings import emails, rules
from bookings.actions.booking import cancel
from bookings.actions.places import Refused, bring_up_to_date, lock_event
from bookings.models import Booking
from courses.models import Event
from courses.rules import effective_share, vcs_quota

NEEDS_KEPT = timedelta(days=30)


@transaction.atomic
def change_capacity(*, event: Event, capacity: int, by: User, now: datetime, vcs_share=None) -> Event:
    """Set the event's capacity (people) and its own VCS share; recompute the quota and serve the waiting list.

    Raises Refused, with the number, when more people hold a place already.
    """
    event = lock_event(event.pk)
    held = event.held_vcs + event.held_other
    if sentence := rules.capacity_refusal(capacity=capacity, held=held - event.over_capacity):
        raise Refused(sentence)
    event.capacity, event.vcs_share = capacity, vcs_share
    share = effective_share(event_share=vcs_share, policy_share=Policy.current().vcs_share)
    event.vcs_places = vcs_quota(capacity=capacity, share=share)
    event.over_capacity = max(0, held - capacity)
    event.over_quota = max(0, event.held_other + event.vcs_places - capacity)
    event._history_user = by
    event.save()
    bring_up_to_date(event, now=now)
    return event


@transaction.atomic
def cancel_event(*, event: Event, by: User, now: datetime, reason: str) -> Event:
    """Cancel the event: each person booked or waiting is told once, with what else they could book. Safe to repeat."""
    event = lock_event(event.pk)
    if event.status == Event.Status.CANCELLED:
        return event
    if event.status == Event.Status.COMPLETED or (event.is_published and event.starts_at <= now):
        raise Refused("This event has already started, so it can't be cancelled.")
    bookings = list(event.bookings.live().for_page())
    for booking in bookings:
        held = booking.holds_place
        booking.event = event
        booking.status, booking.ended_at, booking.ended_by = Booking.Status.CANCELLED, now, by
        booking.end_reason = "The event was cancelled."
        booking.calendar_sequence += 1
        booking._history_user = by
        booking.save()
        emails.event_cancelled(booking, held=held, reason=reason.strip())
    event.status, event.cancelled_at, event.cancel_reason = Event.Status.CANCELLED, now, reason.strip()
    event.held_vcs = event.held_other = event.waiting = event.over_capacity = event.over_quota = 0
    event._history_user = by
    event.save()
    return event


@transaction.atomic
def announce_change(*, event: Event, changes: list[str], by: User, now: datetime) -> int:
    """Tell everyone confirmed what changed, with an updated calendar entry; return how many were told.

    `changes` says what is new, a sentence each. From then on cancelling is not late for them.
    """
    event = lock_event(event.pk)
    bookings = list(event.bookings.confirmed().for_page())
    for booking in bookings:
        booking.event = event
        booking.calendar_sequence += 1
        booking.change_announced_at = now
        booking._history_user = by
        booking.save()
        clash = Booking.objects.clashing_with(event, person=booking.person).select_related("event__course").first()
        emails.event_changed(booking, changes=changes, clash=clash.event.course.title if clash else "")
    return len(bookings)


def close_account(*, person: User, by: User | None, now: datetime) -> None:
    """Deactivate a person and free their places to come at once; what they attended stays.

    In two steps, each whole: once closed the account books nothing more, and what a kill between them leaves held is
    freed by the next run of `free_places_of_closed_accounts`.
    """
    with transaction.atomic():
        person.is_active = False
        save_fields(person, "is_active", by=by)
    free_places_of_closed_accounts(now=now, by=by)


def free_places_of_closed_accounts(*, now: datetime, by: User | None = None) -> int:
    """Cancel the bookings to come of people whose account is closed, telling nobody; return how many."""
    left = Booking.objects.live().filter(person__is_active=False, event__starts_at__gt=now)
    freed = 0
    for booking in list(left):
        try:
            cancel(booking=booking, by=by, now=now, reason="The account was closed.", tell=False)
            freed += 1
        except Refused:  # somebody else cancelled it meanwhile
            continue
    return freed


def wipe_needs(*, now: datetime) -> int:
    """Forget the access and dietary needs of events that ended 30 days ago; return of how many bookings."""
    over = Booking.objects.filter(event__ends_at__lt=now - NEEDS_KEPT).exclude(access_needs="", dietary_needs="")
    return over.update(access_needs="", dietary_needs="")
