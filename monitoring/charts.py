"""The small line beside a figure: how it grew over the months of the year."""

from dataclasses import dataclass
from datetime import date

from monitoring.rules import plain_number

WIDTH, HEIGHT, MARGIN = 100, 28, 3


@dataclass(frozen=True)
class Sparkline:
    """A line as SVG points, with what it shows in words."""

    points: str
    last_x: float
    last_y: float
    words: str


def sparkline(line: list[tuple[date, float]], *, starts_on: date, as_at: date, sign: str = "") -> Sparkline | None:
    """Return the line from the start of the year to the day, or None where there is nothing to draw.

    `line` has the value reached in each month; between two of them it stays as it was. `sign` follows a value ("%").
    """
    if not line:
        return None
    days = max(1, (as_at - starts_on).days)
    known = [*line, (as_at, line[-1][1])]
    most = max(max(value for _, value in known), 1e-9)
    least = min(0, *(value for _, value in known))
    x = [MARGIN + (WIDTH - 2 * MARGIN) * max(0, (day - starts_on).days) / days for day, _ in known]
    y = [HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (value - least) / (most - least) for _, value in known]
    points = " ".join(f"{across:.1f},{up:.1f}" for across, up in zip(x, y, strict=True))
    first, last = line[0], known[-1]
    words = (
        f"{plain_number(round(first[1], 1))}{sign} by the end of {first[0]:%B %Y}, "
        f"{plain_number(round(last[1], 1))}{sign} by {last[0].day} {last[0]:%B %Y}"
    )
    return Sparkline(points, round(x[-1], 1), round(y[-1], 1), words)
