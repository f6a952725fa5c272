"""What workers do for monitoring. Each may run at any time, any number of times."""

from celery import shared_task
from django.utils import timezone

from monitoring.report import actions
from monitoring.returns import actions as returns
from notifications import prepared


@shared_task
def make_report(prepared_id: str) -> None:
    """Count a report's figures if nobody did, and lay it out; a second worker finds it taken."""
    prepared.make(prepared_id=prepared_id, maker=actions.make, now=timezone.now())


@shared_task
def ask_for_returns() -> None:
    """Ask CPD leads for the yearly return, and remind them; each once. A repetition is worse than a day's delay."""
    returns.ask_for_returns(now=timezone.now())
