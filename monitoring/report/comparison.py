"""Two snapshots held against each other: what each priority, figure and table was in the last report. Pure."""

from dataclasses import replace

from monitoring.models import Indicator
from monitoring.report.part import NO_DATA, Part
from monitoring.rules import Status, plain_number

# From the worst to the best; "no data" is not a place on the way.
ORDER = [Status.NOT_MET, Status.NOT_MET_SO_FAR, Status.AT_RISK, Status.ON_TRACK, Status.MET]


def change_of_status(now: str, then: str | None) -> str:
    """Return "better", "worse", "same", or "" where the two can't be put in order."""
    if then is None:
        return ""
    if now == then:
        return "same"
    if now not in ORDER or then not in ORDER:
        return ""
    return "better" if ORDER.index(Status(now)) > ORDER.index(Status(then)) else "worse"


def change_of_figure(now: dict, then: dict | None) -> str:
    """Return how a figure moved since the last report: "+6.2 points", "−2", "no change", or "" where nobody can say."""
    if not then or now["number"] is None or then["number"] is None or now["kind"] != then["kind"]:
        return ""
    difference = round(now["number"] - then["number"], 2)
    if not difference:
        return "no change"
    if now["kind"] == Indicator.Kind.MEAN:
        return f"{difference:+.2f}".replace("-", "−")
    sign = "+" if difference > 0 else "−"
    points = " points" if now["kind"] == Indicator.Kind.RATIO else ""
    return f"{sign}{plain_number(round(abs(difference), 1))}{points}"


def with_last(part: Part, last: Part | None, *, heading: str) -> Part:
    """Return a table with the last report's column beside its own, row by row by the first cell."""
    if part.compared is None or last is None or last.compared is None:
        return part
    then = {row[0]: row[last.compared] for row in last.rows}
    place = part.compared + 1
    rows = [[*row[:place], then.get(row[0], NO_DATA), *row[place:]] for row in part.rows]
    drawn = [column + (column >= place) for column in part.drawn]
    headings = [*part.headings[:place], heading, *part.headings[place:]]
    return replace(part, headings=headings, rows=rows, drawn=drawn)
