"""Book, wait, cancel: what a person, their CPD lead or T&D does with one place."""

from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects

from accounts.models import Policy, User
from bookings import emails, rules
from bookings.actions.places import (
    Refused,
    bring_up_to_date,
    give_place,
    hold_for_approval,
    list_is_served,
    lock_event,
    lock_people_and_serve,
    move,
    serve_waiting_list,
)
from bookings.models import Booking
from courses.models import Event


@transaction.atomic
def book(
    *,
    event: Event,
    person: User,
    by: User,
    now: datetime,
    access_needs: str = "",
    dietary_needs: str = "",
    override_reason: str = "",
) -> Booking:
    """Give `person` a place on `event`, hold one for approval, or put them on the waiting list (§6.9).

    Raises Refused with the sentence to show. `override_reason` is T&D's: it passes every rule but "already booked"
    and the capacity too, and stands in the history. Returns the booking; its status says which it became.
    """
    policy = Policy.current()  # before the lock, which others wait for
    event = lock_event(event.pk)
    person = lock_people_and_serve(event, [person.pk], now=now)[person.pk]
    prefetch_related_objects([event], "sessions")  # the rules, the email and the calendar entry read them
    check(event, person, now=now, override=bool(override_reason))
    booking = new_booking(event, person, by=by, now=now)
    booking.access_needs, booking.dietary_needs = access_needs.strip(), dietary_needs.strip()
    booking.override_reason = override_reason
    return settle(booking, event=event, by=by, now=now, policy=policy)


def settle(booking: Booking, *, event: Event, by: User, now: datetime, policy: Policy | None = None) -> Booking:
    """Make a new booking what the places allow, and tell the person. The event must be locked and up to date."""
    override = booking.override_reason
    served = not event.waiting or list_is_served(event, now=now)  # of an empty list nobody asks
    gets_place = bool(override) or rules.gets_place(event.places(), is_vcs=booking.is_vcs, list_is_served=served)
    if not gets_place:
        move(booking, Booking.Status.WAITING, event=event, by=by, now=now)
        emails.waiting(booking, position=event.waiting)  # the last who came
        if booking.needs_approval:
            emails.approval_requested(booking)
    elif booking.needs_approval and not override:
        hold_for_approval(booking, event=event, by=by, now=now)
        emails.held(booking)
    else:
        move(booking, Booking.Status.CONFIRMED, event=event, by=by, now=now, reason=override, beyond=bool(override))
        emails.confirmed(booking, policy=policy)
    return booking


def check(event: Event, person: User, *, now: datetime, override: bool) -> None:
    """Raise Refused when the rules keep this person from booking this event."""
    facts = Booking.objects.facts(event=event, person=person)
    if override:
        sentence = rules.already_booked(facts.booked_as) if facts.booked_as else None
    else:
        sentence = rules.refusal(event, facts, now=now)
    if sentence:
        raise Refused(sentence)


def new_booking(event: Event, person: User, *, by: User, now: datetime) -> Booking:
    """Return a booking not saved yet, with who the person is and for whom they work at this moment."""
    organisation = person.organisation
    sector = organisation.sector if organisation else None
    return Booking(
        event=event,
        person=person,
        booked_by=by,
        requested_at=now,
        organisation=organisation,
        sector=sector,
        is_vcs=bool(sector and sector.counts_as_vcs),
        group=person.group,
        job_role=person.job_role,
        # A lead who books their own staff has approved it by that.
        needs_approval=bool(organisation and organisation.requires_approval)
        and not organisation.leadships.filter(person=by).exists(),
    )


@transaction.atomic
def change_needs(*, booking: Booking, by: User, now: datetime, access_needs: str, dietary_needs: str) -> Booking:
    """Write down anew what somebody needs on the day. No history keeps it. Raises Refused once it is too late."""
    booking = Booking.objects.select_for_update(no_key=True, of=("self",)).select_related("event").get(pk=booking.pk)
    if sentence := booking.needs_refusal(now=now):
        raise Refused(sentence)
    booking.access_needs, booking.dietary_needs = access_needs.strip(), dietary_needs.strip()
    booking._history_user, booking._change_reason = by, "Changed what they need"
    booking.save(update_fields=["access_needs", "dietary_needs"])
    return booking


@transaction.atomic
def cancel(*, booking: Booking, by: User | None, now: datetime, reason: str = "", tell: bool = True) -> Booking:
    """Cancel the booking, or leave the waiting list; its place goes to the next person at once.

    Within the policy's working days of the start it is recorded as late. Raises Refused when it can't be cancelled:
    then nothing is written and no email goes out.
    """
    event = lock_event(booking.event_id)
    booking = Booking.objects.for_page().get(pk=booking.pk)
    booking.event = event
    if sentence := booking.cancel_refusal(now=now):
        raise Refused(sentence)
    held = booking.holds_place
    booking.is_late = booking.would_be_late(now=now)
    booking.calendar_sequence += 1
    move(booking, Booking.Status.CANCELLED, event=event, by=by, now=now, reason=reason)
    if tell:
        emails.cancelled(booking, held=held)
    bring_up_to_date(event, now=now)
    return booking


@transaction.atomic
def promote_out_of_order(*, booking: Booking, by: User, now: datetime, reason: str) -> Booking:
    """Give somebody who waits a place now, past order, quota or capacity: T&D's decision, with its reason.

    Raises Refused when they wait no more, the event takes nobody any more, or the reason is empty.
    """
    event = lock_event(booking.event_id)
    booking = Booking.objects.for_page().get(pk=booking.pk)
    if not booking.is_waiting:
        raise Refused("This person does not wait for a place any more.")
    if event.starts_at <= now or not event.is_published:
        raise Refused(rules.event_refusal(event, now=now) or "This event takes nobody any more.")
    if not reason.strip():
        raise Refused("Give a reason: it stands in the history of the booking.")
    booking.override_reason = reason.strip()
    give_place(booking, event=event, by=by, now=now, beyond=True)
    serve_waiting_list(event, now=now)
    return booking
