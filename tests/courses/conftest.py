import pytest
import time_machine

from tests.courses.samples import NOW, person


@pytest.fixture(autouse=True)
def _monday_morning():
    """It is Monday 23 November 2026, 10 o'clock in London."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def learner(db):
    return person("ben@riverside.example")


@pytest.fixture
def td(db):
    return person("tess@wscb.example", is_superuser=True, is_staff=True)
