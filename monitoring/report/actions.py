"""Every write of the report (§16): start, count, comment, approve, circulate, withdraw, begin again."""

from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Policy, User
from accounts.models.user import SUB_COMMITTEE
from monitoring import emails
from monitoring.actions import Refused
from monitoring.models import Commentary, Report, ReportPoint, Snapshot
from monitoring.report import content, pdfs
from monitoring.report.reading import Reading, last_standing, words_of
from monitoring.rules import Status, period
from notifications import prepared
from notifications.models import PreparedFile
from notifications.prepared import Progress
from wscb_training.wording import clock, short_day

TASK = "monitoring.tasks.make_report"
STILL_COUNTED = "The figures of this report are still being counted."


@transaction.atomic
def start(*, year: int | None, as_at: date | None, by: User, now: datetime) -> tuple[Report, PreparedFile]:
    """Start a report with the figures as at a day; a worker counts them. Return it and the document to wait for.

    Risks and actions that are still open are taken over from the last report.
    """
    shown = period(year=year, as_at=as_at, now=now, starts_month=Policy.current().year_starts_month)
    snapshot = Snapshot.objects.create(year=shown.year, as_at=shown.as_at, asked_at=now, asked_by=by)
    report = _new_report(snapshot, by=by, now=now)
    last = last_standing(before=report)
    if last:
        _take_over_points(last, report)
    return report, ask_for_pdf(report=report, by=by, now=now)


def _new_report(snapshot: Snapshot, *, by: User, now: datetime, replaces: Report | None = None) -> Report:
    newest = Report.objects.select_for_update().order_by("-number").first()
    number = (newest.number if newest else 0) + 1
    return Report.objects.create(number=number, snapshot=snapshot, started_at=now, started_by=by, replaces=replaces)


def _take_over_points(old: Report, new: Report) -> None:
    for point in old.points.filter(is_done=False):
        point.pk, point.report = None, new
        point._state.adding = True
        point.save()


def ask_for_pdf(*, report: Report, by: User, now: datetime) -> PreparedFile:
    """Hand the PDF of a report, and its figures if they are not counted yet, to a worker."""
    return prepared.ask_for(
        title=f"{report}, PDF", task=TASK, parameters={"report": report.pk}, by=by, now=now,
        page=reverse("monitoring:report", args=[report.number]),
    )  # fmt: skip


def make(parameters: dict, progress: Progress) -> tuple[str, bytes]:
    """Make what `ask_for_pdf` asked for: count the figures if nobody did, then lay the report out.

    May be begun again at any point: what is counted stays, and the PDF of an approved report is made once.
    """
    report = Report.objects.select_related("snapshot").get(pk=parameters["report"])
    if report.snapshot.content is None:
        count(snapshot=report.snapshot, progress=progress)
        report.snapshot.refresh_from_db()
    name = f"{'draft-' if report.is_draft else ''}report-{report.number}-{report.snapshot.as_at}.pdf"
    if report.pdf:
        with report.pdf.open() as file:
            return name, file.read()
    progress(0, 1)
    made = pdfs.report(Reading(report))
    if report.words is not None:
        keep_pdf(report=report, made=made)
    return name, made


def count(*, snapshot: Snapshot, progress: Progress) -> bool:
    """Count all figures as at the moment they were asked for; return whether this call's are the ones that stay."""
    shown = period(
        year=snapshot.year, as_at=snapshot.as_at, now=snapshot.asked_at, starts_month=Policy.current().year_starts_month
    )
    counted = content.take(shown, progress=progress, more=1)  # no transaction: it would hide the progress
    uncounted = Snapshot.objects.filter(pk=snapshot.pk, content__isnull=True)
    return uncounted.update(content=counted, counted_at=timezone.now()) == 1


def keep_pdf(*, report: Report, made: bytes) -> None:
    """Keep the PDF of an approved report, so that everybody gets the same."""
    name = report.pdf.storage.save(f"reports/report-{report.number}.pdf", ContentFile(made))
    if Report.objects.filter(pk=report.pk, pdf="").update(pdf=name) != 1:
        report.pdf.storage.delete(name)  # another worker was quicker


def _lock(report: Report) -> Report:
    """Lock a report and return it; raises Refused when it is withdrawn, telling by whom."""
    # No join: PostgreSQL reads a row again that it waited for, but not what was joined to it before.
    locked = Report.objects.select_for_update().get(pk=report.pk)
    if locked.status == Report.Status.WITHDRAWN:
        raise Refused(f"{locked.withdrawn_by or 'Somebody'} withdrew this report {_when(locked.withdrawn_at)}.")
    return locked


def _draft(report: Report) -> Report:
    """Lock a report and return it; raises Refused, telling who was quicker, when it is no draft any more."""
    locked = _lock(report)
    if not locked.is_draft:
        raise Refused(f"{locked.approved_by or 'Somebody'} approved this report {_when(locked.approved_at)}.")
    return locked


def _when(moment: datetime) -> str:
    return f"on {short_day(moment)} at {clock(moment)}"


