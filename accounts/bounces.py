"""Addresses whose mail comes back: nothing more is sent there until somebody puts them right."""

import re
from datetime import datetime

from django.db import transaction

from accounts.actions import save_fields
from accounts.models import User
from notifications.models import Message

# What a mail server answers when there is no such mailbox (RFC 5321 and 3463): for good, not for now.
GONE = re.compile(r"\b(550|551|553|556)\b|\b5\.1\.\d")


@transaction.atomic
def mark_bounced(*, person: User, by: User | None, now: datetime) -> User:
    """Send nothing more to the person's address. Safe to repeat."""
    if person.bounced_at is None:
        person.bounced_at = now
        save_fields(person, "bounced_at", by=by)
    return person


@transaction.atomic
def clear_bounce(*, person: User, by: User) -> User:
    """Send to the person's address again: it was put right."""
    if person.bounced_at:
        person.bounced_at = None
        save_fields(person, "bounced_at", by=by)
    return person


def note_bounces(*, now: datetime) -> int:
    """Mark the people at whose present address a mail server knows no mailbox; return how many. Safe to repeat."""
    refused = Message.objects.filter(
        status__in=[Message.Status.FAILED, Message.Status.WAITING], last_error__startswith="SMTPRecipientsRefused"
    ).exclude(recipient=None)
    marked = set()
    for message in refused.select_related("recipient"):
        person = message.recipient
        if person.pk in marked or person.bounced_at or message.to != person.email:
            continue
        if GONE.search(message.last_error):
            mark_bounced(person=person, by=None, now=now)
            marked.add(person.pk)
    return len(marked)
