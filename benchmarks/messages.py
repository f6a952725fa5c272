"""`make bench-messages`: 20,000 weekly emails and 5,000 impact invitations: how fast, in what memory, and once each.

Each is produced first by one process that does nothing else, for a tenth of the people and for all of them. Then by
real workers that are killed with -9 twice on the way, with beat firing twice.
"""

import json
import tempfile
import time
from pathlib import Path

from tests.browser.site import Site, running_site
from tests.workers import Workers

PEOPLE, INVITED = 20_000, 5_000
ALERT, CHAIN = "learning.tasks.send_alerts", "evaluations.tasks.run_chain"
SENT = {ALERT: "learning/weekly", CHAIN: "evaluations/impact"}

WORLD = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import CPDLead, Organisation, Policy, Sector, User
from bookings.models import Booking, TrainingRecord
from competence.models import CompetenceGroup
from courses import actions as courses
from courses.models import Course, Event, Trainer, Venue
from evaluations.models import Evaluation
from notifications.models import Message
now = timezone.now()
Message.objects.all().delete()
Evaluation.objects.all().delete()
policy, _ = Policy.objects.get_or_create(pk=1)
policy.alert_weekday, policy.alert_hour = min(timezone.localdate().weekday(), 4), 0
policy.save()
sector, groups = Sector.objects.first(), list(CompetenceGroup.objects.all())
venue = Venue.objects.create(name="Large hall", address="High Street", postcode="SW18 2PU", capacity=1000)
trainer = Trainer.objects.create(name="Kofi Mensah", train_the_trainer_on=now.date())
catalogue = list(Course.objects.exclude(delivery="online"))

def make_event(number, start):
    event = courses.create_event(course=catalogue[number % len(catalogue)], by=None, venue=venue, trainers=[trainer],
        sessions=[(start, start + timedelta(hours=3))], capacity=1000, double_booking_reason="A measurement")
    return courses.publish(event=event, by=None, now=start - timedelta(days=30))