@transaction.atomic
def comment(*, report: Report, number: int, text: str, seen: datetime | None, by: User, now: datetime) -> Commentary:
    """Write what T&D says to a priority of a draft; number 0 is the whole.

    `seen` is when the text that was on the page had been written, None for none. Raises Refused when somebody else
    wrote meanwhile, or the report is no draft any more; nothing is lost then but for the caller to show.
    """
    _draft(report)
    found = Commentary.objects.select_related("written_by").filter(report=report, number=number).first()
    by_another = found and found.written_by_id != by.pk  # one's own last words are those on one's own page
    if by_another and found.written_at != seen and found.text != text:
        raise Refused(f"{found.written_by or 'Somebody'} wrote here {_when(found.written_at)}, while you were writing.")
    commentary = found or Commentary(report=report, number=number)
    commentary.text, commentary.written_at, commentary.written_by = text.strip(), now, by
    commentary._history_user = by
    commentary.save()
    return commentary


@transaction.atomic
def write_point(*, report: Report, by: User, point: ReportPoint | None = None, **fields) -> ReportPoint:
    """Add a risk or an action to a draft, or change `point`. Raises Refused when it is no draft any more."""
    _draft(report)
    point = point or ReportPoint(report=report)
    for name, value in fields.items():
        setattr(point, name, value)
    point._history_user = by
    point.save()
    return point


@transaction.atomic
def delete_point(*, point: ReportPoint, by: User) -> None:
    """Take a risk or an action out of a draft. Raises Refused when it is no draft any more."""
    _draft(point.report)
    point._history_user = by
    point.delete()


def uncommented(report: Report) -> list[dict]:
    """Return the priorities that are short of their targets and have no commentary: told before an approval."""
    said = {each.number for each in report.commentaries.all() if each.text}
    short = (Status.NOT_MET, Status.NOT_MET_SO_FAR, Status.AT_RISK)
    return [
        each for each in report.snapshot.content["priorities"] if each["status"] in short and each["number"] not in said
    ]


@transaction.atomic
def approve(*, report: Report, by: User, now: datetime) -> Report:
    """Approve a draft: its words and what it is compared with are frozen. Of two people who press at once one wins.

    Raises Refused for the other, and while the figures are still being counted.
    """
    locked = _draft(report)
    if locked.snapshot.content is None:
        raise Refused(STILL_COUNTED)
    locked.words, locked.compared_with = words_of(locked), last_standing(before=locked)
    locked.status, locked.approved_at, locked.approved_by = Report.Status.APPROVED, now, by
    locked.save()
    ask_for_pdf(report=locked, by=by, now=now)
    return locked


def members() -> list[User]:
    """Return the Monitoring Sub-committee: who holds its role, and can be reached."""
    found = User.objects.filter(groups__name=SUB_COMMITTEE, is_active=True).select_related("coordinator").order_by("pk")
    return [member for member in found if member.message_email]


@transaction.atomic
def circulate(*, report: Report, by: User, now: datetime) -> int:
    """Send every member of the Sub-committee a link to an approved report, once each; return how many are told now.

    Pressed again it tells only who joined since. Raises Refused for a report that is not approved or was withdrawn.
    """
    locked = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if not locked.stands:
        raise Refused("Only an approved report can be circulated.")
    if locked.status == Report.Status.APPROVED:
        locked.status, locked.circulated_at, locked.circulated_by = Report.Status.CIRCULATED, now, by
        locked.save()
    return emails.report_circulated(locked, members())


@transaction.atomic
def withdraw(*, report: Report, by: User, now: datetime, reason: str) -> Report:
    """Withdraw a report, with the reason that its readers are told. Raises Refused when somebody did before."""
    locked = _lock(report)
    was_circulated = locked.status == Report.Status.CIRCULATED
    locked.status, locked.withdrawn_at, locked.withdrawn_by = Report.Status.WITHDRAWN, now, by
    locked.withdrawn_reason = reason.strip()
    locked.save()
    if was_circulated:
        emails.report_withdrawn(locked, members())
    return locked


@transaction.atomic
def begin_again(*, report: Report, by: User, now: datetime, count_again: bool) -> tuple[Report, PreparedFile | None]:
    """Start a draft in place of a withdrawn report, with its words; with its figures too, or counted again to today.

    Return the draft, and the document to wait for where figures are counted. Raises Refused when it stands, or was
    replaced before.
    """
    old = Report.objects.select_for_update(of=("self",)).select_related("snapshot").get(pk=report.pk)
    if old.status != Report.Status.WITHDRAWN:
        raise Refused("Withdraw the report first.")
    if taken := old.replaced_by.first():
        raise Refused(f"{taken} replaces it already.")
    snapshot = old.snapshot
    if count_again:
        shown = period(year=None, as_at=None, now=now, starts_month=Policy.current().year_starts_month)
        snapshot = Snapshot.objects.create(year=shown.year, as_at=shown.as_at, asked_at=now, asked_by=by)
    new = _new_report(snapshot, by=by, now=now, replaces=old)
    for commentary in old.commentaries.exclude(text=""):
        comment(report=new, number=commentary.number, text=commentary.text, seen=None, by=by, now=now)
    for point in old.points.all():
        point.pk, point.report = None, new
        point._state.adding = True
        point.save()
    return new, ask_for_pdf(report=new, by=by, now=now) if snapshot.content is None else None
