"""A report as page, paper and files show it: frozen figures beside the last report's, T&D's words. Counts nothing."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from monitoring.charts import Sparkline, sparkline
from monitoring.figures import under
from monitoring.models import SUMMARY, Indicator, Report, ReportPoint
from monitoring.report import charts
from monitoring.report.comparison import change_of_figure, change_of_status, with_last
from monitoring.report.part import Part
from monitoring.rules import Status
from wscb_training.tables import Table
from wscb_training.wording import short_day


@dataclass(frozen=True)
class Chapter:
    """A chapter of tables: its name in the page's address, its title, what it is about, each table with its chart."""

    name: str
    title: str
    about: str
    parts: list[tuple[Part, str]]


TITLES = {
    "delivery": ("What was delivered", "Courses and events, who came and who did not, by agency and by course."),
    "voices": ("What people said", "Questionnaires before and after the course, and twelve weeks on."),
    "reach": (
        "Who is reached",
        "Take-up is counted in attendances at events and online courses completed, against the same days of last year.",
    ),
    "gaps": ("Where the gaps are", "What people still need, and what they asked for and could not have."),
}


@dataclass(frozen=True)
class ShownFigure:
    """A frozen figure with the last report's value and the line to draw."""

    frozen: dict
    last: dict | None
    line: Sparkline | None

    @property
    def status(self) -> Status:
        return Status(self.frozen["status"])

    @property
    def picture(self) -> str:
        """The line as the address of a picture, for paper."""
        return charts.line(self.line)

    @property
    def under(self) -> str:
        """What stands under the value, or "" where there is no data."""
        frozen = self.frozen
        return under(frozen["kind"], frozen["unit"], frozen["detail"]) if frozen["has_data"] else ""

    @property
    def since_last(self) -> str:
        return change_of_figure(self.frozen, self.last)


@dataclass(frozen=True)
class ShownPriority:
    """A frozen priority, its status in the last report, and what T&D says to it."""

    frozen: dict
    last: dict | None
    figures: list[ShownFigure]
    commentary: str

    @property
    def status(self) -> Status:
        return Status(self.frozen["status"])

    @property
    def last_status(self) -> Status | None:
        return Status(self.last["status"]) if self.last else None

    @property
    def change(self) -> str:
        return change_of_status(self.frozen["status"], self.last["status"] if self.last else None)


