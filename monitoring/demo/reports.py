"""The reports of the demo: one that the Sub-committee has, and a draft that T&D is writing."""

from datetime import datetime, timedelta

from accounts.models import Policy, User
from monitoring.models import Report, ReportPoint
from monitoring.report import actions
from monitoring.rules import period
from notifications.models import PreparedFile

SUMMARY = (
    "Most of the programme runs as planned, and people come away more confident. Two matters need the Board’s "
    "attention: some sectors have nobody at a Prevent workshop yet, and several courses wait for their yearly review."
)
COMMENTARY = {
    1: "The second conference is planned for February; a speaker of the review panel has agreed to come.",
    3: "We wrote to the sector in which nobody has started an online course, and its lead asked for help.",
    6: "The courses without a current review are shared out among the team. All are reviewed by the end of March.",
    11: "Schools without a trained deputy were written to in September, and offered places at the next basic course.",
}
RISK = {
    "text": "Two of the internal trainers leave, and their courses would be without a trainer.",
    "response": "A train-the-trainer programme starts in the new year; external trainers stand by.",
    "owner": "Training and Development manager", "level": ReportPoint.Level.HIGH,
}  # fmt: skip
ACTION = {
    "text": "Offer a Prevent workshop to the sectors that have not been at one.",
    "response": "Dates are agreed with the trainer.", "owner": "Prevent coordinator",
}  # fmt: skip


def make_reports(*, now: datetime) -> None:
    """Make a report as at two months ago, approved and circulated, and a draft of yesterday."""
    by = User.objects.get(email="td@demo.example")
    this = period(year=None, as_at=None, now=now, starts_month=Policy.current().year_starts_month)
    then = max(now - timedelta(days=60), this.starts_at + timedelta(days=1))
    first = _report(by, then)
    _write(first, by, then, SUMMARY, dict(list(COMMENTARY.items())[:2]))
    actions.approve(report=first, by=by, now=then + timedelta(days=2))
    actions.circulate(report=first, by=by, now=then + timedelta(days=3))
    yesterday = max(now - timedelta(days=1), this.starts_at + timedelta(days=2))
    _write(_report(by, yesterday), by, yesterday, SUMMARY, COMMENTARY)


def _report(by: User, now: datetime) -> Report:
    report, document = actions.start(year=None, as_at=None, by=by, now=now)
    # Nobody waits for it. By a query, for the worker that gets its number after the commit finds nothing then.
    PreparedFile.objects.filter(pk=document.pk).delete()
    actions.count(snapshot=report.snapshot, progress=lambda done, of: None)
    return Report.objects.select_related("snapshot").get(pk=report.pk)


def _write(report: Report, by: User, now: datetime, summary: str, commentary: dict[int, str]) -> None:
    for number, text in {0: summary, **commentary}.items():
        actions.comment(report=report, number=number, text=text, seen=None, by=by, now=now)
    if not report.points.exists():  # else they came over from the last report
        due_on = report.snapshot.as_at + timedelta(days=90)
        actions.write_point(report=report, by=by, kind=ReportPoint.Kind.RISK, due_on=due_on, **RISK)
        actions.write_point(report=report, by=by, kind=ReportPoint.Kind.ACTION, due_on=due_on, **ACTION)
