"""The questionnaires of the strategy, and a school whose people are asked."""

import pytest

from evaluations.loading import load_questionnaires
from tests.factories import OrganisationFactory


@pytest.fixture(autouse=True)
def questionnaires(db):
    load_questionnaires()


@pytest.fixture
def school():
    return OrganisationFactory()
