"""Priorities 10 and 12, as far as they are milestones that somebody signs off."""

from django.db.models import Q

from monitoring.indicators.base import Definition, Rows
from monitoring.indicators.populations import yes
from monitoring.models import Indicator, Milestone
from monitoring.returns.reading import received_by
from monitoring.rules import Period


def milestones(period: Period, indicator: Indicator) -> Rows:
    """10A, 12A: the milestones of the year; those signed off by the day count."""
    rows = Milestone.objects.filter(indicator=indicator, year=period.year)
    columns = (
        ("Milestone", lambda row: row.name),
        ("Due", lambda row: row.due_on),
        ("Signed off", lambda row: row.signed_off_on if row.is_counted else ""),
        ("Evidence", lambda row: row.evidence.text if row.is_counted else ""),
    )
    returned = received_by(period.year, as_at=period.as_at) if indicator.code == "10A" else ""
    return Rows(
        "milestone", rows.annotate(is_counted=yes(Q(signed_off_on__isnull=False, signed_off_on__lte=period.as_at))),
        columns, dated="signed_off_on", order=("due_on", "pk"),
        notes=[returned] if returned else [],
        for_page=lambda items: items.select_related("evidence"),
    )  # fmt: skip


DEFINITIONS = [Definition("10A", milestones), Definition("12A", milestones)]
