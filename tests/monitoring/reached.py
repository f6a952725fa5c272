"""The numbers of the reach page, each with what its link opens: as somebody finds them who presses every one."""

import html
import re
from urllib.parse import parse_qs, parse_qsl, urlsplit

from monitoring import listing
from monitoring.reach import ROWS, Reach

LINK = re.compile(r'<a class="govuk-link" href="(/reach/[^"]+)">([\d,]+)<')
LABELLED = re.compile(r'data-label="([^"]+)">([^<]+)<')


def links(page: str) -> list[tuple[str, int]]:
    """Return every number of the page that opens rows: the address and the number."""
    return [(html.unescape(address), int(number.replace(",", ""))) for address, number in LINK.findall(page)]


def without_rows(page: str, found: Reach) -> list[str]:
    """Return the numbers above nought of either year that open nothing."""
    years = (found.period.name, f"{found.before.name}, same days", "Organisations reached", "Events in the community")
    cells = [text.strip() for label, text in LABELLED.findall(page) if html.unescape(label) in years]
    return [text for text in cells if re.fullmatch(r"[\d,]+", text) and text != "0"]


def opened(address: str, found: Reach) -> list[int]:
    """Return what a link opens as numbers: how many rows, or of places what they add up to."""
    name, query = urlsplit(address).path.strip("/").split("/")[1], urlsplit(address).query
    year = int(parse_qs(query)["year"][0])
    period = next(each for each in (found.period, found.before) if each.year == year)
    assert parse_qs(query)["as-at"] == [f"{period.as_at}"]
    rows = ROWS[name][1](period)
    items = listing.filtered(rows, dict(parse_qsl(query)))[0]
    if rows.weighed:
        return [sum(row.part for row in items), sum(row.whole for row in items)]
    return [items.count()]
