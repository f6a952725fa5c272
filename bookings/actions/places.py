"""The places of one event: its lock, moves between statuses, release of kept places, the waiting list (§6.9)."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import Policy, User
from bookings import emails, rules
from bookings.models import Booking
from courses.models import Event


class Refused(Exception):
    """A rule says no; the exception's text is the sentence for the person."""


def lock_event(event_id: int) -> Event:
    """Return the event with its row locked until the transaction ends: whoever counts places waits here.

    On SQLite the transaction itself is the lock (IMMEDIATE). NO KEY, so that rows which refer to it can be written.
    """
    return Event.objects.select_for_update(no_key=True, of=("self",)).select_related("course", "venue").get(pk=event_id)


def lock_people(person_ids) -> dict[int, User]:
    """Return the people by id, locked in one order, so that nobody is booked on two clashing events at once."""
    people = User.objects.select_for_update(no_key=True, of=("self",)).select_related("organisation__sector", "group")
    people = people.filter(pk__in=person_ids).order_by("pk")
    return {person.pk: person for person in people}


def lock_people_and_serve(event: Event, person_ids, *, now: datetime) -> dict[int, User]:
    """Lock the people together with those who wait where a place may be theirs now; bring the event up to date.

    All in one order: two events that lock the same people one after the other could wait for each other for ever.
    Returns the people by id. In a rush nobody of a long list may be served, and nothing more is asked about it.
    """
    due, waiting = event.release_is_due(at=now), Booking.objects.none()
    if due:
        waiting = event.bookings.waiting()
    elif event.waiting:
        waiting = _who_may_be_served(event)
    theirs = set(waiting.values_list("person_id", flat=True))
    people = lock_people({*person_ids, *theirs})
    if due or theirs:
        bring_up_to_date(event, now=now)
    return people


def _who_may_be_served(event: Event):
    """Return of the waiting list those of a side that has places left: in a rush the rest is long, and never read."""
    places, waiting = event.places(), event.bookings.waiting()
    if places.left_for_others:
        return waiting
    return waiting.filter(is_vcs=True) if places.left else waiting.none()


def move(
    booking: Booking,
    status: str,
    *,
    event: Event,
    by: User | None,
    now: datetime,
    reason: str = "",
    beyond: bool = False,
) -> None:
    """Give the booking its new status and count the event's places with it. The event must be locked.

    `beyond` lets T&D pass the capacity or the quota; the event remembers by how much. Otherwise the database refuses.
    """
    before = booking.status if booking.pk else ""
    booking.status = status
    if status == Booking.Status.CONFIRMED:
        booking.confirmed_at = now
    elif not booking.is_live:
        booking.ended_at, booking.ended_by = now, by
        booking.end_reason = reason
    booking._history_user = by
    booking._change_reason = reason[:100] or None
    count_places(
        event,
        held=(booking.status in Booking.HOLDING) - (before in Booking.HOLDING),
        waiting=(booking.status == Booking.Status.WAITING) - (before == Booking.Status.WAITING),
        is_vcs=booking.is_vcs,
        beyond=beyond,
    )
    booking.save()


def count_places(event: Event, *, held: int, waiting: int, is_vcs: bool, beyond: bool = False) -> None:
    """Add to the event's counts. F() rather than the numbers read, so the database's own checks see the truth."""
    side = "held_vcs" if is_vcs else "held_other"
    setattr(event, side, getattr(event, side) + held)
    event.waiting += waiting
    over_capacity = max(0, event.held_vcs + event.held_other - event.capacity)
    over_quota = max(0, event.held_other + event.vcs_places - event.capacity)
    if not beyond:  # what was allowed before may shrink, never grow
        over_capacity = min(over_capacity, event.over_capacity)
        over_quota = min(over_quota, event.over_quota)
    event.over_capacity, event.over_quota = over_capacity, over_quota
    Event.objects.filter(pk=event.pk).update(
        **{side: F(side) + held}, waiting=F("waiting") + waiting, over_capacity=over_capacity, over_quota=over_quota
    )


def bring_up_to_date(event: Event, *, now: datetime) -> list[Booking]:
    """Release the kept places when their day has come, and serve the waiting list. The event must be locked."""
    if event.release_is_due(at=now):
        event.released_at = now
        Event.objects.filter(pk=event.pk).update(released_at=now)
    return serve_waiting_list(event, now=now)


def serve_waiting_list(event: Event, *, now: datetime) -> list[Booking]:
    """Give each free place to the first person in the list whom the rule lets in, and tell them; return them."""
    if not event.waiting or not event.places().left or not list_is_served(event, now=now):
        return []
    waiting = list(_who_may_be_served(event).for_page())
    if not waiting:
        return []
    people = lock_people([booking.person_id for booking in waiting])
    served = []
    for booking in waiting:
        places = event.places()
        if not places.left:
            break
        if not places.left_for(is_vcs=booking.is_vcs) or not _can_come(booking, people[booking.person_id], event):
            continue
        give_place(booking, event=event, by=None, now=now)
        served.append(booking)
    return served


def _can_come(booking: Booking, person: User, event: Event) -> bool:
    # Who was booked elsewhere at that time meanwhile keeps their position, for when they give that up.
    return person.is_active and not Booking.objects.clashing_with(event, person=person).exists()


def give_place(booking: Booking, *, event: Event, by: User | None, now: datetime, beyond: bool = False) -> None:
    """Move a waiting booking to a place and tell the person; asks for approval only where there was none yet."""
    booking.event = event
    booking.was_promoted = True
    if booking.needs_approval and not booking.approved_at:
        hold_for_approval(booking, event=event, by=by, now=now, beyond=beyond)
    else:
        move(booking, Booking.Status.CONFIRMED, event=event, by=by, now=now, beyond=beyond)
        emails.promoted(booking)


def hold_for_approval(booking: Booking, *, event: Event, by: User | None, now: datetime, beyond: bool = False) -> None:
    """Hold a place until a CPD lead approves it, and ask them."""
    policy = Policy.current()
    booking.approval_due_at = rules.approval_due_at(
        now=now, closes_at=event.closes_at, lapse_days=policy.approval_lapse_days
    )
    move(booking, Booking.Status.AWAITING_APPROVAL, event=event, by=by, now=now, beyond=beyond)
    emails.approval_requested(booking)


def list_is_served(event: Event, *, now: datetime) -> bool:
    """Return whether the waiting list of this event is still served at `now`."""
    return rules.may_promote(event, now=now, cut_off_hours=Policy.current().cut_off_hours)


@transaction.atomic
def release_places(*, event_id: int, now: datetime) -> list[Booking]:
    """Release one event's kept places if they are due, serve its list; return who got a place. Safe to repeat."""
    return bring_up_to_date(lock_event(event_id), now=now)


def release_due_places(*, now: datetime) -> int:
    """Release every event whose day has come, each in its own transaction; return how many."""
    due = list(Event.objects.release_due(at=now).values_list("pk", flat=True))
    for event_id in due:
        release_places(event_id=event_id, now=now)
    return len(due)
