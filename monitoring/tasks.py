"""What workers do for monitoring. Each may run at any time, any number of times."""

from celery import shared_task
from django.utils import timezone

from monitoring.report import actions
from notifications import prepared


@shared_task
def make_report(prepared_id: str) -> None:
    """Count a report's figures if nobody did, and lay it out; a second worker finds it taken."""
    prepared.make(prepared_id=prepared_id, maker=actions.make, now=timezone.now())
