"""The fifteen priorities and the standards, loaded as `load_strategy` does."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.actions import load_priorities, load_standards
from monitoring.models import StandardSet
from tests.monitoring.world import subject
from tests.teams import TODAY

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


@pytest.fixture
def agreed(db):
    """Core messages and standards of two statements each, agreed."""
    load_standards()
    StandardSet.objects.update(agreed_on=TODAY - timedelta(days=100))
    for each in StandardSet.objects.all():
        each.standards.exclude(pk__in=each.standards.values("pk")[:2]).delete()
    return {each.kind: each for each in StandardSet.objects.all()}
