"""Beat's jobs on real workers that are killed with -9 on the way: what they send goes out once (Messages 41 to 45)."""

import re

import pytest

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]

SWEEP, ALERT, CHAIN = "notifications.tasks.deliver_due", "learning.tasks.send_alerts", "evaluations.tasks.run_chain"
BEFORE_EVENTS, INTERESTED = "bookings.tasks.tell_before_events", "bookings.tasks.tell_interested"
IMPORTS = """
from datetime import timedelta
from django.db.models import Q
from django.utils import timezone
from accounts.models import CPDLead, Policy, User
from bookings import actions
from bookings.models import Booking, TrainingRecord
from courses.models import Event
from evaluations.models import Evaluation
from notifications.models import Message
from tests.factories import CourseFactory, OrganisationFactory, UserFactory, make_event, make_lead
now = timezone.now()
"""
# The alert's moment has come this morning: at midnight of the last weekday.
TODAY = """
policy, _ = Policy.objects.get_or_create(pk=1)
policy.alert_weekday, policy.alert_hour = min(timezone.localdate().weekday(), 4), 0
policy.save()
"""
# Everything of the tests before is forgotten: who is told of what is this test's own.
NOBODY = """
long_before = now - timedelta(days=90)
User.objects.update(wants_alert=False)
TrainingRecord.objects.all().delete()
Event.objects.update(
    status="draft", first_published_at=long_before, booking_opens_at=None, register_closed_at=None,
)
Booking.objects.update(requested_at=long_before)
Booking.objects.exclude(ended_at=None).update(ended_at=long_before)
"""
MANY = """
from accounts.models import Membership
school, pattern = OrganisationFactory(), UserFactory(date_joined=now - timedelta(days=30), email="first@alert.example",
    password=None)
User.objects.bulk_create(
    User(email=f"{{number}}@alert.example", full_name=f"Pat {{number}}", job_role="Teacher", organisation=school,
        group=pattern.group, date_joined=now - timedelta(days=30))
    for number in range({number} - 1)
)
event = make_event(days=40, capacity=500)
Event.objects.filter(pk=event.pk).update(first_published_at=timezone.now() - timedelta(days=4))
"""
WEEKLY = "Message.objects.filter(kind='learning/weekly')"
LATER = """
from django.db.models import F
Message.objects.filter(status="sending").update(claimed_at=F("claimed_at") - timedelta(minutes=6))
Message.objects.filter(status="waiting").update(next_attempt_at=timezone.now())
"""


@pytest.fixture
def world(workers):
    """The workers, with the imports made and everybody of the tests before forgotten."""
    workers.shell.run(IMPORTS + NOBODY)
    return workers


def send_all(workers, expression: str) -> list[str]:
    """Kill all workers, let a fresh one send what is left, as minutes later; return the recipients of all emails."""
    workers.kill_all()
    workers.shell.run(LATER)
    workers.start("last")
    for _ in range(5):  # a sweep sends 500
        workers.hand_out(SWEEP)
    workers.wait(f"{expression}.exclude(status='sent').count() == 0", "everything to be sent", seconds=120)
    return [to for to, _ in workers.mails()]


def test_the_weekly_email_with_workers_killed_twice_and_beat_firing_twice(world):
    """Messages 41: 600 people, two workers at once, each killed on the way; one email a person all the same."""
    world.shell.run(TODAY + MANY.format(number=600))
    for name in ("one", "two"):
        world.start(name)
        world.hand_out(ALERT, ALERT)
        world.wait(f"{WEEKLY}.count() >= {200 if name == 'one' else 400}", "some to be written")
        world.kill(name)
    world.start("three")
    world.start("four")
    world.hand_out(ALERT, ALERT)
    world.wait(f"{WEEKLY}.count() == 600", "everybody's to be written")
    sent = send_all(world, WEEKLY)
    repeated = world.shell.value(f"list({WEEKLY}.filter(maybe_repeated=True).values_list('to', flat=True))")
    assert set(sent) == {"first@alert.example", *(f"{number}@alert.example" for number in range(599))}
    assert {to for to in sent if sent.count(to) > 1} <= set(repeated) and len(repeated) <= 2
    world.hand_out(ALERT)
    world.wait("not Message.objects.exclude(status='sent').exists()", "nothing to be left")
    assert world.shell.value(f"{WEEKLY}.count()") == 600


