"""Places, quota and waiting list, counted again from the bookings (§6.9)."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet

from accounts.models import Policy
from bookings.actions.places import list_is_served
from bookings.models import Booking
from courses.models import Event
from courses.rules import effective_share, vcs_quota
from wscb_training.wording import count

HOLDING = Q(bookings__status__in=Booking.HOLDING)


def counted(events: QuerySet) -> QuerySet:
    """Annotate `real_vcs`, `real_other` and `real_waiting`: what the bookings say, whatever the event's row says."""
    return events.annotate(
        real_vcs=Count("bookings", filter=HOLDING & Q(bookings__is_vcs=True)),
        real_other=Count("bookings", filter=HOLDING & Q(bookings__is_vcs=False)),
        real_waiting=Count("bookings", filter=Q(bookings__status=Booking.Status.WAITING)),
    ).order_by("pk")


def oversold(now: datetime) -> Iterator[str]:
    """Yield the events on which more people hold a place than there are, T&D's noted overrides apart."""
    for event in counted(Event.objects.all()).filter(capacity__lt=F("real_vcs") + F("real_other") - F("over_capacity")):
        held = event.real_vcs + event.real_other
        beyond = f" and T&D allowed {event.over_capacity} more" if event.over_capacity else ""
        yield f"Event {event.reference}: {count(held, 'person holds', 'people hold')} one of {event.capacity}{beyond}."


def miscounted(now: datetime) -> Iterator[str]:
    """Yield the events whose counts are not those of their bookings, or that still allow what was given back."""
    right = Q(held_vcs=F("real_vcs"), held_other=F("real_other"), waiting=F("real_waiting"))
    for event in counted(Event.objects.all()).exclude(right):
        yield (
            f"Event {event.reference}: its row counts {event.held_vcs} voluntary sector, {event.held_other} other and "
            f"{event.waiting} waiting; its bookings are {event.real_vcs}, {event.real_other} and {event.real_waiting}."
        )
    more = Event.objects.filter(over_capacity__gt=0, capacity__gt=F("held_vcs") + F("held_other") - F("over_capacity"))
    for event in more.order_by("pk"):
        yield f"Event {event.reference}: allows {event.over_capacity} beyond its capacity, which nobody uses any more."


def wrong_quota(now: datetime) -> Iterator[str]:
    """Yield the events that keep too few or too many places for the voluntary sector, or gave kept ones away (§6.9)."""
    shares = {*Policy.history.values_list("vcs_share", flat=True), Policy.current().vcs_share}
    shares.add(Policy._meta.get_field("vcs_share").get_default())
    for event in Event.objects.order_by("pk").only("reference", "capacity", "vcs_share", "vcs_places"):
        right = _quotas(event, shares)
        if event.vcs_places not in right:
            right_one = " or ".join(str(number) for number in sorted(right))
            yield f"Event {event.reference}: keeps {event.vcs_places} of {event.capacity} places, not {right_one}."
    others = F("real_other") + F("vcs_places") - F("over_quota")
    given = counted(Event.objects.filter(released_at__isnull=True)).filter(capacity__lt=others)
    for event in given:
        yield (
            f"Event {event.reference}: {event.real_other} others hold a place, and {event.vcs_places} of "
            f"{event.capacity} are kept for the voluntary sector."
        )


def _quotas(event: Event, shares: set[Decimal]) -> set[int]:
    """Return what the event may keep by the policies there have been: a new policy leaves earlier events alone."""
    return {
        vcs_quota(
            capacity=event.capacity,
            share=effective_share(event_share=event.vcs_share, policy_share=Decimal(share)),
        )
        for share in shares
    }


def booked_twice(now: datetime) -> Iterator[str]:
    """Yield the events on which somebody has more than one live booking; people stand by their number, not by name."""
    live = Booking.objects.live().order_by("event", "person").values("event__reference", "person")
    for row in live.annotate(number=Count("pk")).filter(number__gt=1):
        yield f"Event {row['event__reference']}: person {row['person']} has {row['number']} live bookings."


def left_on_cancelled(now: datetime) -> Iterator[str]:
    """Yield the bookings that still hold a place or wait, on an event that was cancelled."""
    left = Booking.objects.live().filter(event__status=Event.Status.CANCELLED).select_related("event").order_by("pk")
    for booking in left:
        yield f"Event {booking.event.reference}: was cancelled, but booking {booking.pk} is {booking.status}."


def passed_over(now: datetime) -> Iterator[str]:
    """Yield who waits while a place is free for them, and who waits while somebody who asked later has a place.

    Left out are those whom the list passes rightly: they have, or had, another event at that time.
    """
    waited_for = Event.objects.filter(
        status=Event.Status.PUBLISHED, starts_at__gt=now, bookings__status=Booking.Status.WAITING
    )
    for event in waited_for.distinct().select_related("course").prefetch_related("sessions").order_by("pk"):
        waiting = [booking for booking in event.bookings.waiting().select_related("person") if _could_come(booking)]
        if list_is_served(event, now=now) and not event.release_is_due(at=now):
            for booking in waiting:
                if event.places().left_for(is_vcs=booking.is_vcs):
                    yield f"Event {event.reference}: booking {booking.pk} waits, and a place is free for them."
                    break
        yield from _overtaken(event, waiting)


def _could_come(booking: Booking) -> bool:
    """Whether nothing but the places ever kept the person from this event: no other event at that time."""
    if not booking.person.is_active:
        return False
    elsewhere = Booking.objects.filter(person=booking.person_id).exclude(event=booking.event_id)
    at_once = Q(pk__in=[])
    for session in booking.event.sessions.all():
        at_once |= Q(event__sessions__starts_at__lt=session.ends_at, event__sessions__ends_at__gt=session.starts_at)
    return not elsewhere.filter(at_once).exists()


def _overtaken(event: Event, waiting: list[Booking]) -> Iterator[str]:
    if not waiting:
        return
    holding = event.bookings.holding().filter(pk__gt=waiting[0].pk, override_reason="", is_walk_in=False)
    ended = event.bookings.exclude(status__in=Booking.LIVE).values_list("ended_at", "ended_by", "organisation")
    taken_over = set(ended)  # a colleague takes a place over in the moment in which the other's booking ends
    holding = [
        booking
        for booking in holding.order_by("pk")
        if (booking.requested_at, booking.booked_by_id, booking.organisation_id) not in taken_over
    ]
    for booking in waiting:
        for later in holding:
            if later.pk > booking.pk and _wants_the_same(later, booking, event):
                yield (
                    f"Event {event.reference}: booking {booking.pk} waits, and booking {later.pk}, made later, "
                    "has a place."
                )
                break


def _wants_the_same(later: Booking, waits: Booking, event: Event) -> bool:
    """Whether the place that `later` got could have been that of who `waits`: kept ones are for their side only."""
    if waits.is_vcs or not later.is_vcs:
        return True
    return bool(event.released_at and later.confirmed_at and later.confirmed_at >= event.released_at)
