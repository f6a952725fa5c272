"""What is measured on: the events and people of a busy day, and years of past ones beneath them."""

import json

from tests.browser.site import Site

SCHOOL = """
import json
from datetime import timedelta
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone
from accounts.models import Organisation, Sector, User
from bookings.models import Booking
from competence.models import CompetenceGroup
from courses import actions
from courses.models import Course, Event, Session, Trainer, Venue
now = timezone.now()

def signed_in(person):
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key
"""

BUSY_DAY = """
sector, group = Sector.objects.exclude(counts_as_vcs=True).first(), CompetenceGroup.objects.get(number=3)
school = Organisation.objects.create(name="Riverside School", sector=sector, confirmed_at=now)
venue = Venue.objects.create(name="Town Hall", address="High Street", postcode="SW18 2PU", capacity=1000)
trainer = Trainer.objects.create(name="Ama Mensah", train_the_trainer_on=now.date())
courses = list(Course.objects.exclude(delivery="online"))
references = []
for number in range(40):
    start = now + timedelta(days=20 + number)
    last = number == 39
    event = actions.create_event(course=courses[number % len(courses)], by=None, venue=venue, trainers=[trainer],
        sessions=[(start, start + timedelta(hours=3))], capacity=23 if last else 30000)
    references.append(actions.publish(event=event, by=None, now=now).reference)
people = [User.objects.create_user(f"p{{number}}@riverside.example", full_name=f"Pat {{number}}", job_role="Teacher",
    organisation=school, group=group) for number in range({people})]
print(json.dumps({{"reference": references[-2], "last_20_places": references[-1], "courses": courses[0].slug,
    "sessions": [signed_in(person) for person in people]}}))
"""

PAST = """
EACH = 25  # people an event, and events a person

def copy(model, like, count, changes):
    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields if field.column != "id"]
    values = ", ".join(changes.get(column, f'"like"."{{column}}"') for column in columns)
    names = ", ".join(f'"{{column}}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO {{table}} ({{names}}) SELECT {{values}} FROM {{table}} AS "like", '
            f'generate_series({first}, {first} + {{count}} - 1) AS n WHERE "like".id = %s', [like.pk])

many = {events} - ({first} - 1)
start = now - timedelta(days=30)
venue, trainer = Venue.objects.get(name="Town Hall"), Trainer.objects.get(name="Ama Mensah")
event = actions.create_event(course=Course.objects.exclude(delivery="online").first(), by=None, venue=venue,
    trainers=[trainer], sessions=[(start, start + timedelta(hours=3))], capacity=40, double_booking_reason="Measured")
event = actions.publish(event=event, by=None, now=start - timedelta(days=30))
Event.objects.filter(pk=event.pk).update(held_other=EACH, register_closed_at=start + timedelta(days=1))
copy(Event, event, many, {{"reference": "'G' || n", "starts_at": "starts_at - n * interval '3 hours'",
    "ends_at": "ends_at - n * interval '3 hours'"}})
person = User.objects.get(email="p0@riverside.example")
copy(User, person, many, {{"email": "'g' || n || '@riverside.example'", "full_name": "'Gale ' || n"}})
booking = Booking.objects.create(event=event, person=person, status="confirmed", requested_at=start, confirmed_at=start,
    organisation=person.organisation, sector=person.organisation.sector, group=person.group)
made = Event.objects.filter(reference__startswith="G").order_by("pk").values_list("pk", flat=True)
staff = User.objects.filter(email__startswith="g").order_by("pk").values_list("pk", flat=True)
firsts = made[{first} - 1], staff[{first} - 1]
copy(Booking, booking, many * EACH, {{
    "code": "gen_random_uuid()",
    "event_id": f"{{firsts[0]}} + (n - {first}) / {{EACH}}",
    "person_id": f"{{firsts[1]}} + (n - {first}) %% {{many}}",
}})
with connection.cursor() as cursor:
    cursor.execute("INSERT INTO courses_session (event_id, starts_at, ends_at) SELECT e.id, e.starts_at, e.ends_at "
        "FROM courses_event e WHERE e.reference LIKE 'G%%' "
        "AND NOT EXISTS (SELECT 1 FROM courses_session s WHERE s.event_id = e.id)")
    cursor.execute("ANALYZE")
learner = User.objects.get(email="g1@riverside.example")
print(json.dumps({{"session": signed_in(learner), "events": Event.objects.count(),
    "bookings": Booking.objects.count(), "own": learner.bookings.count()}}))
"""


def busy_day(site: Site, *, people: int) -> dict:
    """Make 40 events to come, the last with 20 places for everyone, and people signed in; return what to ask for."""
    return _run(site, SCHOOL + BUSY_DAY.format(people=people))


def add_past(site: Site, *, first: int, events: int) -> dict:
    """Add past events up to so many, 25 bookings on each and as many people (PostgreSQL); return a learner's session.

    `first` is the number of the first to add: 1 at first, then one more than `events` before.
    """
    return _run(site, SCHOOL + PAST.format(first=first, events=events))


def _run(site: Site, script: str) -> dict:
    return json.loads(site.manage("shell", "-v", "0", "-c", script).splitlines()[-1])
