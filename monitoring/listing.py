"""The rows of a figure as a page and a file show them: filtered, a page at a time, each cell worded."""

from dataclasses import dataclass

from django.db.models import QuerySet

from monitoring.indicators import Rows
from wscb_training.tables import Table

LONGEST = 200  # letters of a value to filter by
COUNTED = {"yes": True, "no": False}


@dataclass(frozen=True)
class Choice:
    """A filter of the rows: its name in the query, its label, what can be chosen (value, words), and what is."""

    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str


def filtered(rows: Rows, query) -> tuple[QuerySet | list, list[Choice]]:
    """Return the rows that a query string asks for, in order, and the filters with what is chosen."""
    items, choices = rows.items, []
    for name, (label, field, *words) in rows.filters.items():
        chosen, options = query.get(name, ""), _options(rows.items, field)
        values = {str(value): value for value in options}
        if chosen and chosen not in values and len(chosen) <= LONGEST:  # a choice of another year, say: no rows
            items = _none(items)
            values[chosen] = chosen
        elif chosen in values:
            items = _narrow(items, field, values[chosen])
        named = [(text, str(words[0].get(value, value)) if words else text) for text, value in values.items()]
        choices.append(Choice(name, label, named, chosen))
    if (counted := COUNTED.get(query.get("counted", ""))) is not None:
        items = _narrow(items, "is_counted", counted)
    if isinstance(items, QuerySet):
        items = rows.for_page(items.order_by(*rows.order) if rows.order else items)
    return items, choices


def too_few(rows: Rows) -> bool:
    """Return whether there are so few rows that showing them might tell who answered what."""
    return (
        0 < len(rows.items) < rows.at_least
        if isinstance(rows.items, list)
        else bool(rows.at_least and rows.items.order_by()[: rows.at_least].count() < rows.at_least)
    )


def _options(items, field: str) -> list:
    if isinstance(items, list):
        return sorted({getattr(row, field) for row in items})
    found = items.order_by(field).values_list(field, flat=True).distinct()
    return [value for value in found if value not in (None, "")]


def _narrow(items, field: str, value):
    if isinstance(items, list):
        return [row for row in items if getattr(row, field) == value]
    return items.filter(**{field: value})


def _none(items):
    return [] if isinstance(items, list) else items.none()


def cells(rows: Rows, row) -> list[tuple[str, object]]:
    """Return what a row shows: heading and value, column by column."""
    return [(heading, show(row)) for heading, show in rows.columns]


def table(rows: Rows, items, *, title: str) -> Table:
    """Return the rows as a table for a file; its last columns say whether each counts, or with what weight."""
    if rows.weighed:
        headings = [*(heading for heading, _ in rows.columns), "Counted", "Of"]
        return Table(title, headings, [[*_written(rows, row), row.part, row.whole] for row in _each(items)])
    headings = [heading for heading, _ in rows.columns] + ["Counted"]
    return Table(title, headings, [[*_written(rows, row), "Yes" if row.is_counted else "No"] for row in _each(items)])


def _each(items):
    return items if isinstance(items, list) else items.iterator(chunk_size=2000)


def _written(rows: Rows, row) -> list:
    values = [value for _, value in cells(rows, row)]
    return [value if isinstance(value, int | str) or hasattr(value, "year") else str(value) for value in values]
