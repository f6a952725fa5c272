"""The pathway's versions: a new one starts from the last, and the old one stays as it was (App. 4)."""

from datetime import date

import pytest

from competence.actions import load_pathway, start_from_last
from competence.models import PathwayTick, PathwayVersion, TrainingContent

pytestmark = pytest.mark.django_db


def test_a_new_version_starts_from_the_last_and_leaves_it_alone():
    load_pathway()
    new = PathwayVersion.objects.create(in_force_from=date(2027, 4, 1))
    assert start_from_last(version=new) == 52
    assert start_from_last(version=new) == 0
    new.ticks.filter(group=1).delete()

    assert not TrainingContent.objects.needed_by(1, on=date(2027, 4, 1)).exists()
    assert TrainingContent.objects.needed_by(1, on=date(2027, 3, 31)).count() == 1
    assert PathwayTick.objects.in_force(on=date(2026, 1, 1)).count() == 52