STAFF = """
school = OrganisationFactory()
lead = make_lead(school, email="lead@staff.example", password=None)
long_ago = now - timedelta(weeks=12, days=2)
event = make_event(now=long_ago - timedelta(days=30), starts_at=long_ago, capacity=60)
staff = UserFactory.create_batch(30, organisation=school, password=None)
made = [actions.book(event=event, person=each, by=each, now=long_ago - timedelta(days=20)) for each in staff]
session = event.sessions.get()
marks = {(booking.pk, session.pk): "attended" for booking in made}
actions.mark_attendance(event=event, marks=marks, seen={}, by=None, now=now)
actions.close_register(event=event, by=None, now=now)
Message.objects.all().delete()
"""
TO_LEAD = "Message.objects.filter(to='lead@staff.example')"


def test_a_manager_of_thirty_gets_one_email_though_workers_are_killed(world):
    """Messages 42."""
    world.shell.run(STAFF)
    world.start("one")
    world.hand_out(CHAIN)
    world.wait("Evaluation.objects.filter(booking__event=event).count() >= 30", "some forms to be made")
    world.kill("one")
    world.start("two")
    world.start("three")
    world.hand_out(CHAIN, CHAIN)
    world.wait("Evaluation.objects.filter(booking__event=event, issued_at=None).count() == 0", "all to be asked")
    world.kill("two")
    world.hand_out(CHAIN)
    sent = send_all(world, "Message.objects")
    assert sent.count("lead@staff.example") == 1 == world.shell.value(f"{TO_LEAD}.count()")
    assert world.shell.value("Message.objects.filter(kind='evaluations/impact').count()") == 30
    assert world.shell.value(f"{TO_LEAD}.get().subject") == "30 short forms about the training of your staff"


LINK = """
event = make_event(now=now - timedelta(days=30), starts_at=now + timedelta(hours=20), capacity=9)
person = UserFactory(email="pat@link.example", password=None)
booking = actions.book(event=event, person=person, by=person, now=now - timedelta(days=20))
Message.objects.all().delete()
"""
OPEN = """
from django.conf import settings
from django.test import Client
static = "django.contrib.staticfiles.storage.StaticFilesStorage"  # as they lie: none are collected here
settings.STORAGES = {{**settings.STORAGES, "staticfiles": {{"BACKEND": static}}}}
browser = Client(HTTP_HOST="127.0.0.1")
opened = [browser.get({link!r}).status_code for _ in range(3)]
form = booking.evaluations.get()
"""
ANSWER = """
from evaluations.forms import form_for
data = {{name: "4" for name, question, _ in form_for(form).parts if question.type in ("scale", "outcomes")}}
answered = browser.post({link!r}, data).status_code
form.refresh_from_db()
"""


def test_a_link_survives_the_worker_that_sent_it_and_a_scanner_that_opens_it(world):
    """Messages 43: the worker is killed with the email in hand; it goes again with the same link and the same id."""
    world.shell.run(LINK)
    world.start()
    world.hand_out(CHAIN)
    world.wait("Message.objects.filter(status='sent', kind='evaluations/pre').count() == 1", "the email")
    world.kill()
    # As if it had been killed between the mail server's yes and its own note of it.
    world.shell.run("Message.objects.update(status='sending', sent_at=None, claimed_at=now)" + LATER)
    world.start()
    world.hand_out(SWEEP)
    world.wait("Message.objects.filter(status='sent', maybe_repeated=True).exists()", "the email again")
    first, second = [mail for _, mail in world.mails()]
    links = [re.search(r"http://127\.0\.0\.1:\d+(/feedback/link/\S+)", mail)[1] for mail in (first, second)]
    ids = {re.search(r"Message-ID: (\S+)", mail)[1] for mail in (first, second)}
    assert links[0] == links[1] and len(ids) == 1 and "X-Maybe-Repeated: yes" in first + second
    world.shell.run(OPEN.format(link=links[0]))
    assert world.shell.value("[opened, form.draft, form.submitted_at is None]") == [[200, 200, 200], {}, True]
    world.shell.run(ANSWER.format(link=links[0]))
    assert world.shell.value("[answered, form.submitted_at is not None]") == [200, True]
    world.shell.run(ANSWER.format(link=links[0]))
    assert world.shell.value("len(set(form.answers.values_list('question', 'outcome')))") == world.shell.value(
        "form.answers.count()"
    )