class Reading:
    """A report to read. `report` comes with its snapshot; the last report is what it was compared with when approved.

    A draft is compared with the newest report that stands now.
    """

    def __init__(self, report: Report):
        self.report, self.content = report, report.snapshot.content
        self.period = self.content["period"]
        self.last = report.compared_with if report.words is not None else last_standing(before=report)
        self.last_content = self.last.snapshot.content if self.last else None
        self.words = report.words if report.words is not None else words_of(report)

    @property
    def summary(self) -> str:
        """What T&D says to the whole."""
        return self.words["commentary"].get(str(SUMMARY), "")

    @property
    def last_words(self) -> str:
        """ "30 September 2026": the day of the last report's figures, or ""."""
        return short_day(date.fromisoformat(self.last_content["period"]["as_at"])) if self.last else ""

    @property
    def as_at(self) -> date:
        return date.fromisoformat(self.period["as_at"])

    @cached_property
    def priorities(self) -> list[ShownPriority]:
        last = {each["number"]: each for each in self.last_content["priorities"]} if self.last else {}
        figures = {each["code"]: each for priority in last.values() for each in priority["figures"]}
        return [
            ShownPriority(
                each,
                last.get(each["number"]),
                [ShownFigure(figure, figures.get(figure["code"]), self._line(figure)) for figure in each["figures"]],
                self.words["commentary"].get(str(each["number"]), ""),
            )
            for each in self.content["priorities"]
        ]

    def _line(self, figure: dict) -> Sparkline | None:
        line = [(date.fromisoformat(day), value) for day, value in figure["line"]]
        sign = "%" if figure["kind"] in (Indicator.Kind.RATIO, Indicator.Kind.EVIDENCE) else ""
        return sparkline(line, starts_on=date.fromisoformat(self.period["starts_on"]), as_at=self.as_at, sign=sign)

    @property
    def by_status(self) -> list[tuple[Status, int]]:
        """How many priorities have each status, the best first."""
        statuses = [priority.status for priority in self.priorities]
        return [(status, statuses.count(status)) for status in reversed(Status) if status in statuses]

    @property
    def moved(self) -> dict[str, list[ShownPriority]]:
        """The priorities that are better and those that are worse than in the last report."""
        return {way: [each for each in self.priorities if each.change == way] for way in ("better", "worse")}

    @cached_property
    def parts(self) -> dict[str, list[Part]]:
        """The tables of each chapter, each with the last report's column where it has one."""
        last = {part.name: part for part in self._parts_of(self.last_content)}
        return {
            name: [with_last(Part.of(each), last.get(each["name"]), heading=f"On {self.last_words}") for each in parts]
            for name, parts in self.content["chapters"].items()
        }

    @staticmethod
    def _parts_of(content: dict | None) -> list[Part]:
        return [Part.of(each) for parts in content["chapters"].values() for each in parts] if content else []

    @cached_property
    def chapters(self) -> list[Chapter]:
        return [
            Chapter(name, *TITLES[name], [(part, charts.of(part)) for part in parts])
            for name, parts in self.parts.items()
        ]

    @property
    def headlines(self) -> list[tuple[str, object]]:
        """The figures at the top of the summary: words and number."""
        whole = next((part for part in self.parts.get("delivery", []) if part.name == "delivery"), None)
        rows = {row[0]: row[1] for row in whole.rows} if whole else {}
        wanted = [
            ("events delivered", "Events delivered", ""),
            ("people trained", "People trained, each counted once", ""),
            ("attendance rate", "Attendance rate (% of places booked)", "%"),
            ("online courses completed", "Online courses completed", ""),
        ]
        return [
            (words, "No data" if rows.get(name) is None else f"{rows[name]:,}{sign}") for words, name, sign in wanted
        ]

    @property
    def risks(self) -> list[dict]:
        return [point for point in self.words["points"] if point["kind"] == ReportPoint.Kind.RISK]

    @property
    def actions(self) -> list[dict]:
        return [point for point in self.words["points"] if point["kind"] == ReportPoint.Kind.ACTION]

    def tables(self) -> dict[str, Table]:
        """Return every table of the report as a sheet, by the name in its address."""
        made = {"priorities": self._statuses(), "figures": self._figures()}
        made |= {part.name: part.table for parts in self.parts.values() for part in parts}
        return made | {"risks": self._points("Risks", self.risks), "actions": self._points("Actions", self.actions)}

    def _statuses(self) -> Table:
        headings = ["Priority", "Name", "Status", "Why", f"Status on {self.last_words}" if self.last else "Last report",
                    "Commentary", "Period"]  # fmt: skip
        rows = [
            [each.frozen["number"], each.frozen["name"], each.status.words, each.frozen["reason"],
             each.last_status.words if each.last_status else "", each.commentary, self.period["words"]]
            for each in self.priorities
        ]  # fmt: skip
        return Table("Priorities", headings, rows)

    def _figures(self) -> Table:
        headings = ["Priority", "Figure", "What it measures", "Value", "Unit", "Counted", "Rows", "Target",
                    "Target set by", "Status", "Same days last year", "Last report", "Since last report", "Period",
                    "Source"]  # fmt: skip
        rows = [
            [
                each.frozen["number"], f["code"], f["name"], f["value"], f["unit"], f["detail"], f["rows"], f["target"],
                f["target_source"], shown.status.words, f["last_year"], shown.last["value"] if shown.last else "",
                shown.since_last, self.period["words"], f["source"],
            ]
            for each in self.priorities for shown in each.figures for f in [shown.frozen]
        ]  # fmt: skip
        return Table("Figures", headings, rows)

    @staticmethod
    def _points(title: str, points: list[dict]) -> Table:
        headings = [title[:-1], "What is done", "Owner", "By", "Level or state"]
        rows = [[each["text"], each["response"], each["owner"], each["due"], each["state"]] for each in points]
        return Table(title, headings, rows)


def last_standing(*, before: Report) -> Report | None:
    """Return the newest report before this one that was approved and not withdrawn, with figures no newer than its own.

    A report of the very same figures is passed over: there is nothing to compare.
    """
    found = Report.objects.standing().filter(number__lt=before.number, snapshot__as_at__lte=before.snapshot.as_at)
    return found.exclude(snapshot=before.snapshot_id).select_related("snapshot").order_by("-number").first()


def words_of(report: Report) -> dict:
    """Return T&D's words on a draft as they stand now, in the form in which an approval freezes them."""
    return {
        "commentary": {str(each.number): each.text for each in report.commentaries.all() if each.text},
        "points": [_point(each) for each in report.points.all()],
    }


def _point(point: ReportPoint) -> dict:
    state = point.get_level_display() if point.kind == ReportPoint.Kind.RISK else "Done" if point.is_done else "Open"
    return {
        "pk": point.pk, "kind": point.kind, "text": point.text, "response": point.response, "owner": point.owner,
        "due": short_day(point.due_on), "state": state,
    }  # fmt: skip
