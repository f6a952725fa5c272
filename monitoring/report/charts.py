"""The pictures of a report's tables: bars of the columns that a table says are drawn. Each stands beside its table."""

from monitoring.charts import HEIGHT, WIDTH, Sparkline
from monitoring.report.part import Part
from wscb_training.charts import as_address, bars, round_axis

MOST_BARS = 12
THICK = 13  # pixels of a bar: the chart and its table fit one page


def of(part: Part) -> str:
    """Return the picture of a table as its address, or "" where there is nothing to draw."""
    labels, series = _by_name(part) if part.series is not None else _by_column(part)
    values = [value for _, numbers in series for value in numbers if value is not None]
    if not any(values):
        return ""
    if min(values) < 0 or max(values) <= 5:
        return bars(labels, series, least=min(-1, *values), most=max(2, *values), thick=THICK)
    most, step = round_axis(max(values))
    return bars(labels, series, least=0, most=most, step=step, thick=THICK)


def _by_column(part: Part) -> tuple[list[str], list]:
    """Return a label a row, and the drawn columns as bars; the first rows that have a number."""
    rows = [row for row in part.rows if any(_number(row[column]) for column in part.drawn)][:MOST_BARS]
    return [row[0] for row in rows], [
        (part.headings[column], [_number(row[column]) for row in rows]) for column in part.drawn
    ]


def _by_name(part: Part) -> tuple[list[str], list]:
    """Return a label for all rows that begin alike, and a bar for each name that another column has."""
    [column] = part.drawn
    values = {(row[0], row[part.series]): _number(row[column]) for row in part.rows}
    labels, names = (list(dict.fromkeys(key[place] for key in values)) for place in (0, 1))
    return labels, [(name, [values.get((label, name)) for label in labels]) for name in names]


def _number(value) -> int | float | None:
    return value if isinstance(value, int | float) else None


def line(found: Sparkline) -> str:
    """Return the small line beside a figure as the address of a picture."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<polyline points="{found.points}" fill="none" stroke="#00617a" stroke-width="2"/>'
        f'<circle cx="{found.last_x}" cy="{found.last_y}" r="2.5" fill="#00617a"/></svg>'
    )
    return as_address(svg)
