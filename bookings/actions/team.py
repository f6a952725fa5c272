"""What a CPD lead does for their staff: book several in one go, hand a place to a colleague."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts import staffing
from accounts.models import Membership, Organisation, User
from bookings import emails, rules
from bookings.actions.booking import cancel, new_booking, settle
from bookings.actions.places import (
    Refused,
    hold_for_approval,
    list_is_served,
    lock_event,
    lock_people,
    lock_people_and_serve,
    move,
)
from bookings.models import Booking
from courses.models import Event

LEFT = "Does not work for this organisation any more."


class PlacesRanShort(Refused):
    """Fewer people would get a place than the lead was told; nothing was written."""


@dataclass(frozen=True)
class Outcome:
    """What becomes of one person of a booking of many: a place, the waiting list, or a refusal with its sentence."""

    person: User
    gets_place: bool = False
    refusal: str = ""
    booking: Booking | None = None

    @property
    def waits(self) -> bool:
        return not self.gets_place and not self.refusal


def preview_many(*, event: Event, people: Iterable[User], organisation: Organisation, now: datetime) -> list[Outcome]:
    """Return what `book_many` would do now, writing nothing: for the lead to choose from."""
    people = list(people)
    refusals = {person.pk: _refusal(event, person, organisation, now=now) for person in people}
    bookable = [person for person in people if not refusals[person.pk]]
    gets = rules.share_out(
        event.places(),
        [organisation.sector.counts_as_vcs] * len(bookable),
        list_is_served=list_is_served(event, now=now),
    )
    placed = dict(zip((person.pk for person in bookable), gets, strict=True))
    return [
        Outcome(person, gets_place=placed.get(person.pk, False), refusal=refusals[person.pk] or "") for person in people
    ]


@transaction.atomic
def book_many(
    *,
    event: Event,
    people: Iterable[User],
    organisation: Organisation,
    by: User,
    now: datetime,
    places_expected: int,
) -> list[Outcome]:
    """Book several people of one organisation, in the order given: all under the event's lock, or none at all.

    Who can't be booked is passed over, with the reason in their outcome. `places_expected` is how many places the
    lead was told they would get, the rest waiting: raises PlacesRanShort when there are fewer by now, and then
    nothing is written and nobody is told.
    """
    event = lock_event(event.pk)
    order = [person.pk for person in people]
    locked = lock_people_and_serve(event, order, now=now)
    outcomes = [_book_one(event, locked[pk], organisation, by=by, now=now) for pk in dict.fromkeys(order)]
    placed = sum(outcome.gets_place for outcome in outcomes)
    if placed < places_expected:
        raise PlacesRanShort(f"Places were taken in the meantime: {placed} are left now. Nobody was booked.")
    return outcomes


def _book_one(event: Event, person: User, organisation: Organisation, *, by: User, now: datetime) -> Outcome:
    if sentence := _refusal(event, person, organisation, now=now):
        return Outcome(person, refusal=sentence)
    booking = settle(new_booking(event, person, by=by, now=now), event=event, by=by, now=now)
    return Outcome(person, gets_place=booking.holds_place, booking=booking)


def _refusal(event: Event, person: User, organisation: Organisation, *, now: datetime) -> str | None:
    if person.organisation_id != organisation.pk:
        return LEFT
    return rules.event_refusal(event, now=now) or rules.staff_refusal(Booking.objects.facts(event=event, person=person))


@transaction.atomic
def swap(*, booking: Booking, colleague: User, by: User, now: datetime) -> Booking:
    """Give the place of `booking` to a colleague of the same organisation; return the colleague's booking.

    It is the same place: nobody on the waiting list is passed, and it is no cancellation, late or otherwise. Both are
    told. Raises Refused (§6.9; other organisation, already booked, a clash, started), and then nothing changes.
    """
    event = lock_event(booking.event_id)
    people = lock_people([booking.person_id, colleague.pk])
    booking = Booking.objects.for_page().get(pk=booking.pk)
    booking.event, colleague = event, people[colleague.pk]
    if sentence := swap_refusal(booking=booking, colleague=colleague, now=now):
        raise Refused(sentence)
    booking.calendar_sequence += 1
    reason = f"{colleague} took over the place."
    move(booking, Booking.Status.CANCELLED, event=event, by=by, now=now, reason=reason)
    taken_over = new_booking(event, colleague, by=by, now=now)
    # The place itself, so the side it counts for stays what it was.
    taken_over.sector, taken_over.is_vcs = booking.sector, booking.is_vcs
    if taken_over.needs_approval:
        hold_for_approval(taken_over, event=event, by=by, now=now, beyond=True)
        emails.held(taken_over)
    else:
        move(taken_over, Booking.Status.CONFIRMED, event=event, by=by, now=now, beyond=True)
        emails.confirmed(taken_over)
    emails.handed_over(booking, colleague=colleague)
    return taken_over


def swap_refusal(*, booking: Booking, colleague: User, now: datetime) -> str | None:
    """Return why this colleague can't take over the place of the booking at `now`, or None."""
    return rules.swap_refusal(
        booking.event,
        Booking.objects.facts(event=booking.event, person=colleague),
        holds_place=booking.holds_place,
        same_organisation=bool(booking.organisation_id) and colleague.organisation_id == booking.organisation_id,
        now=now,
    )


@transaction.atomic
def note_absence(*, booking: Booking, by: User, reason: str) -> Booking:
    """Write down why somebody did not come, as their CPD lead or T&D learned it."""
    booking = Booking.objects.select_for_update(no_key=True, of=("self",)).get(pk=booking.pk)
    booking.absence_reason = reason.strip()
    booking._history_user = by
    booking.save()
    return booking


@transaction.atomic
def note_leaver(*, membership: Membership, by: User, now: datetime, ended_on: date, cancel_bookings: bool) -> int:
    """Note that somebody left an organisation on a date; return how many bookings made for it were cancelled.

    `cancel_bookings` false: they come as booked. What they have been to, and their account, stay.
    """
    cancelled = 0
    if cancel_bookings:
        coming = Booking.objects.live().filter(
            person=membership.person, organisation=membership.organisation, event__starts_at__gt=now
        )
        for booking in coming.order_by("event"):
            cancel(booking=booking, by=by, now=now, reason=f"Left {membership.organisation}.")
            cancelled += 1
    staffing.end_membership(membership=membership, by=by, ended_on=ended_on)
    return cancelled
