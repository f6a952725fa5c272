"""Reach: who takes part in the training, this year against last to the same day (§6.8, §6.9, §16)."""

from monitoring.reach.counted import Breakdown, District, Line, Reach, count_reach, reach
from monitoring.reach.rows import ROWS
from monitoring.reach.tables import tables

__all__ = ["ROWS", "Breakdown", "District", "Line", "Reach", "count_reach", "reach", "tables"]
