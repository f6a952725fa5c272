"""A world in which every one of beat's jobs has something to do, after days in which none of them ran."""

from datetime import datetime, timedelta

from accounts.models import Organisation, Policy, User
from bookings import actions
from bookings.models import Booking, TrainingRecord
from courses.models import Event, Interest
from evaluations.loading import load_questionnaires
from evaluations.models import Questionnaire
from notifications.models import Message, PreparedFile
from tests.factories import CourseFactory, OrganisationFactory, UserFactory, make_event, make_lead

DAY = timedelta(days=1)


def make_world(now: datetime, *, weekday: int) -> None:
    """Make it as it stands at `now`; the weekly email was due at midnight of the `weekday`."""
    if not Questionnaire.objects.exists():
        load_questionnaires()
    Policy.objects.update_or_create(
        pk=1, defaults={"alert_weekday": weekday, "alert_hour": 0, "certificate_needs_evaluation": False}
    )
    school = OrganisationFactory(name="Every Job School")
    lead = make_lead(school, email="lead@jobs.example", wants_alert=False, password=None)
    _before_events(school, now)
    _after_events(school, now)
    _approvals(lead, now)
    _news(school, now)
    waiting = {"kind": "test", "subject": "Hello", "text": "Hello", "html": "Hello", "next_attempt_at": now - DAY}
    Message.objects.create(key="jobs/waits", to="waits@jobs.example", **waiting)
    Message.objects.create(
        key="jobs/held", to="held@jobs.example", status="sending", claimed_at=now - DAY, attempts=1, **waiting
    )
    gone = UserFactory(organisation=school, email="gone@jobs.example", wants_alert=False, password=None)
    refused = {"status": "failed", "last_error": "SMTPRecipientsRefused: 550 5.1.1 no such user"}
    Message.objects.create(key="jobs/gone", to=gone.email, recipient=gone, **{**waiting, **refused})
    PreparedFile.objects.create(
        title="Old", task="none", requested_by=lead, requested_at=now - 9 * DAY, heard_at=now - 9 * DAY,
        status="failed", finished_at=now - 9 * DAY,
    )  # fmt: skip


def _person(school: Organisation, name: str) -> User:
    return UserFactory(organisation=school, email=f"{name}@jobs.example", wants_alert=False, password=None)


def _book(event: Event, person: User, at: datetime, **fields) -> Booking:
    return actions.book(event=event, person=person, by=person, now=at, **fields)


def _before_events(school: Organisation, now: datetime) -> None:
    """An event tomorrow: instructions, reminder, questions, warning of few are due; one whose places are released."""
    tomorrow = make_event(
        now=now - 40 * DAY, starts_at=now + timedelta(hours=20), capacity=9, joining_instructions="Bring photo ID.",
    )  # fmt: skip
    _book(tomorrow, _person(school, "tomorrow"), now - 30 * DAY)
    release = make_event(now=now - 40 * DAY, starts_at=now + 5 * DAY, capacity=5)
    for number in range(5):  # the fifth waits for the place kept for the voluntary sector
        _book(release, _person(school, f"release{number}"), now - 30 * DAY)
    Event.objects.filter(pk=tomorrow.pk).update(minimum=5)


def _after_events(school: Organisation, now: datetime) -> None:
    """An event of 12 weeks ago, one of yesterday with somebody absent, and needs to forget."""
    for name, days, mark in (("impact", 85, "attended"), ("needs", 40, "attended"), ("absent", 1, "absent")):
        event = make_event(now=now - (days + 40) * DAY, starts_at=now - days * DAY, capacity=9,
                           course=CourseFactory(refresher_months=3))  # fmt: skip
        booking = _book(event, _person(school, name), now - (days + 30) * DAY, access_needs="Hearing loop")
        cell = (booking.pk, event.sessions.get().pk)
        actions.mark_attendance(event=event, marks={cell: mark}, seen={cell: ""}, by=None, now=now)
        actions.close_register(event=event, by=None, now=now)
    TrainingRecord.objects.filter(booking__person__email="impact@jobs.example").update(
        completed_on=(now - 80 * DAY).date()
    )


def _approvals(lead: User, now: datetime) -> None:
    """One that has lapsed and one to remind of."""
    strict = OrganisationFactory(name="Strict School", requires_approval=True)
    make_lead(strict, email="strict@jobs.example", wants_alert=False, password=None)
    for name, days in (("lapses", 20), ("reminds", 4)):
        event = make_event(now=now - 40 * DAY, starts_at=now + 25 * DAY, capacity=9)
        _book(event, _person(strict, name), now - days * DAY)


def _news(school: Organisation, now: datetime) -> None:
    """A new event for somebody who wants the weekly email, of a course that somebody asked for."""
    UserFactory(organisation=school, email="weekly@jobs.example", date_joined=now - 60 * DAY, password=None)
    course = CourseFactory()
    Interest.objects.create(course=course, person=_person(school, "asked"), registered_at=now - 20 * DAY)
    event = make_event(now=now - 9 * DAY, starts_at=now + 60 * DAY, course=course)
    Event.objects.filter(pk=event.pk).update(first_published_at=now - 5 * DAY)
