"""The pathway's versions: a new one starts from the last, and the old one stays as it was (App. 4)."""

from datetime import date

import pytest
from django.urls import reverse

from competence.actions import load_pathway, set_ticks
from competence.models import PathwayTick, PathwayVersion, TrainingContent
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
APPENDIX_4 = date(2017, 4, 1)


@pytest.fixture
def officer(officer):
    load_pathway()
    return officer


def ticked(form) -> list[str]:
    return [f"{group}-{content}" for group, content in form.ticks.values_list("group", "content")]


def test_a_version_has_the_ticks_that_are_set_and_each_change_stands_in_the_history():
    load_pathway()
    version = PathwayVersion.objects.get()
    ticks = set(version.ticks.values_list("group", "content"))
    officer = UserFactory()
    changed = set_ticks(version=version, ticks=ticks - {(1, "C1")} | {(1, "C9")}, by=officer)
    assert changed == "ticked C9 for group 1; unticked C1 for group 1"
    assert version.ticks.count() == 52
    assert [(step.history_type, step.group_id, step.content_id, step.history_user) for step in (
        PathwayTick.history.order_by("history_type")
    )] == [("+", 1, "C9", officer), ("-", 1, "C1", officer)]  # fmt: skip
    assert set_ticks(version=version, ticks=set(version.ticks.values_list("group", "content")), by=officer) == ""


class TestOnTheScreen:
    def test_a_new_version_starts_from_the_last_and_leaves_it_alone(self, client, officer):
        address = reverse("admin:competence_pathwayversion_add")
        assert client.get(address).text.count(" checked") == 52
        old = ticked(PathwayVersion.objects.get())
        answers = {"in_force_from": "2027-04-01", "note": "Group 1 learns more", "ticks": [*old, "1-C2"]}
        assert client.post(address, answers).status_code == 302

        assert TrainingContent.objects.needed_by(1, on=date(2027, 4, 1)).count() == 2
        assert TrainingContent.objects.needed_by(1, on=date(2027, 3, 31)).count() == 1
        assert PathwayTick.objects.in_force(on=date(2026, 1, 1)).count() == 52

    def test_a_correction_of_the_one_in_force_says_what_it_changed(self, client, officer):
        version = PathwayVersion.objects.get()
        address = reverse("admin:competence_pathwayversion_change", args=[version.pk])
        assert "This version is in force" in client.get(address).text
        ticks = [tick for tick in ticked(version) if tick != "2-C5"]
        client.post(address, {"in_force_from": APPENDIX_4, "note": "", "ticks": ticks})
        assert version.ticks.count() == 51
        assert version.history.first().history_change_reason == "unticked C5 for group 2"
        assert "unticked C5 for group 2" in client.get(f"{address.removesuffix('change/')}history/").text

    @pytest.mark.parametrize("tick", ["9-C1", "1-C99", "1", "<script>"])
    def test_what_is_no_cell_is_refused(self, client, officer, tick):
        address = reverse("admin:competence_pathwayversion_add")
        answers = {"in_force_from": "2027-04-01", "ticks": [tick]}
        assert client.post(address, answers).status_code == 200
        assert PathwayVersion.objects.count() == 1


class TestOnThePublicPage:
    def test_a_version_to_come_and_one_of_before_can_be_looked_at(self, client, officer, time_machine):
        PathwayVersion.objects.create(in_force_from=date(2027, 4, 1), note="Revised")
        time_machine.move_to("2026-11-25 10:00+00:00", tick=False)
        client.logout()
        page = client.get("/groups/matrix/").text
        assert "In force since Saturday 1 April 2017" in page and page.count(">Needed<") == 52
        page = client.get("/groups/matrix/?version=2027-04-01").text
        assert "Comes into force on Thursday 1 April 2027" in page and ">Needed<" not in page
        assert client.get("/groups/matrix/?version=nonsense").text.count(">Needed<") == 52
