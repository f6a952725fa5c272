"""Two people press Approve at the same moment: real processes on the real database."""

import pytest

from monitoring.actions import load_priorities
from monitoring.report import actions
from notifications.models import PreparedFile
from tests import races
from tests.monitoring.reports import fresh, nothing_to_tell, td
from tests.monitoring.world import NOW

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("processes")]


def test_of_two_who_approve_at_once_one_wins_and_the_other_is_told_who():
    load_priorities()
    people = {each.pk: each for each in (td(full_name="Kezia Mensah"), td(full_name="Ada Cole"))}
    report, _ = actions.start(year=None, as_at=None, by=next(iter(people.values())), now=NOW)
    actions.count(snapshot=report.snapshot, progress=nothing_to_tell)
    PreparedFile.objects.all().delete()

    answers = races.run_at_once(races.approve_report, list(people), report.pk, NOW)

    winner = fresh(report).approved_by
    assert sorted(answers)[1] == "approved"
    assert sorted(answers)[0].startswith(f"{winner} approved this report")
    assert answers[list(people).index(winner.pk)] == "approved"
    assert PreparedFile.objects.count() == 1
