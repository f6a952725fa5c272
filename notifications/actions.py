"""Write a message, and deliver it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone

from notifications import rules
from notifications.models import Message, Tick
from wscb_training.context_processors import board_context

PARCEL = 50  # messages that a worker sends in one task
Write = Callable[..., object]  # takes the fields of a `Draft`: `queue`, or what gathers many for `queue_many`


@dataclass(frozen=True)
class Draft:
    """One email to write: rendered from `<app>/emails/<name>.subject.txt`, `.txt` and `.html`.

    `template` is "<app>/<name>". `key` says what the message is about: of one key there is one message ever.
    """

    key: str
    template: str
    to: str
    context: dict
    recipient: object = None
    calendar: str = ""
    calendar_method: str = ""
    headers: dict = field(default_factory=dict)


def queue(**draft) -> bool:
    """Write the message of a `Draft` with these fields; a worker sends it. Return whether it was not there yet.

    Queueing a key again changes nothing. Nobody without an address (a managed person without coordinator) gets one.
    The message is part of the caller's transaction: rolled back, nothing goes out.
    """
    return bool(queue_many([Draft(**draft)]))


def queue_many(drafts: Iterable[Draft]) -> int:
    """Write the messages of many drafts in two queries; return how many were not there yet.

    As `queue` does: one message a key, nobody without an address, part of the caller's transaction. Workers get them
    in small parcels, so that a single email does not wait for hundreds. The caller keeps the list short (hundreds).
    """
    wanted = {draft.key: draft for draft in drafts if draft.to}
    if not wanted:
        return 0
    there = set(Message.objects.filter(key__in=wanted).values_list("key", flat=True))
    board = board_context()
    fresh = [_written(draft, board) for key, draft in wanted.items() if key not in there]
    Message.objects.bulk_create(fresh, ignore_conflicts=True)  # another worker may be writing the same
    for start in range(0, len(fresh), PARCEL):
        _send_after_commit([str(message.pk) for message in fresh[start : start + PARCEL]])
    return len(fresh)


def _written(draft: Draft, board: dict) -> Message:
    app, name = draft.template.split("/")
    path = f"{app}/emails/{name}"
    context = {**board, "recipient": draft.recipient, **draft.context}
    return Message(
        key=draft.key,
        kind=draft.template,
        to=draft.to,
        recipient=draft.recipient,
        subject=" ".join(_plain(f"{path}.subject.txt", context).split())[:300],
        text=_plain(f"{path}.txt", context),
        html=get_template(f"{path}.html").template.render(Context(context)),
        calendar=draft.calendar,
        calendar_method=draft.calendar_method,
        headers=draft.headers,
        next_attempt_at=timezone.now(),
    )


def _plain(path: str, context: dict) -> str:
    """Render a text without escaping: O'Brien stays O'Brien. Blank lines that tags leave are folded."""
    text = get_template(path).template.render(Context(context, autoescape=False))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _send_after_commit(ids: list[str]) -> None:
    from notifications.tasks import deliver_parcel  # the task imports this module

    # Robust: with the broker down the rows stay, and the sweep delivers them when the broker is back.
    transaction.on_commit(lambda: deliver_parcel.apply_async([ids], retry=False), robust=True)


def deliver_all(*, message_ids: Iterable, now: datetime) -> int:
    """Send those of the messages that wait, over one connection to the mail server; return how many."""
    connection, sent = get_connection(), 0
    try:
        for message_id in message_ids:
            sent += deliver(message_id=message_id, now=now, connection=connection)
    finally:
        connection.close()
    return sent


def deliver(*, message_id, now: datetime, connection=None) -> bool:
    """Send the message if it waits, over an open `connection` if there is one; return whether this call sent it.

    Claimed by a conditional UPDATE, so two workers never send one message. A repetition is worse than a delay:
    an error sends it back to wait for a growing pause, and after the last pause to T&D's list of failures.
    """
    claimed_at = timezone.now()  # not `now`: the last of many is sent minutes after that, and would seem abandoned
    waiting = Message.objects.due(at=now).filter(pk=message_id)
    if waiting.update(status=Message.Status.SENDING, claimed_at=claimed_at, attempts=F("attempts") + 1) != 1:
        return False
    message = Message.objects.get(pk=message_id)
    try:
        email = _as_email(message)
        email.connection = connection
        if connection:
            connection.open()
        email.send()
    except Exception as error:  # whatever the mail server or its library says, the row must not stay claimed
        if connection:
            connection.close()  # the next one begins afresh
        _put_back(message, error, now=now)
        return False
    Message.objects.filter(pk=message_id).update(status=Message.Status.SENT, sent_at=timezone.now(), last_error="")
    return True


def _put_back(message: Message, error: Exception, *, now: datetime) -> None:
    """Let the message wait again, unless this worker was given up meanwhile and another one has it or has sent it."""
    again_at = rules.next_attempt(attempts=message.attempts, now=now)
    Message.objects.filter(pk=message.pk, status=Message.Status.SENDING, claimed_at=message.claimed_at).update(
        status=Message.Status.WAITING if again_at else Message.Status.FAILED,
        next_attempt_at=again_at or now,
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def send_again(*, message: Message, now: datetime) -> None:
    """Let a failed message start afresh (T&D's button)."""
    Message.objects.filter(pk=message.pk, status=Message.Status.FAILED).update(
        status=Message.Status.WAITING, attempts=0, next_attempt_at=now
    )
    _send_after_commit([str(message.pk)])


def reclaim_abandoned(*, now: datetime) -> int:
    """Put back what killed workers held, marked as perhaps repeated; return how many."""
    return Message.objects.abandoned(since=now - rules.CLAIM_LASTS).update(
        status=Message.Status.WAITING, next_attempt_at=now, maybe_repeated=True
    )


def note_tick(*, now: datetime) -> None:
    """Note that beat's tick came through the broker to a worker at `now`: what /health/ready asks for."""
    Tick.objects.update_or_create(name=Tick.BEAT, defaults={"at": now})


def _as_email(message: Message) -> EmailMultiAlternatives:
    headers = {
        **message.headers,
        # The same on every attempt, so that mail programs fold a repetition away.
        "Message-ID": f"<{message.pk}@{board_context()['contact_email'].partition('@')[2]}>",
        "Auto-Submitted": "auto-generated",
    }
    if message.maybe_repeated:
        headers["X-Maybe-Repeated"] = "yes"
    email = EmailMultiAlternatives(message.subject, message.text, to=[message.to], headers=headers)
    email.attach_alternative(message.html, "text/html")
    if message.calendar:
        email.attach("invite.ics", message.calendar, f"text/calendar; method={message.calendar_method}; charset=utf-8")
    return email
