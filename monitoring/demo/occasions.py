"""Events of the demo that can't be booked just so: each shows one of the reasons that people meet (§6.9)."""

from datetime import datetime, time, timedelta

from accounts.models import User
from bookings import actions as bookings
from courses import actions as courses
from courses.models import Course, Event, Trainer, Venue
from monitoring.demo.events import BRING, at_hour, working_day
from monitoring.demo.people import DEMO_PEOPLE

OPENED = timedelta(days=20)  # since when they are published


def make_occasions(*, now: datetime) -> list[Event]:
    """Make an event not open yet, one that closed, one with a course to do first, one with kept places only."""
    basic = Course.objects.get(title="Designated Safeguarding Lead: basic")
    advanced = Course.objects.get(title="Designated Safeguarding Lead: advanced")
    advanced.prerequisites.add(basic)
    prevent = Course.objects.get(title__startswith="Workshop to Raise Awareness of Prevent")
    supervision = Course.objects.get(title="Supervision Skills")
    kept = _make(supervision, now=now, days=58, capacity=10)
    _leave_the_kept_places(kept, now=now)
    return [
        _make(advanced, now=now, days=70, capacity=16),
        _make(prevent, now=now, days=84, capacity=30, booking_opens_at=_morning(now, days=14)),
        _make(prevent, now=now, days=6, capacity=20, booking_closes_at=_morning(now, days=-1)),
        kept,
    ]


def _morning(now: datetime, *, days: int) -> datetime:
    return at_hour((now + timedelta(days=days)).date(), time(9))


def _make(course: Course, *, now: datetime, days: int, capacity: int, **fields) -> Event:
    day = working_day((now + timedelta(days=days)).date())
    event = courses.create_event(
        course=course, by=None, sessions=[(at_hour(day, time(13, 30)), at_hour(day, time(16, 30)))], capacity=capacity,
        venue=Venue.objects.get(name__startswith="Professional Centre"), joining_instructions=BRING,
        trainers=[Trainer.objects.get(name="Kezia Mensah")], double_booking_reason="Two rooms.", **fields,
    )  # fmt: skip
    return courses.publish(event=event, by=None, now=now - OPENED)


def _leave_the_kept_places(event: Event, *, now: datetime) -> None:
    """Book people outside the voluntary sector until only its places are left."""
    others = User.objects.filter(
        is_active=True, group__isnull=False, organisation__sector__counts_as_vcs=False
    ).exclude(email__in=[row[0] for row in DEMO_PEOPLE])
    for person in others.order_by("pk"):
        event.refresh_from_db()
        if not event.places().left_for_others:
            return
        try:
            bookings.book(event=event, person=person, by=person, now=now - OPENED + timedelta(days=1))
        except bookings.Refused:
            continue
