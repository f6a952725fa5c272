"""Problems with a page that people report: kept until T&D has settled them, and told to it at once."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts import emails
from accounts.models import ProblemReport, User
from wscb_training.logs import without_tokens

KEPT = timedelta(days=365)  # after it is settled


@transaction.atomic
def report_problem(
    *, page: str, tried: str, happened: str, email: str, by: User | None, now: datetime
) -> ProblemReport:
    """Note a problem and tell T&D by email; return it. Whoever is signed in is answered at their own address.

    Of a page that a link from an email opened, the link's token is not kept: it would open the page for T&D too.
    """
    report = ProblemReport.objects.create(
        page=without_tokens(page)[:300], tried=tried.strip(), happened=happened.strip(), person=by,
        email=email or (by.message_email if by else "") or "", reported_at=now,
    )  # fmt: skip
    emails.problem_reported(report)
    return report


@transaction.atomic
def settle_problem(*, report: ProblemReport, by: User, now: datetime) -> ProblemReport:
    """Note that a problem is settled. Safe to repeat."""
    report = ProblemReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if report.settled_at is None:
        report.settled_at, report.settled_by = now, by
        report.save()
    return report


def forget_problems(*, now: datetime) -> int:
    """Delete the problems that were settled a year ago, for they hold people's words; return how many."""
    return ProblemReport.objects.filter(settled_at__lt=now - KEPT).delete()[0]


def forget_reporter(*, person: User) -> None:
    """Keep the problems that somebody reported, but not who it was (erasing)."""
    ProblemReport.objects.filter(person=person).update(person=None, email="")
