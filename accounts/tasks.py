"""What beat asks of accounts."""

from celery import shared_task
from django.utils import timezone

from accounts import bounces


@shared_task
def note_bounces() -> None:
    """Mark the addresses at which a mail server knows no mailbox."""
    bounces.note_bounces(now=timezone.now())
