"""People who come without a booking and are put on the register on the day."""

from datetime import datetime

from django.db import transaction

from accounts import staffing
from accounts.models import Organisation, User
from bookings import rules
from bookings.actions.booking import new_booking
from bookings.actions.places import Refused, lock_event, lock_people, move
from bookings.models import Attendance, Booking
from bookings.register import session_now
from courses.models import Event

REASON = "Came without a booking."


@transaction.atomic
def add_walk_in(*, event: Event, person: User, by: User, now: datetime) -> Booking:
    """Put somebody who came on the register, marked present at the session that is on; return the booking (§6.9).

    Whoever waits or awaits approval may come too: then that booking becomes the place. It may pass the capacity, as
    T&D's override does, and stands as a walk-in. Nobody is emailed: they are in the room. Raises Refused.
    """
    event = lock_event(event.pk)
    if sentence := rules.walk_in_refusal(event, now=now):
        raise Refused(sentence)
    person = lock_people([person.pk])[person.pk]
    booking = event.bookings.live().filter(person=person).first()
    if booking and booking.is_confirmed:
        raise Refused(f"{person} is already on the register.")
    booking = booking or new_booking(event, person, by=by, now=now)
    booking.event = event
    booking.is_walk_in, booking.override_reason = True, REASON
    move(booking, Booking.Status.CONFIRMED, event=event, by=by, now=now, reason=REASON, beyond=True)
    Attendance.objects.create(
        booking=booking,
        session=session_now(list(event.sessions.all()), now=now),
        mark=Attendance.Mark.ATTENDED,
        marked_by=by,
        marked_at=now,
    )
    return booking


@transaction.atomic
def add_unknown_walk_in(
    *, event: Event, full_name: str, job_role: str, organisation: Organisation, by: User, now: datetime
) -> Booking:
    """Register somebody who came and has no account, looked after by a CPD lead of theirs, and add them.

    Where the organisation has no CPD lead, `by` looks after them, until T&D finds somebody better. Raises Refused.
    """
    lead = organisation.cpd_leads.filter(is_active=True).order_by("pk").first()
    person = staffing.register_managed(
        organisation=organisation, by=by, coordinator=lead or by, now=now, full_name=full_name, job_role=job_role
    )
    return add_walk_in(event=event, person=person, by=by, now=now)
