"""Tables as files: XLSX for spreadsheet programs, CSV for everything else. What goes in is what the page shows."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADING = Font(bold=True)
FILLS = {
    "done": PatternFill("solid", fgColor="DCEFE5"),
    "due": PatternFill("solid", fgColor="FFF1C9"),
    "expired": PatternFill("solid", fgColor="F8D9D6"),
    "missing": PatternFill("solid", fgColor="FBE3D5"),
}
WIDEST = 45  # characters


@dataclass(frozen=True)
class Table:
    """A titled table: a heading for each column, and rows of text, numbers and dates; colours by (row, column)."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence]
    colours: dict[tuple[int, int], str] | None = None


def csv_file(table: Table, *, name: str) -> HttpResponse:
    """Return the table as a CSV download that spreadsheet programs read as UTF-8, with no formula in it."""
    text = StringIO()
    writer = csv.writer(text)
    for row in (table.headings, *table.rows):
        writer.writerow([as_text(value) for value in row])
    return as_file(("\ufeff" + text.getvalue()).encode(), f"{slugify(name)}.csv", "text/csv; charset=utf-8")


def xlsx_file(tables: Iterable[Table], *, name: str) -> HttpResponse:
    """Return the tables as the sheets of one workbook to download."""
    return as_file(workbook(tables), f"{slugify(name)}.xlsx", XLSX)


def workbook(tables: Iterable[Table]) -> bytes:
    """Return an XLSX workbook with a sheet for each table."""
    book = Workbook()
    book.remove(book.active)
    for table in tables:
        _write_sheet(book.create_sheet(table.title[:31]), table)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _write_sheet(sheet, table: Table) -> None:
    for column, heading in enumerate(table.headings, start=1):
        cell = _write(sheet.cell(1, column), heading)
        cell.font, cell.alignment = HEADING, Alignment(wrap_text=True, vertical="top")
    for number, row in enumerate(table.rows):
        for column, value in enumerate(row):
            cell = _write(sheet.cell(number + 2, column + 1), value)
            if colour := (table.colours or {}).get((number, column)):
                cell.fill = FILLS[colour]
    sheet.freeze_panes = "B2"
    for column in range(len(table.headings)):
        longest = max((len(str(row[column])) for row in table.rows if row[column] is not None), default=0)
        sheet.column_dimensions[get_column_letter(column + 1)].width = max(12, min(WIDEST, longest + 2))


def _write(cell: Cell, value) -> Cell:
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula, whatever it begins with
    return cell


def as_file(content: bytes, name: str, content_type: str) -> HttpResponse:
    """Return the answer that saves a file under a name; nothing is guessed about it, and nothing shown in the site."""
    headers = {"Content-Disposition": content_disposition_header(True, name), "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=content_type, headers=headers)


def as_text(value):
    """Return a cell's value such that no spreadsheet takes it for a formula: text with = + - @ first gets a quote.

    Numbers and dates stay as they are.
    """
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
