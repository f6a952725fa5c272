"""The demo books in memory: what it leaves is what the site's own actions leave, row by row (§6.9)."""

import re
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.db import transaction
from django.utils import timezone

from bookings import actions, invariants
from bookings.models import Attendance, Booking, TrainingRecord
from courses.models import Event
from monitoring.demo.desk import Desk
from notifications.models import Message
from tests.factories import CourseFactory, OrganisationFactory, SectorFactory, UserFactory, make_event, make_lead

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NEW = {"id", "code", "check_code", "recorded_at", "created_at", "history_id", "history_date", "booking_id"}


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def world(now):
    """Events that fill, clash, close, release their kept places or are for some only; and people of all sides."""
    academy = OrganisationFactory(name="Asks for approval", requires_approval=True)
    lead = make_lead(academy)
    people = [lead, *UserFactory.create_batch(6, organisation=academy), *UserFactory.create_batch(6, vcs=True)]
    people += [*UserFactory.create_batch(14), UserFactory(newcomer=True), UserFactory(is_active=False)]
    people.append(UserFactory(email=None, coordinator=lead, organisation=academy))
    first, second = CourseFactory(title="Basic"), CourseFactory(title="Advanced")
    second.prerequisites.add(first)
    TrainingRecord.objects.bulk_create(
        TrainingRecord(person=person, course=first, completed_on=now.date(), title="Basic") for person in people[::2]
    )
    start = now + timedelta(days=10)
    then = now - timedelta(days=30)
    education = SectorFactory()
    events = [
        make_event(course=first, starts_at=start, capacity=10, now=now),
        make_event(course=second, starts_at=start + HOUR, capacity=12, now=now, vcs_share="0.3"),
        make_event(starts_at=start + 9 * HOUR, capacity=8, now=now, audience="sectors", sectors=[education]),
        make_event(starts_at=now + timedelta(days=9), capacity=6, now=now, booking_closes_at=now + timedelta(days=5)),
        make_event(starts_at=now + timedelta(days=8), capacity=9, now=now, releases_places=False),
        make_event(starts_at=now + timedelta(days=8, hours=1), capacity=9, now=now - timedelta(days=20)),
        make_event(starts_at=now - timedelta(days=2), capacity=14, now=then),
        make_event(starts_at=now + timedelta(days=5), capacity=9, published=False),
    ]
    return events, people


def _plan(events, people, now):
    """Return who asks for which event, and when: hour by hour over twelve days, so that every moment comes by."""
    random = Random(7)
    asked = [(random.choice(events), random.choice(people)) for _ in range(420)]
    for number, (event, person) in enumerate(asked):
        if event.starts_at < now:
            yield event, person, now - timedelta(days=12) + number * timedelta(minutes=25)
        else:
            yield event, person, now + number * timedelta(minutes=38)


def _by_actions(events, people, now):
    for event, person, at in _plan(events, people, now):
        try:
            actions.book(event=event, person=person, by=person, now=at, dietary_needs="Halal")
        except actions.Refused:
            continue
    for event in events:
        if event.ends_at < now:
            marks = {
                (booking.pk, session.pk): _mark(number)
                for number, booking in enumerate(event.bookings.confirmed().order_by("pk"))
                for session in event.sessions.all()
            }
            actions.mark_attendance(event=event, marks=marks, seen={}, by=people[0], now=event.ends_at)
            actions.close_register(event=event, by=people[0], now=event.ends_at + HOUR)


def _by_desk(events, people, now):
    desk = Desk(events, people)
    here, who = {event.pk: event for event in desk.events}, {person.pk: person for person in desk.people}
    for event, person, at in _plan(events, people, now):
        desk.book(here[event.pk], who[person.pk], now=at, dietary_needs="Halal")
    for event in desk.events:
        if event.ends_at < now:
            marks = [
                (booking, [(session, _mark(number)) for session in event.sessions.all()])
                for number, booking in enumerate(desk.confirmed(event))
            ]
            desk.take_register(event, marks, by=people[0], closed_at=event.ends_at + HOUR)
    desk.write()


def _mark(number):
    return list(Attendance.Mark.values)[number % 4]


def _left(way, *world):
    """Return all rows that a way of booking leaves, as sorted lines, and undo it."""
    with transaction.atomic():
        way(*world)
        who = {str(booking.code): f"{booking.event_id} {booking.person_id}" for booking in Booking.objects.all()}
        keys = dict(Booking.objects.values_list("pk", "code"))
        found = {}
        for model in (Booking, Event, Attendance, TrainingRecord):
            for rows in (model.objects.all(), model.history.all()):
                found[rows.model.__name__] = sorted(_row(each, keys, who) for each in rows.values())
        found["Message"] = sorted(_told(each, who) for each in Message.objects.all())
        broken = [*invariants.places.passed_over(world[-1]), *invariants.places.miscounted(world[-1])]
        transaction.set_rollback(True)
    return found, broken


def _told(message, who):
    text, key = re.sub(r"https?://\S+", "…", message.text), re.sub(r"[\da-f-]{36}", lambda at: who[at[0]], message.key)
    return (message.to, str(message.recipient_id), message.subject, text, message.calendar_method, key)


def _row(values, keys, who):
    if values.get("booking_id"):
        values["of"] = who[str(keys[values["booking_id"]])]
    return str(sorted((name, str(value)) for name, value in values.items() if name not in NEW))


def test_the_desk_leaves_what_the_actions_leave(world, now):
    events, people = world
    expected, _ = _left(_by_actions, events, people, now)
    left, broken = _left(_by_desk, events, people, now)
    for name, rows in expected.items():
        more, fewer = Counter(left[name]) - Counter(rows), Counter(rows) - Counter(left[name])
        assert ([*more][:1], [*fewer][:1]) == ([], []), name
    assert not broken
    kinds = {key.rsplit("/", 2)[0] for *_, key in left["Message"]}
    said = {f"bookings/{word}" for word in ("confirmed", "held", "waiting", "promoted", "approval_requested")}
    assert kinds == said  # else the plan has grown too tame to show a difference
