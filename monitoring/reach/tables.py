"""Reach as tables: for files, and for the Sub-committee's report (§16)."""

from monitoring.reach.counted import Line, Reach
from wscb_training.tables import Table
from wscb_training.wording import short_day


def tables(found: Reach) -> list[Table]:
    """Return all tables of reach, as the page shows them."""
    return [
        _table("Take-up", "What", found.headlines, found),
        _table("By month", "Month", found.months, found),
        *(_table(each.title, each.heading, each.lines, found) for each in found.breakdowns),
        _table("Voluntary sector", "What", found.voluntary, found),
        _table("Community", "What", found.community, found),
        _districts(found),
    ]


def one_table(found: Reach) -> Table:
    """Return everything in one table, for a CSV: which table a line is of stands first."""
    made = tables(found)[:-1]
    lines = [[table.title, *row] for table in made for row in table.rows]
    places = [
        ["By postcode district", f"{d.code} {d.name}", *_numbers(d.take_up)]
        for d in found.districts
    ]  # fmt: skip
    places.append(["By postcode district", found.elsewhere.name, *_numbers(found.elsewhere)])
    return Table("Reach", ["Table", "What", *_years(found)], [*lines, *places])


def _years(found: Reach) -> list[str]:
    return [
        f"{found.period.name}, to {short_day(found.period.as_at)}",
        f"{found.before.name}, to {short_day(found.before.as_at)}",
        "Change",
    ]


def _table(title: str, heading: str, lines: list[Line], found: Reach) -> Table:
    return Table(title, [heading, *_years(found)], [[line.name, *_numbers(line)] for line in lines])


def _numbers(line: Line) -> list:
    return [line.this, "No data" if line.last is None else line.last, line.change.replace("−", "-")]


def _districts(found: Reach) -> Table:
    headings = [
        "District", "Name", *_years(found), "Active organisations", "Organisations reached", "Share reached",
        "Events in the community delivered there",
    ]  # fmt: skip
    lines = [
        [d.code, d.name, *_numbers(d.take_up), d.organisations, d.reached, d.share, d.community_events]
        for d in found.districts
    ]
    return Table(
        "By postcode district",
        headings,
        [*lines, ["", found.elsewhere.name, *_numbers(found.elsewhere), "", "", "", ""]],
    )
