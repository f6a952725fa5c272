"""The gap analysis (§6.10): who lacks which content of their pathway, and which courses would close most of it."""

from monitoring.gaps.closing import Closing, closing_courses
from monitoring.gaps.counted import Gaps, Line, gap_analysis
from monitoring.gaps.tables import line_table, tables

__all__ = ["Closing", "Gaps", "Line", "closing_courses", "gap_analysis", "line_table", "tables"]
