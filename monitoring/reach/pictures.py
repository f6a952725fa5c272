"""Reach as pictures: bars for a breakdown, and squares for the postcode districts. Each stands beside its table."""

from html import escape

from monitoring.reach.counted import Breakdown, District, Line, Reach
from monitoring.reach.rows import DISTRICTS
from wscb_training.charts import as_address, bars, round_axis

MOST_BARS = 15
TINTS = ((0.9, "#8fbfc9"), (0.75, "#b9d6dc"), (0.5, "#dceaed"), (0, "#f3f6f7"))  # from this share reached on
SIDE, GAP, FOOT = 150, 8, 52  # points; at the foot stand unit, period and source, for the picture is saved alone


def chart(breakdown: Breakdown, found: Reach) -> str:
    """Return a breakdown as bars of this year and last, or "" where there is nothing to draw.

    Of many lines the first fifteen with a number are drawn.
    """
    return _bars([line for line in breakdown.lines if line.this or line.last][:MOST_BARS], found)


def months_chart(found: Reach) -> str:
    """Return the months of both years as bars."""
    return _bars(found.months, found)


def _bars(lines: list[Line], found: Reach) -> str:
    if not any(line.this or line.last for line in lines):
        return ""
    most, step = round_axis(max(max(line.this, line.last or 0) for line in lines))
    series = [(found.period.name, [line.this for line in lines])]
    if any(line.last is not None for line in lines):
        series.append((f"{found.before.name}, same days", [line.last for line in lines]))
    return bars([line.name for line in lines], series, least=0, most=most, step=step, thick=17)


def tiles(found: Reach) -> str:
    """Return the postcode districts as the text of an SVG: a square each, placed roughly as they lie.

    A square says the take-up of who works there; the darker, the larger the share of its organisations reached.
    """
    columns = max(column for _, column, _ in DISTRICTS.values()) + 1
    lines = max(line for _, _, line in DISTRICTS.values()) + 1
    width, height = columns * (SIDE + GAP) - GAP, lines * (SIDE + GAP) - GAP
    squares = "".join(_square(district) for district in found.districts)
    foot = "".join(
        f'<text x="0" y="{height + down}" font-size="13">{escape(text)}</text>'
        for down, text in (
            (24, f"Attendances and online completions, {found.period.in_words}; last year to the same day."),
            (43, "Source: closed registers, records of online learning, postcodes of organisations."),
        )
    )
    about = f"Postcode districts of the borough, {found.period.in_words}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height + FOOT}" width="{width}" '
        f'height="{height + FOOT}" '
        f'role="img" font-family="Arial, Liberation Sans, sans-serif" fill="#14262d"><title>{escape(about)}</title>'
        f"{squares}{foot}</svg>"
    )


def _square(district: District) -> str:
    _, column, line = DISTRICTS[district.code]
    x, y = column * (SIDE + GAP), line * (SIDE + GAP)
    share = district.reached / district.organisations if district.organisations else 0
    tint = next(tint for least, tint in TINTS if share >= least)
    reached = (
        f"{district.reached} of {district.organisations} reached" if district.organisations else "no organisations"
    )
    last = "no data" if district.take_up.last is None else f"{district.take_up.last:,}"
    texts = [
        (24, 20, "bold", district.code), (44, 13, "normal", district.name[:22]),
        (86, 30, "bold", f"{district.take_up.this:,}"),
        (108, 13, "normal", f"last year {last}"),
        (134, 13, "normal", reached),
    ]  # fmt: skip
    written = "".join(
        f'<text x="{x + 10}" y="{y + down}" font-size="{size}" font-weight="{weight}">{escape(text)}</text>'
        for down, size, weight, text in texts
    )
    return (
        f'<rect x="{x + 1}" y="{y + 1}" width="{SIDE - 2}" height="{SIDE - 2}" rx="4" fill="{tint}" stroke="#00617a"/>'
        f"{written}"
    )


def tile_map(found: Reach) -> str:
    """Return the squares as the address of a picture."""
    return as_address(tiles(found))
