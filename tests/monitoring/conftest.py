"""The fifteen priorities, loaded as `load_strategy` does."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

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


@pytest.fixture
def query_count(client):
    """Return a function that opens an address and returns how many queries that took."""

    def opened(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    return opened
