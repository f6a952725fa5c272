"""Charts as pictures: pygal draws them, a page or PDF shows them in an <img>. Nothing of the domain.

The picture stands in its address (data:), so that a strict content policy of the page says nothing to its styles,
and a document needs no second fetch. Each chart has its table beside it. pygal is imported where a chart is drawn only.
"""

import sys
from base64 import b64encode
from collections.abc import Sequence
from math import ceil

COLOURS = ("#00617a", "#b5541c", "#5a4a8a", "#1b6e4b")
LONGEST = 46  # letters of a label; the table beside the chart has the whole


def bars(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[float | None]]],
    *,
    least: float,
    most: float,
    step: int = 1,
    thick: int = 26,
) -> str:
    """Return horizontal bars as the address of a picture: for each label a bar of each series (name, values).

    None draws no bar. The axis goes from `least` to `most` in whole steps of `step`.
    A bar is about `thick` pixels high.
    """
    import pygal

    _leave_no_finder()
    chart = pygal.HorizontalBar(
        style=_style(), js=[], disable_xml_declaration=True, show_legend=len(series) > 1, legend_at_bottom=True,
        legend_at_bottom_columns=1, width=900, height=110 + len(labels) * (thick * len(series) + 18) + 24 * len(series),
        range=(least, most), truncate_label=-1, margin=8, spacing=12,
        value_formatter=lambda value: f"{value:+g}" if least < 0 and value else f"{value:,g}",
        y_labels=list(range(int(least), int(most) + 1, step)),
    )  # fmt: skip
    # pygal draws from the bottom up; people read from the top down.
    chart.x_labels = [label if len(label) <= LONGEST else f"{label[:LONGEST]}…" for label in reversed(labels)]
    for name, values in series:
        chart.add(name, list(reversed(values)))
    return as_address(chart.render())


def _style():
    from pygal.style import Style

    return Style(
        background="transparent", plot_background="transparent", colors=COLOURS, opacity="1", opacity_hover="1",
        foreground="#14262d", foreground_strong="#14262d", foreground_subtle="#4a5b62",
        font_family="Arial, 'Liberation Sans', sans-serif", label_font_size=14, major_label_font_size=14,
        legend_font_size=14, value_font_size=14, guide_stroke_color="#d3dee1", major_guide_stroke_color="#7d8f95",
    )  # fmt: skip


def _leave_no_finder() -> None:
    """Take back the finder of plugins that pygal installs, of a kind that Python warns of; we have no plugins."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]


def as_address(svg: str) -> str:
    """Return a picture (SVG) as its own address, for an <img>."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def round_axis(most: float) -> tuple[int, int]:
    """Return where an axis of numbers from 0 ends, and its steps: five or fewer, of 1, 2 or 5 times a power of ten."""
    rough = max(1.0, most / 5)
    power = 10 ** (len(str(int(rough))) - 1)
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= rough)
    return step * max(1, ceil(most / step)), step
