"""`make chaos`: everything that can be killed is killed while 20 people book and cancel; then it is counted again.

On a PostgreSQL, a Redis and a mail server of the run's own, with web, two workers and beat. Bounded: about two minutes
a run. Ends with 1 when an invariant is broken, a confirmed booking is gone, or a message is lost or doubled unmarked.
"""

import os
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.clients import Client
from benchmarks.servers import MailServer, PostgreSQL
from tests.browser.site import Site, running_site, wait_for
from tests.workers import Workers

CLIENTS, PEOPLE, SECONDS = 20, 80, 40
WORLD = """
import json
from datetime import timedelta
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Q
from django.utils import timezone
from accounts.models import Organisation, Sector, User
from bookings import invariants
from bookings.models import Booking
from competence.models import CompetenceGroup
from courses import actions
from courses.models import Course, Event, Trainer, Venue
from notifications.models import Message
now = timezone.now()
group = CompetenceGroup.objects.get(number=3)
places = [Organisation.objects.create(name=name, sector=sector, confirmed_at=now) for name, sector in (
    ("Riverside School", Sector.objects.filter(counts_as_vcs=False).first()),
    ("Harbour Project", Sector.objects.filter(counts_as_vcs=True).first()))]
venue = Venue.objects.create(name="Town Hall", address="High Street", postcode="SW18 2PU", capacity=100)
trainer = Trainer.objects.create(name="Ama Mensah", train_the_trainer_on=now.date())
courses, references = list(Course.objects.exclude(delivery="online").filter(prerequisites=None)), []
for number in range(5):
    start = now + timedelta(days=20 + number)
    event = actions.create_event(course=courses[number], by=None, venue=venue, trainers=[trainer], capacity=20,
        sessions=[(start, start + timedelta(hours=3))])
    references.append(actions.publish(event=event, by=None, now=now).reference)
sessions = []
for number in range({people}):
    person = User.objects.create_user(f"p{{number}}@riverside.example", full_name=f"Pat {{number}}", job_role="Teacher",
        organisation=places[number % 4 == 0], group=group)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    sessions.append(session.session_key)
"""
# What an hour would bring: claims of killed workers are put back, and pauses are over.
AN_HOUR_LATER = """
from django.db.models import F
Message.objects.filter(status="sending").update(claimed_at=F("claimed_at") - timedelta(hours=1))
Message.objects.filter(status="waiting").update(next_attempt_at=timezone.now())
Message.objects.filter(status="failed").update(status="waiting", attempts=0, next_attempt_at=timezone.now())
"""
AFTER = """
broken = {invariant.name: found for invariant, found in invariants.broken(now=timezone.now()).items() if found}
status = {str(code): status for code, status in Booking.objects.values_list("code", "status")}
sent = {str(pk): repeated for pk, repeated in Message.objects.filter(status="sent").values_list("pk", "maybe_repeated")}
unsent = Message.objects.exclude(status="sent").count()
"""
SWEEP = "notifications.tasks.deliver_due"


def main() -> None:
    runs = int(sys.argv[1]) if sys.argv[1:] else 1
    wrong = [_run(number + 1, runs) for number in range(runs)]
    if any(wrong):
        sys.exit(1)


