"""What the Sub-committee is told of the report (§16). One function an email."""

from collections.abc import Iterable

from django.conf import settings

from accounts.models import User
from monitoring.models import Report
from notifications.actions import Draft, queue_many


def report_circulated(report: Report, members: Iterable[User]) -> int:
    """Send each member the link to a report, once; return how many are written now."""
    return queue_many(_draft("report_circulated", report, member) for member in members)


def report_withdrawn(report: Report, members: Iterable[User]) -> int:
    """Tell each member that a report which they had was withdrawn, and why."""
    return queue_many(_draft("report_withdrawn", report, member) for member in members)


def _draft(name: str, report: Report, member: User) -> Draft:
    return Draft(
        key=f"monitoring/{name}/{report.pk}/{member.pk}",
        template=f"monitoring/{name}",
        to=member.message_email,
        recipient=member,
        context={
            "report": report,
            "period": report.snapshot.content["period"],
            "report_url": settings.BASE_URL + report.get_absolute_url(),
        },
    )
