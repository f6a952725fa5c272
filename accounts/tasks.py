"""What beat asks of accounts."""

from celery import shared_task
from django.utils import timezone

from accounts import audit, bounces, problems, sessions


@shared_task
def note_bounces() -> None:
    """Mark the addresses at which a mail server knows no mailbox."""
    bounces.note_bounces(now=timezone.now())


@shared_task
def forget_audit() -> None:
    """Delete the audit's entries of more than a year ago, and the sessions that are over."""
    audit.forget(now=timezone.now())
    sessions.forget(now=timezone.now())


@shared_task
def forget_problems() -> None:
    """Delete the problems with pages that were settled a year ago."""
    problems.forget_problems(now=timezone.now())
