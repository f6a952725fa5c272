"""Write a message, and deliver it."""

import re
from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import timezone

from notifications import rules
from notifications.models import Message
from wscb_training.context_processors import board_context


def queue(
    *, key: str, template: str, to: str, recipient=None, context: dict, calendar: str = "", calendar_method: str = ""
) -> Message | None:
    """Write the message rendered from `<app>/emails/<name>.subject.txt`, `.txt` and `.html`; a worker sends it.

    `template` is "<app>/<name>". `key` says what the message is about; queueing a key again changes nothing and
    returns the first message. Without an address (a managed person without coordinator) returns None.
    The message is part of the caller's transaction: if that is rolled back, nothing goes out.
    """
    if not to:
        return None
    app, name = template.split("/")
    path = f"{app}/emails/{name}"
    context = {**board_context(), "recipient": recipient, **context}
    message, created = Message.objects.get_or_create(
        key=key,
        defaults={
            "kind": template,
            "to": to,
            "recipient": recipient,
            "subject": " ".join(_plain(f"{path}.subject.txt", context).split())[:300],
            "text": _plain(f"{path}.txt", context),
            "html": render_to_string(f"{path}.html", context),
            "calendar": calendar,
            "calendar_method": calendar_method,
            "next_attempt_at": timezone.now(),
        },
    )
    if created:
        _send_after_commit(message)
    return message


def _plain(path: str, context: dict) -> str:
    """Render a text without escaping: O'Brien stays O'Brien. Blank lines that tags leave are folded."""
    text = get_template(path).template.render(Context(context, autoescape=False))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _send_after_commit(message: Message) -> None:
    from notifications.tasks import deliver  # the task imports this module

    def hand_to_worker():
        deliver.apply_async([str(message.pk)], retry=False)

    # Robust: with the broker down the row stays, and the sweep delivers it when the broker is back.
    transaction.on_commit(hand_to_worker, robust=True)


def deliver(*, message_id, now: datetime) -> bool:
    """Send the message if it waits; return whether this call sent it.

    Claimed by a conditional UPDATE, so two workers never send one message. A repetition is worse than a delay:
    an error sends it back to wait for a growing pause, and after the last pause to T&D's list of failures.
    """
    waiting = Message.objects.due(at=now).filter(pk=message_id)
    if waiting.update(status=Message.Status.SENDING, claimed_at=now, attempts=F("attempts") + 1) != 1:
        return False
    message = Message.objects.get(pk=message_id)
    try:
        _as_email(message).send()
    except Exception as error:  # whatever the mail server or its library says, the row must not stay claimed
        _put_back(message, error, now)
        return False
    Message.objects.filter(pk=message_id).update(status=Message.Status.SENT, sent_at=timezone.now(), last_error="")
    return True


def _put_back(message: Message, error: Exception, now: datetime) -> None:
    again_at = rules.next_attempt(attempts=message.attempts, now=now)
    Message.objects.filter(pk=message.pk).update(
        status=Message.Status.WAITING if again_at else Message.Status.FAILED,
        next_attempt_at=again_at or now,
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def send_again(*, message: Message, now: datetime) -> None:
    """Let a failed message start afresh (T&D's button)."""
    Message.objects.filter(pk=message.pk, status=Message.Status.FAILED).update(
        status=Message.Status.WAITING, attempts=0, next_attempt_at=now
    )
    _send_after_commit(message)


def reclaim_abandoned(*, now: datetime) -> int:
    """Put back what killed workers held, marked as perhaps repeated; return how many."""
    return Message.objects.abandoned(since=now - rules.CLAIM_LASTS).update(
        status=Message.Status.WAITING, next_attempt_at=now, maybe_repeated=True
    )


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
