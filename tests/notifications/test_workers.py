"""Real processes: workers that race, a worker that is killed, a broker and a mail server that are down."""

import subprocess
import sys

import pytest
from django.utils import timezone

from notifications.models import Message
from tests import races
from tests.browser.site import free_port, listens, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]

QUEUE = """
from django.utils import timezone
from notifications.actions import PARCEL, _send_after_commit
from notifications.models import Message
messages = Message.objects.bulk_create(
    Message(key=f"queued/{{number}}", kind="test", to=f"p{{number}}@riverside.example", subject="Hello", text="Hello",
        html="<p>Hello</p>", next_attempt_at=timezone.now())
    for number in range({number})
)
for start in range(0, {number}, PARCEL):
    _send_after_commit([str(message.pk) for message in messages[start : start + PARCEL]])
"""
SENT = "Message.objects.filter(status='sent').count()"
# What five minutes later the sweep finds: the time is helped along, the sweep is a worker's.
LATER = """
from datetime import timedelta
from django.db.models import F
Message.objects.filter(status="sending").update(claimed_at=F("claimed_at") - timedelta(minutes=6))
Message.objects.filter(status="waiting").update(next_attempt_at=timezone.now())
"""
SWEEP = "notifications.tasks.deliver_due"


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


def test_a_worker_is_killed_amid_1000_emails_and_each_arrives(workers):
    """Messages 38: repeats only for the one in flight, and marked so."""
    number = 1000
    workers.shell.run(QUEUE.format(number=number))
    workers.start()
    workers.wait(f"{SENT} > 30", "some emails to go out")
    workers.kill()
    assert workers.shell.value(SENT) < number
    workers.start()
    workers.shell.run(LATER)
    while (before := workers.shell.value(SENT)) < number:
        workers.hand_out(SWEEP)
        workers.wait(f"{SENT} > {before}", "the sweep to send more")
    repeated = workers.shell.value("list(Message.objects.filter(maybe_repeated=True).values_list('to', flat=True))")
    assert len(repeated) <= 1
    sent = [to for to, _ in workers.mails()]
    assert set(sent) == {f"p{number}@riverside.example" for number in range(number)}
    twice = {to for to in sent if sent.count(to) > 1}
    assert twice <= set(repeated)
    for person in twice:  # killed between the sending and noting it: the first copy could not know
        copies = [mail for to, mail in workers.mails() if to == person]
        assert sum("X-Maybe-Repeated" in mail for mail in copies) == len(copies) - 1


BOOK = """
import time
from tests.factories import UserFactory, make_event
from bookings import actions
now = timezone.now()
event, person = make_event(capacity=9), UserFactory(email="booker@riverside.example", password=None)
start = time.monotonic()
booking = actions.book(event=event, person=person, by=person, now=now)
took = time.monotonic() - start
"""


def test_with_the_broker_gone_a_booking_stands_and_the_email_goes_when_it_is_back(workers):
    """Messages 39: the worker is killed and the broker with it; booking takes no longer, and the sweep sends."""
    workers.start()
    take_broker_away, bring_it_back = broker(workers)
    workers.kill()
    take_broker_away()
    workers.shell.run("from django.utils import timezone" + BOOK)
    assert workers.shell.value("[booking.status, took < 3]") == ["confirmed", True]
    assert workers.shell.value("list(Message.objects.values_list('status', flat=True))") == ["waiting"]
    bring_it_back()
    workers.start()
    workers.hand_out(SWEEP)
    workers.wait(f"{SENT} == 1", "the email of the booking")
    assert [to for to, _ in workers.mails()] == ["booker@riverside.example"]


def broker(workers):
    """Return two functions: one that takes the broker away (kill -9 of Redis; the folder), one that brings it back."""
    folder = workers.site.folder / "broker"
    redis = getattr(workers.site, "redis", None)
    if redis is None:
        return lambda: folder.rename(folder.with_name("away")), lambda: folder.with_name("away").rename(folder)
    return redis.kill, redis.start


SMTP = """
import asyncio, sys
answers = {b"EHLO": b"250 mail.example", b"DATA": b"354 go on", b"QUIT": b"221 bye", b"HELO": b"250 mail.example"}

async def serve(reader, writer):
    writer.write(b"220 mail.example\\r\\n")
    while line := await reader.readline():
        word = line[:4].upper()
        if sys.argv[2] == "refuse" and word == b"MAIL":
            writer.write(b"451 try again later\\r\\n")
            continue
        writer.write(answers.get(word, b"250 ok") + b"\\r\\n")
        if word == b"DATA":
            text = b""
            while not text.endswith(b"\\r\\n.\\r\\n"):
                text += await reader.readline()
            print(text.decode(errors="replace"), flush=True)
            writer.write(b"250 taken\\r\\n")
        if word == b"QUIT":
            break
    writer.close()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()

asyncio.run(main())
"""


def test_a_mail_server_that_refuses_for_an_hour(workers, tmp_path):
    """Messages 40: pauses grow, over a killed worker and mail server; then T&D sends again, and it goes once."""
    port = free_port()
    workers.site.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    server, taken = mail_server(port, "refuse", tmp_path / "refused"), tmp_path / "taken"
    one = "Message.objects.get()"
    try:
        workers.start()
        workers.shell.run(QUEUE.format(number=1))
        workers.wait(f"{one}.attempts == 1 and {one}.status == 'waiting'", "the first refusal")
        assert "451" in workers.shell.value(f"{one}.last_error")
        workers.kill()
        server.kill()
        server.wait()
        pauses = [pause(workers, one)]
        workers.start()
        for attempt in (2, 3):
            workers.shell.run(LATER)
            workers.hand_out(SWEEP)
            workers.wait(f"{one}.attempts == {attempt} and {one}.status == 'waiting'", "another refusal")
            pauses.append(pause(workers, one))
        assert pauses == [1, 2, 5]
        workers.shell.run(LATER + "Message.objects.update(attempts=8)")
        workers.hand_out(SWEEP)
        workers.wait(f"{one}.status == 'failed'", "the last refusal")

        server = mail_server(port, "take", taken)
        workers.shell.run(f"from notifications import actions\nactions.send_again(message={one}, now=timezone.now())")
        workers.wait(f"{one}.status == 'sent'", "the email that T&D sends again")
        assert taken.read_text().count("To: p0@riverside.example") == 1
    finally:
        workers.site.environment["EMAIL_URL"] = "filemail://"
        server.kill()
        server.wait()


def mail_server(port: int, does: str, output) -> subprocess.Popen:
    """Start a mail server that refuses, or takes what comes and writes it to the file."""
    with output.open("w") as file:
        server = subprocess.Popen([sys.executable, "-c", SMTP, str(port), does], stdout=file)
    wait_for(lambda: listens(port), "the mail server")
    return server


def pause(workers, one: str) -> int:
    """Return the whole minutes until the next attempt."""
    return workers.shell.value(f"round(({one}.next_attempt_at - timezone.now()).total_seconds() / 60)")
