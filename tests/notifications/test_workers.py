"""Real processes: workers that race, a worker that is killed, a broker that is down."""

import os
import signal

import pytest
from django.utils import timezone

from notifications.models import Message
from tests import races
from tests.browser.site import running_site, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]

QUEUE = """
from django.utils import timezone
from notifications.models import Message
from notifications.actions import _send_after_commit
for number in range({number}):
    message = Message.objects.create(key=str(number), kind="test", to=f"p{{number}}@riverside.example", subject="Hello",
        text="Hello", html="<p>Hello</p>", next_attempt_at=timezone.now())
    _send_after_commit(message)
"""
STATE = (
    "from notifications.models import Message; print(*Message.objects.values_list('status', 'maybe_repeated'), sep='|')"
)
FORGET = """
from datetime import timedelta
from django.utils import timezone
from notifications.models import Message
Message.objects.filter(status="sending").update(claimed_at=timezone.now() - timedelta(hours=1))
from notifications.tasks import deliver_due
deliver_due()
"""


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_message_once():
    ids = [
        Message.objects.create(
            key=str(number), kind="test", to="p@riverside.example", subject="Hello", text="Hello", html="Hello",
            next_attempt_at=timezone.now(),
        ).pk
        for number in range(20)
    ]  # fmt: skip
    assert sum(races.run_at_once(races.deliver_each, [ids, ids, ids])) == 20


def test_a_worker_is_killed_amid_400_emails_and_each_arrives(tmp_path):
    """Messages 38: repeats only for the one in flight, and marked so."""
    number = 400
    with running_site(tmp_path) as site:
        site.manage("shell", "-v", "0", "-c", QUEUE.format(number=number))
        start_worker(site)
        wait_for(lambda: len(mails(site)) > 5, "some emails to go out")
        os.killpg(site.processes["worker"].pid, signal.SIGKILL)
        site.processes["worker"].wait()
        sent_before = len(mails(site))
        assert sent_before < number
        start_worker(site)
        site.manage("shell", "-v", "0", "-c", FORGET)  # what the sweep does an hour later
        wait_for(lambda: "waiting" not in site.manage("shell", "-v", "0", "-c", STATE), "the rest", seconds=120)
        state = site.manage("shell", "-v", "0", "-c", STATE).strip().split("|")
        assert len(state) == number and all("'sent'" in row for row in state)
        repeated = sum("True" in row for row in state)
        assert repeated <= 1
        assert number <= len(mails(site)) <= number + repeated


def mails(site) -> list[str]:
    """Return the recipient of each email that has gone out."""
    return [
        line
        for file in (site.folder / "mail").iterdir()
        for line in file.read_text(errors="replace").splitlines()
        if line.startswith("To: ")
    ]


def start_worker(site) -> None:
    site.start("worker", "celery", "-A", "wscb_training", "worker", "--concurrency", "1", "--loglevel", "WARNING")


def test_with_the_broker_down_a_booking_stands_and_the_page_answers(tmp_path):
    """Messages 39."""
    with running_site(tmp_path) as site:
        site.environment["BROKER_URL"] = "redis://127.0.0.1:1/0"  # nobody listens there
        printed = site.manage("shell", "-v", "0", "-c", BOOK)
        status, seconds = printed.split()[-2:]
        assert status == "confirmed" and float(seconds) < 3
        assert "waiting" in site.manage("shell", "-v", "0", "-c", STATE)
        site.manage("shell", "-v", "0", "-c", "from notifications.tasks import deliver_due; deliver_due()")
        assert "'sent'" in site.manage("shell", "-v", "0", "-c", STATE)


BOOK = """
import time
from datetime import timedelta
from django.utils import timezone
from accounts.models import Organisation, Sector, User
from bookings import actions
from competence.models import CompetenceGroup
from courses import actions as courses
from courses.models import Course, Trainer, Venue
now = timezone.now()
school = Organisation.objects.create(name="Riverside", sector=Sector.objects.first(), confirmed_at=now)
person = User.objects.create_user("pat@riverside.example", full_name="Pat", job_role="Teacher", organisation=school,
    group=CompetenceGroup.objects.first())
venue = Venue.objects.create(name="Hall", address="High Street", postcode="SW18 2PU", capacity=30)
event = courses.create_event(course=Course.objects.exclude(delivery="online").first(), by=None, venue=venue,
    trainers=[Trainer.objects.create(name="Ama", train_the_trainer_on=now.date())], capacity=10,
    sessions=[(now + timedelta(days=9), now + timedelta(days=9, hours=3))])
courses.publish(event=event, by=None, now=now)
start = time.monotonic()
booking = actions.book(event=event, person=person, by=person, now=now)
print(booking.status, time.monotonic() - start)
"""
