"""A school with its CPD lead, and a pathway, on a day of November 2026."""

from datetime import timedelta

import pytest

from competence.models import PathwayTick, PathwayVersion, TrainingContent
from tests import teams
from tests.teams import NOW, TODAY


@pytest.fixture
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def pathway():
    """Group 3 needs the contents C1 and C2; C9 is for others."""
    version = PathwayVersion.objects.create(in_force_from=TODAY - timedelta(days=900))
    contents = [
        TrainingContent.objects.create(code=f"C{n}", title=f"Content {n}", short_name=f"C{n}") for n in (1, 2, 9)
    ]
    for content in contents[:2]:
        PathwayTick.objects.create(version=version, group=teams.group(3), content=content)
    return contents


@pytest.fixture
def school():
    return teams.organisation()


@pytest.fixture
def lead(school, client):
    lead = teams.lead(school, name="Ada Lead", group=teams.group(8))
    client.force_login(lead)
    return lead
