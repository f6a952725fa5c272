"""What beat asks of learning. Each may run at any time, any number of times."""

from celery import shared_task
from django.utils import timezone

from learning import actions, certificates, pdfs
from learning.actions import remind_of_expiry as remind
from notifications import prepared


@shared_task
def remind_of_expiry() -> None:
    """Remind people of training that runs out in three months, and in one; once each."""
    remind(today=timezone.localdate())


@shared_task
def tell_of_certificates() -> None:
    """Tell people whose certificate is ready; once each."""
    actions.tell_of_certificates(now=timezone.now())


@shared_task
def send_alerts() -> None:
    """Send the weekly email to everybody who is due it, and has not had it."""
    actions.send_alerts(now=timezone.now())


@shared_task
def make_certificates(prepared_id: str) -> None:
    """Make the certificates of an event as one PDF; a second worker finds it taken."""
    prepared.make(prepared_id=prepared_id, maker=certificates.make_for_event, now=timezone.now())


@shared_task
def make_evidence_pack(prepared_id: str) -> None:
    """Make the evidence pack of a large organisation; a second worker finds it taken."""
    prepared.make(prepared_id=prepared_id, maker=pdfs.make_evidence_pack, now=timezone.now())
