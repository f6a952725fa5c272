"""The evidence pack of an organisation for a Section 175/157 or Section 11 audit: the same facts for PDF and XLSX."""

from dataclasses import dataclass
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.utils.text import slugify

from accounts.models import Organisation, Policy
from bookings.models import Booking, TrainingRecord
from competence.rules import percent_done
from evaluations.models import Kind
from evaluations.results import Rate, Spread, results
from learning import matrix, schools, teams
from learning.teams import Cell, Row, Summary
from wscb_training.tables import Table
from wscb_training.wording import local_date

LOOKS_BACK = relativedelta(months=12)


@dataclass(frozen=True)
class GroupLine:
    """One competence group of the team: people, how many have all they need, and the share of contents they have."""

    group: object
    people: int
    complete: int
    done: int
    needed: int

    @property
    def percent(self) -> int:
        return percent_done(done=self.done, required=self.needed)


@dataclass(frozen=True)
class ContentLine:
    """One training content: how many have it, of those who need it."""

    content: object
    done: int
    needed: int

    @property
    def percent(self) -> int:
        return percent_done(done=self.done, required=self.needed)


@dataclass(frozen=True)
class Seen:
    """How confident the learners were before the course, and how their managers saw them twelve weeks on; 1 to 5."""

    name: str
    people: int
    before: float
    then: float


@dataclass(frozen=True)
class Findings:
    """What managers and CPD leads answered twelve weeks on (§15), nothing of it from fewer answers than the threshold.

    What they wrote in their own words is left out: it may name people, and the pack goes to others.
    """

    rate: Rate
    threshold: int
    seen: list[Seen]
    spreads: list[Spread]
    themes: list[tuple[str, int]]  # what T&D coded their words as

    @property
    def too_few(self) -> bool:
        return 0 < self.rate.answered < self.threshold


@dataclass(frozen=True)
class Pack:
    """All that the pack says, on one date."""

    organisation: Organisation
    today: date
    rows: list[Row]
    summary: Summary
    groups: list[GroupLine]
    contents: list[ContentLine]
    without_group: int
    expired: list[tuple[Row, Cell]]
    due: list[tuple[Row, Cell]]
    outside: list[TrainingRecord]
    standing: schools.Standing | None
    booked: int
    attended: int
    not_used: int
    findings: Findings  # of the courses of the last 12 months

    @property
    def audit(self) -> str:
        """The audit that an organisation of this kind is asked for."""
        kind = self.organisation.kind
        if kind in (Organisation.Kind.INDEPENDENT_SCHOOL, Organisation.Kind.ACADEMY):
            return "Section 157 of the Education Act 2002"
        if kind in Organisation.SCHOOLS:
            return "Section 175 of the Education Act 2002"
        return "Section 11 of the Children Act 2004"


def pack(organisation: Organisation, *, now: datetime) -> Pack:
    """Gather the pack as it stands at `now`; the figures of attendance and impact are those of the last 12 months."""
    today = local_date(now)
    rows = teams.team(organisation, today=today)
    people = [row.person.pk for row in rows]
    outside = TrainingRecord.objects.counted().filter(person__in=people, source=TrainingRecord.Source.ELSEWHERE)
    bookings = Booking.objects.filter(
        organisation=organisation, event__starts_at__date__gte=today - LOOKS_BACK, event__starts_at__date__lt=today
    )
    return Pack(
        organisation=organisation,
        today=today,
        rows=rows,
        summary=teams.summary(rows),
        groups=_groups(rows),
        contents=_contents(rows),
        without_group=sum(row.person.group_id is None for row in rows),
        expired=_cells(rows, teams.EXPIRED),
        due=_cells(rows, teams.DUE),
        outside=list(outside.select_related("person").prefetch_related("contents").order_by("-completed_on")),
        standing=schools.standing(organisation, today=today) if organisation.is_school_or_setting else None,
        booked=bookings.filter(status=Booking.Status.CONFIRMED).count(),
        attended=bookings.filter(record__status=TrainingRecord.Status.COUNTED).count(),
        not_used=bookings.missed().count(),
        findings=_findings(bookings, now=now),
    )


def _findings(bookings, *, now: datetime) -> Findings:
    """Return what the managers' forms about these bookings say."""
    threshold = Policy.current().suppression_threshold
    said = results(bookings, threshold=threshold, now=now, by_outcome=False)
    [rate] = [rate for rate in said.rates if rate.kind == Kind.IMPACT_MANAGER]
    if rate.answered < threshold:  # one form rates several outcomes: five answers may be of two people
        return Findings(rate, threshold, [], [], [])
    by_manager = [(change.name, change.pairs[-1]) for change in said.changes]
    comments = [comments for comments in said.comments if comments.kind == Kind.IMPACT_MANAGER]
    return Findings(
        rate=rate,
        threshold=threshold,
        seen=[Seen(name, pair.number, pair.before, pair.then) for name, pair in by_manager if pair.before is not None],
        spreads=[spread for spread in said.spreads if spread.kind == Kind.IMPACT_MANAGER and spread.counts],
        themes=[theme for each in comments for theme in each.themes],
    )


