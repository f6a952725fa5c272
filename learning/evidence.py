"""The evidence pack of an organisation for a Section 175/157 or Section 11 audit: the same facts for PDF and XLSX."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from accounts.models import Organisation, Policy
from bookings.models import Booking, TrainingRecord
from competence.rules import percent_done
from evaluations.models import Answer, Evaluation, Kind, Question
from learning import matrix, schools, teams
from learning.teams import Cell, Row, Summary
from wscb_training.tables import Table

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
    managers_answered: int  # impact forms answered in the last 12 months
    changes_seen: list[tuple[str, int]]  # what managers saw, by answer; empty under the suppression threshold

    @property
    def audit(self) -> str:
        """The audit that an organisation of this kind is asked for."""
        kind = self.organisation.kind
        if kind in (Organisation.Kind.INDEPENDENT_SCHOOL, Organisation.Kind.ACADEMY):
            return "Section 157 of the Education Act 2002"
        if kind in Organisation.SCHOOLS:
            return "Section 175 of the Education Act 2002"
        return "Section 11 of the Children Act 2004"


def pack(organisation: Organisation, *, today: date) -> Pack:
    """Gather the pack as it stands on `today`; the figures of attendance are those of the last 12 months."""
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
        **_manager_findings(organisation, today),
    )


def _manager_findings(organisation: Organisation, today: date) -> dict:
    """Return what managers said of changes in practice, twelve weeks on (§15); nothing under the threshold."""
    answered = Evaluation.objects.submitted().of_kind(Kind.IMPACT_MANAGER)
    answered = answered.filter(booking__organisation=organisation, submitted_at__date__gte=today - LOOKS_BACK)
    number, seen = answered.count(), Counter()
    if number >= Policy.current().suppression_threshold:
        measure = Question.Measure.CHANGE_SEEN
        for choices in Answer.objects.filter(evaluation__in=answered, question__measure=measure).values_list("choices"):
            seen.update(*choices)
    return {"managers_answered": number, "changes_seen": seen.most_common()}


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


def tables(pack: Pack) -> list[Table]:
    """Return the pack as the sheets of a workbook."""
    sheets = [_summary(pack), _people(pack), matrix.table(pack.rows), _runs_out(pack), _outside(pack)]
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