def make_people(number):
    User.objects.update(wants_alert=False)
    first = User.objects.count()
    schools = Organisation.objects.bulk_create(
        Organisation(name=f"School {first + each}", sector=sector, confirmed_at=now) for each in range(number // 50))
    made = User.objects.bulk_create((
        User(email=f"m{first + each}@riverside.example", full_name=f"Pat {each}", job_role="Teacher",
            organisation=schools[each % len(schools)], group=groups[each % len(groups)],
            date_joined=now - timedelta(days=90))
        for each in range(number)), batch_size=500)
    CPDLead.objects.bulk_create(
        CPDLead(organisation=school, person=made[index]) for index, school in enumerate(schools))
    return made

def forget():
    Message.objects.all().delete()
    Evaluation.objects.all().delete()
    TrainingRecord.objects.all().delete()
    Event.objects.filter(ends_at__lt=now).update(status="draft")

def alert(number):
    make_people(number)
    for each in range(6):
        event = make_event(each, now + timedelta(days=40 + each))
        Event.objects.filter(pk=event.pk).update(first_published_at=now - timedelta(days=3))

def chain(number):
    people, start = make_people(number), now - timedelta(weeks=12, days=1)  # due whatever the hour is
    User.objects.update(wants_alert=False)
    for first in range(0, number, 100):
        event = make_event(first, start)
        some = people[first : first + 100]
        made = Booking.objects.bulk_create(
            Booking(event=event, person=each, status="confirmed", requested_at=start, confirmed_at=start,
                organisation_id=each.organisation_id, sector=sector, group_id=each.group_id)
            for each in some)
        TrainingRecord.objects.bulk_create(
            TrainingRecord(person=each.person, course=event.course, booking=each, source="event",
                completed_on=start.date())
            for each in made)
        Event.objects.filter(pk=event.pk).update(status="completed", register_closed_at=start, held_other=len(some))
"""
PRODUCE = """
import json, resource, time
from importlib import import_module
module, _, name = "{task}".rpartition(".")
task = getattr(import_module(module), name)
from django.db import connection
from notifications.models import Message
Message.objects.count()
before, start, busy = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic(), time.process_time()
task()
took, busy = time.monotonic() - start, time.process_time() - busy
print(json.dumps({{
    "messages": Message.objects.filter(kind="{kind}").count(), "all": Message.objects.count(), "seconds": took,
    "busy": busy,
    "grown": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
}}))
"""


def measure(site: Site) -> None:
    """Print how fast the messages are produced, in how much memory, and that each is there once though workers die."""
    workers = Workers(site)
    workers.shell.run(WORLD)
    for task, what, number in ((ALERT, "alert", PEOPLE), (CHAIN, "chain", INVITED)):
        found = {}
        for people in (number // 10, number):
            workers.shell.run(f"forget()\n{what}({people})")
            found[people] = _produce(site, task)
            assert found[people]["messages"] == people, found
        tenth, all_of_it = found.values()
        name = "Weekly email" if what == "alert" else "Impact invitations"
        print(
            f"  {name}, {number} people: {all_of_it['all'] / all_of_it['seconds']:.0f} messages a second "
            f"({all_of_it['all'] / all_of_it['busy']:.0f} a second of its own processor time); memory grew "
            f"by {all_of_it['grown']:.0f} MB, for {number // 10} people by {tenth['grown']:.0f} MB",
            flush=True,
        )
        workers.shell.run(f"forget()\n{what}({number})")
        seconds, at = _with_kills(workers, task, number)
        print(f"  … by workers killed with -9 at {at[0]} and {at[1]}, beat firing twice: once each, {seconds:.0f} s")
    print(f"  … emails delivered to files by one worker: {_delivered(workers):.0f} a second\n")
    workers.kill_all()
    workers.shell.close()


def _produce(site: Site, task: str) -> dict:
    """Run beat's job in a process of its own while no worker takes the messages away; return what it took."""
    return json.loads(
        site.manage("shell", "-v", "0", "-c", PRODUCE.format(task=task, kind=SENT[task])).splitlines()[-1]
    )


def _with_kills(workers: Workers, task: str, number: int) -> tuple[float, list[int]]:
    """Let two workers produce them, each killed on the way; return the seconds, and how many there were then."""
    written, at = f"Message.objects.filter(kind={SENT[task]!r})", []
    workers.shell.run("from celery import current_app\ncurrent_app.control.purge()")
    start = time.monotonic()
    for share in (0.2, 0.5):
        workers.start("one"), workers.start("two")
        workers.hand_out(task, task)
        workers.wait(f"{written}.count() >= {int(number * share)}", "a share to be written", seconds=600)
        workers.kill("one"), workers.kill("two")
        at.append(workers.shell.value(f"{written}.count()"))
    workers.start("one"), workers.start("two")
    workers.hand_out(task, task)
    workers.wait(f"{written}.count() >= {number}", "all to be written", seconds=600)
    seconds = time.monotonic() - start
    workers.hand_out(task, task)
    time.sleep(5)
    people = workers.shell.value(f"{written}.values('to').distinct().count()")
    assert workers.shell.value(f"{written}.count()") == number == people
    workers.kill_all()
    return seconds, at


def _delivered(workers: Workers) -> float:
    """Let one worker send 2,000 of them by the sweep; return how many a second."""
    workers.shell.run("Message.objects.filter(status='sending').update(status='waiting')")
    left = workers.shell.value("Message.objects.filter(status='waiting').count()")
    workers.start("one")
    workers.hand_out("notifications.tasks.tick")
    start = time.monotonic()
    for _ in range(4):
        workers.hand_out("notifications.tasks.deliver_due")
    wanted = max(0, left - 2000)
    workers.wait(f"Message.objects.filter(status='waiting').count() <= {wanted}", "them to be sent", seconds=600)
    return (left - wanted) / (time.monotonic() - start)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder), web=False) as site:
        print("PostgreSQL" if site.environment.get("DATABASE_URL") else "SQLite", flush=True)
        measure(site)


if __name__ == "__main__":
    main()
