"""The fifteen priorities, loaded as `load_strategy` does."""

import pytest

from monitoring.actions import load_priorities
from tests.monitoring.world import subject

SUBJECTS = (
    "Signs of Safety and Wellbeing", "Dealing with allegations against staff", "Workshop to Raise Awareness of Prevent",
)  # fmt: skip


@pytest.fixture
def priorities(db):
    """The indicators with the subjects that they count, and no course but those that a test makes."""
    for name in SUBJECTS:
        subject(name)
    load_priorities()
