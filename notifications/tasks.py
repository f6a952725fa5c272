"""Delivery of messages by workers, and the documents that they make. A repeated email is worse than a late one."""

from celery import shared_task
from django.utils import timezone

from notifications import actions, prepared
from notifications.models import Message
from wscb_training.importing import forget_uploads

SWEEP = 500


@shared_task
def deliver_parcel(message_ids: list[str]) -> None:
    """Send messages over one connection; those sent or being sent already are passed over."""
    actions.deliver_all(message_ids=message_ids, now=timezone.now())


@shared_task
def deliver_due() -> None:
    """Send what waits: what a broker missed, what failed and may be tried again, what killed workers held."""
    now = timezone.now()
    actions.reclaim_abandoned(now=now)
    waiting = Message.objects.due(at=now).order_by("next_attempt_at").values_list("pk", flat=True)[:SWEEP]
    actions.deliver_all(message_ids=list(waiting), now=now)


@shared_task
def tick() -> None:
    """Note that beat, broker and a worker work. Harmless to lose and to repeat."""
    actions.note_tick(now=timezone.now())


@shared_task
def look_after_documents() -> None:
    """Begin again what a killed worker left, and forget old files. Harmless to repeat."""
    now = timezone.now()
    prepared.take_up_silent(now=now)
    prepared.forget_old(now=now)
    forget_uploads(now=now)