SOON = """
event = make_event(now=now - timedelta(days=40), starts_at=now + timedelta(days=1, hours=20), capacity=9,
    joining_instructions="Bring photo ID.")
early, late, gone = (UserFactory(email=f"{name}@soon.example", password=None) for name in ("early", "late", "gone"))
for person, days in ((early, 30), (gone, 30)):
    actions.book(event=event, person=person, by=person, now=now - timedelta(days=days))
actions.book(event=event, person=late, by=late, now=now - timedelta(hours=1))
actions.cancel(booking=Booking.objects.get(person=gone), by=gone, now=now - timedelta(hours=2))
Message.objects.all().delete()
"""


def test_reminders_go_once_to_whom_they_are_due_though_the_worker_is_killed(world):
    """Messages 44: who booked within two days was told then; who cancelled is told nothing."""
    world.shell.run(SOON)
    world.start()
    world.hand_out(BEFORE_EVENTS)
    world.wait("Message.objects.filter(kind='bookings/reminder').exists()", "the reminder to be written")
    world.kill()
    world.start("one")
    world.start("two")
    world.hand_out(BEFORE_EVENTS, BEFORE_EVENTS)
    sent = send_all(world, "Message.objects")
    assert sorted(sent) == ["early@soon.example"] * 2  # the joining instructions and the reminder
    kinds = world.shell.value("sorted(Message.objects.values_list('kind', 'to'))")
    assert kinds == [["bookings/joining", "early@soon.example"], ["bookings/reminder", "early@soon.example"]]


CLONE = """
from courses import actions as courses
from courses.models import Interest
person = UserFactory(email="waits@clone.example", password=None, date_joined=now - timedelta(days=30))
course = CourseFactory()
past = make_event(now=now - timedelta(days=90), starts_at=now - timedelta(days=60), course=course)
Interest.objects.create(person=person, course=course, registered_at=now - timedelta(days=5))
"""
EVERYTHING = "from django.conf import settings\njobs = [job['task'] for job in settings.CELERY_BEAT_SCHEDULE.values()]"


def test_a_cloned_event_sends_nothing_until_it_is_published(world):
    """Messages 45: all of beat's jobs run on it, a worker is killed meanwhile; its publication tells who asked."""
    world.shell.run(TODAY + CLONE + EVERYTHING)
    world.shell.run("clone = " + CLONED)
    jobs = world.shell.value("jobs")
    world.start()
    world.hand_out(*jobs)
    world.kill()
    world.start()
    world.hand_out(*jobs, "notifications.tasks.tick")
    world.shell.run("from notifications.models import Tick\nTick.objects.all().delete()")
    world.hand_out("notifications.tasks.tick")
    world.wait("Tick.objects.exists()", "the jobs to have run")
    assert world.shell.value(f"list({ABOUT_IT}.values_list('kind', 'to'))") == []
    world.shell.run("courses.publish(event=clone, by=None, now=timezone.now())")
    world.hand_out(INTERESTED, INTERESTED)
    world.wait(f"{ABOUT_IT}.filter(status='sent').count() == 1", "the email to who asked")
    assert [to for to, _ in world.mails()].count("waits@clone.example") == 1


CLONED = "courses.clone_event(event=past, first_day=(now + timedelta(days=30)).date(), by=None)"
ABOUT_IT = "Message.objects.filter(Q(to=person.email) | Q(text__contains=clone.reference))"


EVERY_JOB = """
from tests.beat_world import make_world
make_world(timezone.now(), weekday=min(timezone.localdate().weekday(), 4))
there = list(Message.objects.exclude(kind="test").values_list("pk", flat=True))
ours = Message.objects.exclude(pk__in=there)
"""


def test_every_job_of_beat_on_two_workers_at_once_three_times(world):
    """After days of not running, with one worker killed on the way: each email once, and no invariant is broken."""
    world.shell.run(EVERY_JOB + EVERYTHING)
    jobs = world.shell.value("jobs")
    world.start("one")
    world.start("two")
    world.hand_out(*jobs, *jobs)
    world.wait("ours.all().count() > 7", "some to be written")
    world.kill("one")
    world.start("three")
    world.hand_out(*jobs)
    world.wait("Message.objects.filter(kind='learning/weekly', to='weekly@jobs.example').exists()", "the weekly email")
    sent = send_all(world, "Message.objects.exclude(status='failed')")
    assert sent.count("weekly@jobs.example") == 1 and sent.count("impact@jobs.example") >= 1
    world.shell.run("from collections import Counter\nfrom bookings import invariants")
    written = world.shell.value("sorted(Counter(ours.all().values_list('kind', 'to')).items())")
    assert {number for _, number in written} == {1}, written
    assert (
        world.shell.value("[line for found in invariants.broken(now=timezone.now()).values() for line in found]") == []
    )
