"""The programme year and the day that a page of monitoring is asked for."""

from django.utils import timezone

from accounts.models import Policy
from monitoring.forms import PeriodForm
from monitoring.rules import Period, period, year_of
from wscb_training.wording import local_date

FIRST_YEAR = 2017


def asked_period(request) -> Period:
    """Return the period in a page's query: this programme year and today where it says nothing that makes sense."""
    asked = PeriodForm.read(request.GET)
    return period(**asked, now=timezone.now(), starts_month=Policy.current().year_starts_month)


def years() -> list[tuple[int, str]]:
    """Return the programme years that can be chosen, with their names, the newest first."""
    now, month = timezone.now(), Policy.current().year_starts_month
    this = year_of(local_date(now), starts_month=month)
    chosen = range(this, min(this, FIRST_YEAR) - 1, -1)
    return [(year, period(year=year, as_at=None, now=now, starts_month=month).name) for year in chosen]


def period_query(period: Period) -> str:
    """Return a period as a query string: "?year=2026&as-at=2026-11-23"."""
    return f"?year={period.year}&as-at={period.as_at:%Y-%m-%d}"
