"""People by training contents, as Appendix 4 looks: the same table for the page and for its files."""

from learning.teams import Cell, Row
from wscb_training.tables import Table
from wscb_training.wording import short_day

COLOURED = ("done", "due", "expired", "missing")


def table(rows: list[Row], *, title: str = "Training matrix") -> Table:
    """Return the matrix: a person a row, a content a column, and at the end how much of the pathway is done."""
    contents = [cell.content for cell in rows[0].cells] if rows else []
    headings = [
        "Name", "Job role", "Group", *(content.short_name for content in contents), "Done", "Needed", "Percent",
    ]  # fmt: skip
    lines = [
        [
            row.person.full_name, row.person.job_role, row.person.group_id or "",
            *(words(cell) for cell in row.cells), row.done, row.required, row.percent,
        ]
        for row in rows
    ]  # fmt: skip
    colours = {
        (number, column + 3): cell.state
        for number, row in enumerate(rows)
        for column, cell in enumerate(row.cells)
        if cell.state in COLOURED
    }
    return Table(title, headings, lines, colours)


def words(cell: Cell) -> str:
    """Return what a cell says in a file: "Done until 12 January 2027", "Missing", or nothing where not needed."""
    if not cell.needed:
        return ""
    if cell.valid_until and cell.done:
        return f"{cell.words} until {short_day(cell.valid_until)}" if cell.state == "done" else (
            f"Due by {short_day(cell.valid_until)}"
        )  # fmt: skip
    if cell.valid_until:
        return f"Expired on {short_day(cell.valid_until)}"
    return cell.words


def totals(rows: list[Row]) -> list[tuple[int, int]]:
    """Return for each content how many have it of how many need it."""
    if not rows:
        return []
    columns = zip(*(row.cells for row in rows), strict=True)
    return [(sum(cell.done for cell in column), sum(cell.needed for cell in column)) for column in columns]
