"""A snapshot's content: every figure and table as at a moment, as JSON. Counted once; from then on only read."""

from collections.abc import Callable
from datetime import date

from monitoring.figures import Figure, Judged, figure
from monitoring.indicators import Rows
from monitoring.models import Evidence, Indicator, Milestone, Priority
from monitoring.report import delivery, lacking, reached, voices
from monitoring.rules import Period, Status
from wscb_training.wording import count, short_day

FORMAT = 1  # of the JSON
CHAPTERS: dict[str, Callable[[Period], list]] = {
    "delivery": delivery.parts, "voices": voices.parts, "reach": reached.parts, "gaps": lacking.parts,
}  # fmt: skip
Progress = Callable[[int, int], None]


def take(period: Period, *, progress: Progress, more: int = 0) -> dict:
    """Return all figures and tables of a period as JSON; `progress` is told how many steps are done, of how many.

    `more` is how many steps the caller has to come after.
    """
    indicators = list(Indicator.objects.select_related("priority"))
    steps, done = len(indicators) + len(CHAPTERS) + more, 0
    judged = {priority.pk: Judged(priority, []) for priority in Priority.objects.all()}
    rows: dict[str, dict] = {}
    for indicator in indicators:
        found, its_rows = figure(indicator, period)
        judged[indicator.priority_id].figures.append(found)
        rows[indicator.code] = {"rows": _number(its_rows), "noun": its_rows.noun, "notes": list(its_rows.notes)}
        progress(done := done + 1, steps)
    chapters = {}
    for name, parts in CHAPTERS.items():
        chapters[name] = [part.frozen() for part in parts(period)]
        progress(done := done + 1, steps)
    return {
        "format": FORMAT,
        "period": _period(period),
        "priorities": [_priority(each, rows, period) for each in judged.values()],
        "chapters": chapters,
    }


def _number(rows: Rows) -> int:
    """Return how many rows a figure was counted from."""
    return len(rows.items) if isinstance(rows.items, list) else rows.items.order_by().count()


def _period(period: Period) -> dict:
    before = period.year_before()
    return {
        "year": period.year, "name": period.name, "starts_on": f"{period.starts_on}", "as_at": f"{period.as_at}",
        "ends_on": f"{period.ends_on}", "is_open": period.is_open, "words": period.in_words,
        "last_year": before.in_words,
    }  # fmt: skip


def _priority(judged: Judged, rows: dict, period: Period) -> dict:
    priority = judged.priority
    return {
        "number": priority.number, "name": priority.short_name, "text": priority.text, "measure": priority.measure,
        "status": str(judged.status), "reason": reason(judged),
        "figures": [_figure(each, **rows[each.indicator.code]) for each in judged.figures],
        "evidence": _evidence(priority, period), "milestones": _milestones(priority, period),
    }  # fmt: skip


def _figure(found: Figure, *, rows: int, noun: str, notes: list[str]) -> dict:
    indicator, tally = found.indicator, found.tally
    return {
        "code": indicator.code, "name": indicator.name, "kind": indicator.kind, "unit": found.unit,
        "value": found.value, "has_data": found.has_data, "number": _value(found), "part": tally.part,
        "whole": tally.whole, "coming": tally.coming, "rows": count(rows, *noun.split(",")), "detail": found.detail,
        "target": found.target, "target_source": indicator.get_target_source_display() if found.target else "",
        "status": str(found.status), "reason": found.reason, "last_year": found.last_year, "trend": found.trend,
        "line": [[f"{day}", value] for day, value in found.line], "definition": indicator.definition,
        "source": indicator.counted_from, "notes": notes,
    }  # fmt: skip


def _value(found: Figure) -> float | None:
    """Return the figure as a number to compare: a percentage, a count, a mean; None without data."""
    tally, kind = found.tally, found.indicator.kind
    if not found.has_data:
        return None
    if kind == Indicator.Kind.RATIO:
        return (1000 * tally.part // tally.whole) / 10
    return round(tally.part / tally.whole, 2) if kind == Indicator.Kind.MEAN else tally.part


def reason(judged: Judged) -> str:
    """Return why a priority has its status, in one sentence that names the part that decides."""
    decisive = [each for each in judged.figures if each.status == judged.status]
    if not decisive:
        return "Nothing of it is judged."
    if judged.status == Status.MET and len(decisive) > 1:
        return f"All {len(decisive)} parts that have a target are met."
    first, others = decisive[0], len(decisive) - 1
    more = f" {count(others, 'other part')} {'is' if others == 1 else 'are'} {judged.status} too." if others else ""
    return f"{first.indicator.name}: {_words(first)}.{more}"


def _words(found: Figure) -> str:
    if found.reason:
        return found.reason.rstrip(".")
    if not found.has_data:
        return f"no data; the target is {found.target}"
    to_come = f", {found.detail}" if found.tally.coming and found.detail else ""
    if found.indicator.kind == Indicator.Kind.COMPARISON:
        return f"{found.value}, against {found.last_year} on the same days last year"
    if found.indicator.kind == Indicator.Kind.EVIDENCE:
        return f"{found.value} {found.unit.removeprefix('of ')} signed off; the target is {found.target}"
    return f"{found.value} {found.unit}{to_come}; the target is {found.target}"


def _evidence(priority: Priority, period: Period) -> list[dict]:
    shown = Evidence.objects.filter(
        indicator__priority=priority, dated__gte=period.starts_on, dated__lte=period.as_at
    ).order_by("dated", "pk")
    return [
        {"text": each.text, "dated": _day(each.dated), "link": each.link, "file": each.file_name or "", "pk": each.pk}
        for each in shown
    ]


def _milestones(priority: Priority, period: Period) -> list[dict]:
    due = Milestone.objects.filter(indicator__priority=priority, year=period.year)
    return [
        {
            "name": each.name,
            "due": _day(each.due_on),
            "signed": _day(each.signed_off_on) if each.signed_off_on and each.signed_off_on <= period.as_at else "",
        }
        for each in due
    ]


def _day(day: date) -> str:
    return short_day(day)
