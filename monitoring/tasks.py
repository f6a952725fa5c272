"""What workers do for monitoring. Each may run at any time, any number of times."""

from datetime import date

from celery import shared_task
from django.utils import timezone

from accounts.models import Policy
from monitoring import figures, kept, reach
from monitoring.privacy import held, retention
from monitoring.report import actions
from monitoring.returns import actions as returns
from monitoring.rules import period
from notifications import prepared


@shared_task
def make_report(prepared_id: str) -> None:
    """Count a report's figures if nobody did, and lay it out; a second worker finds it taken."""
    prepared.make(prepared_id=prepared_id, maker=actions.make, now=timezone.now())


@shared_task
def ask_for_returns() -> None:
    """Ask CPD leads for the yearly return, and remind them; each once. A repetition is worse than a day's delay."""
    returns.ask_for_returns(now=timezone.now())


@shared_task
def make_my_data(prepared_id: str) -> None:
    """Make what is held about a person, as they asked for it; a second worker finds it taken."""
    now = timezone.now()
    prepared.make(prepared_id=prepared_id, maker=lambda asked, progress: held.make(asked, progress, now=now), now=now)


@shared_task
def keep_to_retention() -> None:
    """Delete and empty what is held too long, and write the report. Harmless to repeat."""
    retention.keep_to_retention(now=timezone.now())


@shared_task
def count_today() -> None:
    """Count figures and reach of this programme year as at today, so that no page has to; what is lost is made anew."""
    _count(year=None, as_at=None)


@shared_task
def count_period(year: int, as_at: str) -> None:
    """Count figures and reach of a programme year as at a day, for who looks at its page now. Harmless to repeat."""
    _count(year=year, as_at=date.fromisoformat(as_at))


def _count(*, year: int | None, as_at: date | None) -> None:
    now = timezone.now()
    asked = period(year=year, as_at=as_at, now=now, starts_month=Policy.current().year_starts_month)
    figures.count_all(asked, now=now)
    reach.count_reach(asked, now=now)
    kept.counted(asked)
