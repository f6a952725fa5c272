"""The strategy's fifteen priorities as rows to count (§6): one definition an indicator, found by its code."""

from monitoring.indicators import courses, events, milestones, questionnaires, sectors
from monitoring.indicators.base import Definition, Rows, Tally

DEFINITIONS: dict[str, Definition] = {
    each.code: each for module in (events, sectors, courses, questionnaires, milestones) for each in module.DEFINITIONS
}

__all__ = ["DEFINITIONS", "Definition", "Rows", "Tally"]
