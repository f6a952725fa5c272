"""How long the documents of an event take: the register of 30 people, a flyer, 300 certificates."""

import json

from tests.browser.site import Site

SCRIPT = """
import json, time
from datetime import timedelta
from statistics import median
from django.core.cache import cache
from django.utils import timezone
from bookings import actions, pdfs as registers
from courses import actions as courses, pdfs as flyers
from courses.models import Course, Trainer, Venue
from accounts.models import User
from learning import certificates, pdfs
now, people = timezone.now(), list(User.objects.filter(email__startswith="p").order_by("pk")[:300])

def event(size, days):
    start = now + timedelta(days=days)
    made = courses.create_event(
        course=Course.objects.exclude(satisfies=None).exclude(delivery="online").first(), by=None,
        sessions=[(start + timedelta(days=day), start + timedelta(days=day, hours=6)) for day in (0, 7)], capacity=400,
        venue=Venue.objects.first(), trainers=[Trainer.objects.first()], double_booking_reason="A measurement",
    )
    courses.publish(event=made, by=None, now=start - timedelta(days=60))
    for person in people[:size]:
        actions.book(event=made, person=person, by=person, now=start - timedelta(days=30), override_reason="Measured")
    return made

def timed(what, runs):
    times = []
    for _ in range(runs):
        cache.clear()
        begin = time.perf_counter()
        what()
        times.append(time.perf_counter() - begin)
    return [median(times), min(times), max(times)]

small, large = event(30, 40), event(300, -40)
sessions = list(large.sessions.all())
marks = {{(booking.pk, session.pk): "attended" for booking in large.bookings.all() for session in sessions}}
actions.mark_attendance(event=large, marks=marks, seen={{}}, by=None, now=now)
actions.close_register(event=large, by=None, now=now)

def all_certificates():
    ready = certificates.of_event(large, now=now)
    pdfs.certificates([certificates.certificate_of(standing.record) for standing in ready if not standing.refusal])

print(json.dumps({{
    "Register of 30 people": timed(lambda: registers.registers([small]), {runs}),
    "Flyer of an event": timed(lambda: flyers.flyer(small), {runs}),
    "300 certificates in one PDF": timed(all_certificates, 3),
}}))
"""


def measure(site: Site, *, runs: int) -> dict[str, list[float]]:
    """Return for each document its median, least and most seconds of so many runs."""
    return json.loads(site.manage("shell", "-v", "0", "-c", SCRIPT.format(runs=runs)).splitlines()[-1])
