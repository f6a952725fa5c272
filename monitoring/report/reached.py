"""Who is reached: take-up across the workforce, this year and the same days of last year (§6.8, §6.9)."""

from monitoring.reach import Line, count_reach
from monitoring.reach.counted import Reach
from monitoring.report.part import NO_DATA, Part
from monitoring.rules import Period

HEADINGS = ["This year", "Same days last year"]
RECORDS, BASELINE = "Training records", "before this system a baseline that was imported"
UNIT = "Numbers are attendances and online completions."
DRAWN = ("sector",)
MOST_LINES = 12


def parts(period: Period) -> list[Part]:
    """Return the tables of this chapter."""
    found = count_reach(period, now=period.moment)
    whole = _part("reached", "Reach", "The whole workforce", "Number of", found.headlines, period, RECORDS)
    return [whole, *_breakdowns(found, period), _voluntary(found, period), _districts(found, period)]


def _breakdowns(found: Reach, period: Period) -> list[Part]:
    return [
        _part(
            f"reach-{each.code}", title := f"Take-up {each.title.lower()}", title, each.heading, _told(each.lines),
            period, _source(each.lines), notes=[UNIT, *each.notes], drawn=[1, 2] if each.code in DRAWN else [],
        )
        for each in found.breakdowns
    ]  # fmt: skip


def _source(lines: list[Line]) -> str:
    return RECORDS if all(line.last_is_rows for line in lines) else f"{RECORDS}; {BASELINE}"


def _told(lines: list[Line]) -> list[Line]:
    """Leave out what nobody took part in, this year or last, where the list is long."""
    return [line for line in lines if line.this or line.last] if len(lines) > MOST_LINES else lines


def _part(name: str, sheet: str, title: str, heading: str, lines: list[Line], period: Period, source: str, *,
          notes=(), drawn=()) -> Part:  # fmt: skip
    rows = [[line.name, line.this, NO_DATA if line.last is None else line.last] for line in lines]
    note = " ".join([*notes, *(line.note for line in lines if line.note)])
    return Part(
        name, sheet, title, [heading, *HEADINGS], rows, period.in_words, source, note=note, drawn=drawn, compared=1,
        empty="Nobody has taken part yet.",
    )  # fmt: skip


def _voluntary(found: Reach, period: Period) -> Part:
    lines = [*found.voluntary, *found.community]
    title = "The voluntary sector, and events in the community"
    return _part("voluntary", "Voluntary sector", title, "Number of", lines, period, "Events, bookings, registers",
                 notes=[f"Of all places at events held face to face {found.voluntary_share} are secured."])  # fmt: skip


def _districts(found: Reach, period: Period) -> Part:
    rows = [
        [f"{each.code} {each.name}", each.take_up.this, NO_DATA if each.take_up.last is None else each.take_up.last,
         each.reached, each.organisations, each.community_events] for each in found.districts
    ]  # fmt: skip
    elsewhere = found.elsewhere
    rows.append(
        [elsewhere.name, elsewhere.this, NO_DATA if elsewhere.last is None else elsewhere.last, None, None, None]
    )
    headings = ["Postcode district", *HEADINGS, "Organisations reached", "Of organisations", "Events there"]
    return Part(
        "districts", "Take-up by district", "Take-up by part of the borough", headings, rows, period.in_words,
        "Training records, postcodes of organisations and venues",
        note=f"{UNIT} They count where the organisation of a person lies. Events there are hosted in the community.",
    )  # fmt: skip