def _run(number: int, of: int) -> list[str]:
    print(f"Chaos run {number} of {of}: {CLIENTS} clients for {SECONDS} seconds", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        postgresql, mail = PostgreSQL(Path(folder)), MailServer(Path(folder))
        postgresql.start()
        mail.start()
        ours = {"DATABASE_URL": postgresql.url, "BROKER_URL": "redis://127.0.0.1/0"}
        before = {name: os.environ.get(name) for name in ours}
        os.environ.update(ours)
        try:
            (Path(folder) / "site").mkdir()
            with running_site(Path(folder) / "site") as site:
                site.environment["EMAIL_URL"] = mail.url
                return _report(*_storm(site, postgresql, mail))
        finally:
            os.environ.update({name: value for name, value in before.items() if value})
            for name in [name for name, value in before.items() if value is None]:
                del os.environ[name]
            mail.kill()
            postgresql.stop("immediate")


def _storm(site: Site, postgresql: PostgreSQL, mail: MailServer):
    workers = Workers(site)
    workers.shell.run(WORLD.format(people=PEOPLE))
    sessions, events = workers.shell.value("[sessions, references]")
    site.start_all()
    workers.start("worker-2")
    address, until = site.url.removeprefix("http://"), time.monotonic() + SECONDS
    down: dict[str, bool] = {}
    clients = [Client(address, sessions[each::CLIENTS], events, until, each, down) for each in range(CLIENTS)]
    for client in clients:
        client.start()
    done = _break_things(site, workers, postgresql, mail, until, down)
    for client in clients:
        client.join(timeout=120)
    assert not any(client.is_alive() for client in clients)
    workers.shell.close()
    workers.shell = type(workers.shell)(site.environment)  # its connection may be of before a restart
    workers.shell.run(IMPORTS)
    _calm(workers)
    workers.shell.run(AFTER)
    after = {name: workers.shell.value(name) for name in ("broken", "status", "sent", "unsent")}
    workers.shell.close()
    return done, clients, after, mail.ids()


IMPORTS = WORLD.partition("now = ")[0].replace("{{", "{").replace("}}", "}")


def _break_things(
    site: Site, workers: Workers, postgresql: PostgreSQL, mail: MailServer, until: float, down: dict[str, bool]
) -> Counter:
    """Kill one thing after another while the clients go on; bring each back a moment later."""
    done: Counter = Counter()

    def kill_worker(name):
        workers.kill(name)
        workers.start(name)
        done["workers killed -9"] += 1

    def stop_redis():
        down["Redis"] = True
        site.redis.kill()
        time.sleep(1.5)
        site.redis.start()
        del down["Redis"]
        done["Redis killed -9"] += 1

    def restart_postgresql(how):
        down["PostgreSQL"] = True
        postgresql.stop(how)
        time.sleep(0.5)
        postgresql.start()
        del down["PostgreSQL"]
        done[f"PostgreSQL restarted ({how})"] += 1

    def fill_queue():
        mail.full.touch()
        time.sleep(4)
        mail.full.unlink()
        done["mail server's queue filled"] += 1

    def kill_mail():
        mail.kill()
        time.sleep(1)
        mail.start()
        done["mail server killed -9"] += 1

    def kill_web_process():
        children = Path(f"/proc/{site.processes['web'].pid}/task/{site.processes['web'].pid}/children").read_text()
        down["a web process"] = True  # until gunicorn has put another in its place
        os.kill(int(children.split()[0]), signal.SIGKILL)
        time.sleep(1)
        del down["a web process"]
        done["web processes killed -9"] += 1

    steps = (
        lambda: kill_worker("worker"), fill_queue, stop_redis, lambda: kill_worker("worker-2"),
        lambda: restart_postgresql("fast"), kill_web_process, kill_mail, lambda: kill_worker("worker"),
        lambda: restart_postgresql("immediate"),
    )  # fmt: skip
    while time.monotonic() < until:
        for step in steps:
            time.sleep(1)
            if time.monotonic() > until:
                break
            step()
    return done


def _calm(workers: Workers) -> None:
    """Let what is left be sent: the time until the next attempt is helped along, the sending is the workers'."""
    left = "Message.objects.exclude(status='sent').count()"
    for name in ("worker", "worker-2"):
        workers.kill(name)
        workers.start(name)
    workers.shell.run(AN_HOUR_LATER)

    def all_sent():
        workers.hand_out(SWEEP)
        time.sleep(1)
        return workers.shell.value(left) == 0

    wait_for(all_sent, "every message to be sent", seconds=180)


def _report(done: Counter, clients: list[Client], after: dict, taken: list[str]) -> list[str]:
    """Print the counts and return what is wrong."""
    answers: Counter = sum((client.answers for client in clients), Counter())
    status, sent, times = after["status"], after["sent"], Counter(taken)
    booked = set().union(*(client.booked for client in clients))
    cancelled = set().union(*(client.cancelled for client in clients))
    live = ("confirmed", "awaiting", "waiting")
    wrong = [f"{name}: {sentence}" for name, sentences in after["broken"].items() for sentence in sentences]
    wrong += [f"Confirmed to somebody and lost: booking {code}" for code in booked if status.get(code) not in live]
    wrong += [f"Cancelled for somebody and not: booking {code}" for code in cancelled if status.get(code) in live]
    wrong += [f"Sent, and the mail server never had it: {pk}" for pk in sent if pk not in times]
    wrong += [f"Doubled and not marked so: {pk}" for pk, number in times.items() if number > 1 and not sent.get(pk)]
    if after["unsent"]:
        wrong.append(f"{after['unsent']} messages were not sent")
    counts = {
        **done, **answers, "bookings in the database": len(status),
        "… live": sum(each in live for each in status.values()),
        "confirmed to clients, and there": len(booked), "messages sent": len(sent),
        "… perhaps repeated, and marked": sum(sent.values()), "… that came twice": sum(n > 1 for n in times.values()),
    }  # fmt: skip
    for name, number in counts.items():
        print(f"  {number:6}  {name}")
    for sentence in wrong[:40]:
        print(f"  WRONG: {sentence}")
    print("  Nothing is wrong.\n" if not wrong else f"  {len(wrong)} things are wrong.\n", flush=True)
    return wrong


if __name__ == "__main__":
    main()