def _groups(rows: list[Row]) -> list[GroupLine]:
    groups = {row.person.group_id: row.person.group for row in rows if row.person.group_id}
    lines = []
    for number in sorted(groups):
        of_group = [row for row in rows if row.person.group_id == number]
        lines.append(
            GroupLine(
                group=groups[number],
                people=len(of_group),
                complete=teams.summary(of_group).complete,
                done=sum(row.done for row in of_group),
                needed=sum(row.required for row in of_group),
            )
        )
    return lines


def _contents(rows: list[Row]) -> list[ContentLine]:
    contents = [cell.content for cell in rows[0].cells] if rows else []
    pairs = zip(contents, matrix.totals(rows), strict=True)
    return [ContentLine(content, done, needed) for content, (done, needed) in pairs if needed]


def _cells(rows: list[Row], state: str) -> list[tuple[Row, Cell]]:
    found = [(row, cell) for row in rows for cell in row.cells if cell.state == state]
    return sorted(found, key=lambda pair: pair[1].valid_until)


def name_of(pack: Pack) -> str:
    """Return the name of the pack's files, without their ending."""
    return slugify(f"safeguarding training evidence {pack.organisation} {pack.today:%Y-%m-%d}")


def tables(pack: Pack) -> list[Table]:
    """Return the pack as the sheets of a workbook."""
    sheets = [_summary(pack), _people(pack), matrix.table(pack.rows), _runs_out(pack), _outside(pack), _impact(pack)]
    if pack.standing:
        sheets.insert(1, _safeguarding(pack.standing))
    return sheets


def _summary(pack: Pack) -> Table:
    facts = [
        ["Organisation", pack.organisation.name],
        ["URN", pack.organisation.urn],
        ["For", pack.audit],
        ["As of", pack.today],
        ["People", pack.summary.people],
        ["People who have all they need", pack.summary.complete],
        ["Percent who have all they need", pack.summary.percent],
        ["People with something missing or expired", pack.summary.overdue],
        ["People without a competence group", pack.without_group],
        ["Places booked in the last 12 months", pack.booked],
        ["Attended in full", pack.attended],
        ["Not used (cancelled late, or not attended in full)", pack.not_used],
        ["Managers asked twelve weeks on", pack.findings.rate.asked],
        ["Managers who answered", pack.findings.rate.answered],
    ]
    facts += [[f"{line.group}: percent of contents done", line.percent] for line in pack.groups]
    facts += [[f"{line.content}: percent who have it", line.percent] for line in pack.contents]
    return Table("Summary", ["What", "Value"], facts)


def _people(pack: Pack) -> Table:
    lines = [
        [
            row.person.full_name, row.person.job_role, row.person.group_id or "", row.done, row.required, row.percent,
            row.expired, row.missing, row.membership.started_on,
        ]
        for row in pack.rows
    ]  # fmt: skip
    headings = ["Name", "Job role", "Group", "Done", "Needed", "Percent", "Expired", "Missing", "Works here since"]
    return Table("People", headings, lines)


def _runs_out(pack: Pack) -> Table:
    lines = [
        [row.person.full_name, cell.content.short_name, cell.by, cell.completed_on, cell.valid_until, cell.words]
        for row, cell in pack.expired + pack.due
    ]
    return Table("Running out", ["Name", "Content", "Training", "Completed", "Until", "State"], lines)


def _outside(pack: Pack) -> Table:
    lines = [
        [
            record.person.full_name, record.name, record.provider, record.completed_on,
            ", ".join(content.short_name for content in record.contents.all()),
        ]
        for record in pack.outside
    ]  # fmt: skip
    return Table("Training elsewhere", ["Name", "Training", "Provider", "Completed", "Contents"], lines)


def _impact(pack: Pack) -> Table:
    """Return what managers answered twelve weeks on, a line an answer; averages are out of 5."""
    findings = pack.findings
    lines = [[seen.name, "Average before the course", seen.before, seen.people] for seen in findings.seen]
    lines += [[seen.name, "Average as the manager sees it", seen.then, seen.people] for seen in findings.seen]
    for spread in findings.spreads:
        lines += [[spread.question, answer, number, spread.number] for answer, number in spread.counts]
    lines += [["Themes of what they wrote", theme, number, None] for theme, number in findings.themes]
    if findings.too_few:
        lines.append([f"Fewer than {findings.threshold} answers: too few to show", "", None, findings.rate.answered])
    return Table("Manager findings", ["Question", "Answer", "Value", "Of answers"], lines)


def _safeguarding(standing: schools.Standing) -> Table:
    lines = [
        [
            holder.role.person.full_name, holder.role.get_role_display(), holder.role.since,
            holder.training.on if holder.training else None, holder.training.until if holder.training else None,
            holder.problem or "In date",
        ]
        for holder in standing.holders
    ]  # fmt: skip
    whole = standing.whole_school
    lines.append(
        ["All staff together", whole.by if whole else "", None, whole.on if whole else None,
         whole.until if whole else None, "" if whole else "No record"]
    )  # fmt: skip
    lines += [["Missing", sentence, None, None, None, ""] for sentence in standing.missing]
    return Table("Safeguarding leads", ["Name", "As", "Since", "Trained", "Until", "State"], lines)
