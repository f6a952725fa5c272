"""The gap analysis as tables for files."""

from datetime import date, datetime

from monitoring.gaps.closing import Closing, closing_courses
from monitoring.gaps.counted import Gaps, Line
from wscb_training.tables import Table
from wscb_training.wording import local_date


def line_table(title: str, first: str, lines: list[Line]) -> Table:
    """Return lines as a table for a file: of each content how many lack it of how many need it."""
    contents = [cell.content for cell in lines[0].cells] if lines else []
    headings = [first, "People", *(f"Missing: {content.short_name}" for content in contents)]
    headings += [f"Needed: {content.short_name}" for content in contents]
    headings += ["Missing in all", "Needed in all", "Percent met", "Own courses in 12 months"]
    rows = [
        [
            line.name, line.people, *(cell.missing for cell in line.cells), *(cell.needed for cell in line.cells),
            line.missing, line.needed, line.percent, line.own_trainings,
        ]
        for line in lines
    ]  # fmt: skip
    return Table(title, headings, rows)


def closing_table(courses: list[Closing]) -> Table:
    """Return the courses that would close gaps as a table for a file."""
    headings = [
        "Course", "Delivery", "Would fill the pathway of", "Contents filled", "Of these booked already",
        "Places left at events", "Places at drafts", "No place planned for", "Next event",
    ]  # fmt: skip
    rows = [
        [
            each.course.title, each.course.get_delivery_display(), each.would_fill, each.contents_filled, each.booked,
            each.places_left, each.places_proposed, each.places_short, _next(each),
        ]
        for each in courses
    ]  # fmt: skip
    return Table("What would close gaps", headings, rows)


def _next(course: Closing) -> date | str:
    dates = [running.event.starts_at for running in course.events if running.event.starts_at]
    return local_date(min(dates)) if dates else ""


def tables(gaps: Gaps, *, now: datetime) -> list[Table]:
    """Return the whole analysis as tables: by sector, group and organisation, and what would close most of it."""
    return [
        line_table("Gaps by sector", "Sector", [*gaps.by_sector(), gaps.total]),
        line_table("Gaps by group", "Group", [*gaps.by_group(), gaps.total]),
        line_table("Gaps by organisation", "Organisation", gaps.by_organisation()),
        closing_table(closing_courses(gaps, now=now)),
    ]
