"""Books hundreds of people in memory by the rules that `bookings.actions.book` asks, and writes what it would leave."""

import copy
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from accounts.models import Policy, User
from bookings import bookable, emails, rules
from bookings.actions.booking import new_booking
from bookings.models import Booking
from courses.models import Event
from monitoring.demo.written import Marks, Written
from notifications.actions import Draft, queue_many

AT_ONCE = 200  # messages written with two queries


class Desk:
    """Where people book one after the other. Nobody else may book meanwhile, and the events have no bookings yet.

    A test holds that it leaves the same rows as the action: bookings, counts, history and messages (§6.9).
    """

    def __init__(self, events: Iterable[Event], people: Iterable[User]):
        """Read what the rules ask of these events and people; the order of both is kept."""
        keys = [event.pk for event in events]
        found = Event.objects.select_related("course", "venue").prefetch_related("sessions")
        by_key = found.in_bulk(keys)
        self.events = [by_key[key] for key in keys]
        keys = [person.pk for person in people]
        by_key = User.objects.select_related("organisation__sector", "group", "coordinator").in_bulk(keys)
        self.people = [by_key[key] for key in keys]
        self._policy, self._written, self._drafts = Policy.current(), Written(), []
        self._live: dict[int, dict[int, Booking]] = defaultdict(dict)  # event: person: their booking
        self._of_events = bookable.event_side(self.events)
        self._of_people = bookable.people_side(self.people, self.events, self._of_events)  # kept up to date here

    def book(
        self, event: Event, person: User, *, now: datetime, access_needs: str = "", dietary_needs: str = ""
    ) -> Booking | None:
        """Do for somebody what `bookings.actions.book` does; return their booking, or None where it is refused."""
        if bookable.refusal(event, person, self._of_events, self._of_people, now=now):
            return None  # and nothing has moved: the action rolls back what it brought up to date
        self._bring_up_to_date(event, now=now)
        booking = new_booking(event, person, by=person, now=now)
        booking.access_needs, booking.dietary_needs = access_needs, dietary_needs
        self._written.bookings.append(booking)
        self._live[event.pk][person.pk] = booking
        if rules.gets_place(event.places(), is_vcs=booking.is_vcs, list_is_served=self._list_is_served(event, now)):
            self._give_place(booking, now=now, tell=partial(emails.confirmed, policy=self._policy))
            if not booking.is_confirmed:
                emails.held(booking, write=self._gather)
        else:
            self._note(booking, Booking.Status.WAITING)
            event.waiting += 1
            emails.waiting(booking, position=event.waiting, write=self._gather)
            if booking.needs_approval:
                emails.approval_requested(booking, write=self._gather)
        booking._history_user = person
        return booking

    def take_register(
        self, event: Event, marks: Iterable[tuple[Booking, Marks]], *, by: User, closed_at: datetime | None
    ) -> None:
        """Mark who came, at the end of the event, and close the register at `closed_at`, if at all."""
        if closed_at:
            event.status, event.register_closed_at, event.register_closed_by = "completed", closed_at, by
        for booking, theirs in marks:
            if self._written.mark(booking, theirs, by=by, at=event.ends_at, closed=bool(closed_at)):
                self._of_people.done[booking.person_id].add(event.course_id)

    def confirmed(self, event: Event) -> list[Booking]:
        """Return who has a place on the event, in the order of asking."""
        return [booking for booking in self._live[event.pk].values() if booking.is_confirmed]

    def write(self) -> None:
        """Write all bookings, registers, records, counts and messages."""
        self._written.write()
        for event in self.events:
            if event.register_closed_at:
                event._history_user = event.register_closed_by
                event.save()
            elif self._live[event.pk]:
                counts = ("held_vcs", "held_other", "waiting", "released_at")
                Event.objects.filter(pk=event.pk).update(**{name: getattr(event, name) for name in counts})
        for start in range(0, len(self._drafts), AT_ONCE):
            queue_many(self._drafts[start : start + AT_ONCE])
        self._drafts.clear()

    def _gather(self, **draft) -> None:
        self._drafts.append(Draft(**draft))

    def _list_is_served(self, event: Event, now: datetime) -> bool:
        return rules.may_promote(event, now=now, cut_off_hours=self._policy.cut_off_hours)

    def _give_place(self, booking: Booking, *, now: datetime, tell) -> None:
        """Give the booking a place, held where it needs approval, and tell: the person, or who approves it."""
        event = booking.event
        side = "held_vcs" if booking.is_vcs else "held_other"
        setattr(event, side, getattr(event, side) + 1)
        self._of_people.busy[booking.person_id] += [
            (starts_at, ends_at, event.pk, event.course.title) for starts_at, ends_at in self._of_events.times[event.pk]
        ]
        if booking.needs_approval:
            self._note(booking, Booking.Status.AWAITING_APPROVAL)
            booking.approval_due_at = rules.approval_due_at(
                now=now, closes_at=event.closes_at, lapse_days=self._policy.approval_lapse_days
            )
            emails.approval_requested(booking, write=self._gather)
        else:
            self._note(booking, Booking.Status.CONFIRMED)
            booking.confirmed_at = now
            tell(booking, write=self._gather)

    def _note(self, booking: Booking, status: Booking.Status) -> None:
        booking.status = self._of_people.booked[booking.person_id, booking.event_id] = status

    def _bring_up_to_date(self, event: Event, *, now: datetime) -> None:
        """Release the kept places when their day has come, and serve the waiting list (§6.9)."""
        if not event.release_is_due(at=now):
            return  # nobody gives a place back here, so the list moves then alone
        event.released_at = now
        for booking in [each for each in self._live[event.pk].values() if each.is_waiting]:
            free = event.places().left_for(is_vcs=booking.is_vcs)
            clash = bookable.clash(event, booking.person, self._of_events, self._of_people)
            if not free or not self._list_is_served(event, now) or clash:
                continue
            self._written.asked.append((booking, copy.copy(booking)))
            event.waiting -= 1
            booking.was_promoted, booking._history_user = True, None
            self._give_place(booking, now=now, tell=emails.promoted)
