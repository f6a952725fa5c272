"""What beat asks of evaluations. Each may run at any time, any number of times, by several workers."""

from celery import shared_task
from django.utils import timezone

from evaluations import actions


@shared_task
def run_chain() -> None:
    """Make the forms that are due, send their links, and remind of those not answered."""
    now = timezone.now()
    actions.make_due_forms(now=now)
    actions.invite(now=now)
    actions.remind(now=now)
