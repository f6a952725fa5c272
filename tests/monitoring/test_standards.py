"""Versions of the standards and the core messages: the one in force, and what can't be changed any more (§6.15)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from monitoring.actions import Refused, load_standards
from monitoring.models import Answer, QualityReview, QualityStandard, StandardSet
from monitoring.quality import actions
from tests import teams
from tests.monitoring.roles import of_role
from tests.teams import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return teams.course("Complex Neglect")


def _review(course, standards, answers):
    actions.record_review(
        course=course, reviewed_on=TODAY, reviewer="Kezia", by=None, standards=standards, answers=answers
    )


def test_a_draft_of_each_is_loaded_once():
    for _ in range(2):
        load_standards()
    assert sorted(StandardSet.objects.values_list("kind", "agreed_on")) == [
        ("core_messages", None), ("standards", None),
    ]  # fmt: skip
    assert StandardSet.objects.get(kind="standards").standards.count() == 6


def test_the_newest_agreed_by_the_day_is_in_force(agreed):
    first = agreed["standards"]
    second = actions.new_version(of=first, version=actions.next_version(first), by=None)
    assert (second.version, second.standards.count()) == ("2.0", 2)
    assert StandardSet.objects.in_force("standards", on=TODAY) == first
    second.agreed_on = TODAY
    second.save()
    assert StandardSet.objects.in_force("standards", on=TODAY) == second
    assert StandardSet.objects.in_force("standards", on=TODAY - timedelta(days=1)) == first
    with pytest.raises(Refused):
        actions.new_version(of=first, version="2.0", by=None)


def test_an_agreed_set_is_fixed_once_something_was_assessed_against_it(agreed, course):
    standards = agreed["standards"]
    standards.refuse_if_fixed()
    answers = dict.fromkeys(standards.standards.all(), (Answer.MET, ""))
    _review(course, standards, answers)
    statement, draft = standards.standards.first(), actions.new_version(of=standards, version="2.0", by=None)
    standards.agreed_on, statement.text, moved = None, "Anything", draft.standards.first()
    moved.standard_set = standards
    new = QualityStandard(standard_set=standards, text="One more")
    taken = QualityStandard.objects.get(pk=statement.pk)
    taken.standard_set = draft
    for write in (standards.save, standards.full_clean, standards.delete, statement.save, statement.full_clean,
                  statement.delete, moved.save, new.save, taken.save):  # fmt: skip
        with pytest.raises(ValidationError, match="Make a new version"):
            write()
    draft.standards.first().save()


def test_a_fixed_set_is_not_changed_by_a_write_of_many_rows_either(agreed, course):
    standards = agreed["standards"]
    answers = dict.fromkeys(standards.standards.all(), (Answer.MET, ""))
    _review(course, standards, answers)
    draft = actions.new_version(of=standards, version="2.0", by=None)
    sets, theirs, moved = StandardSet.objects.filter(kind="standards"), standards.standards, draft.standards.first()
    moved.standard_set = standards
    for write in (
        lambda: sets.update(minute="Another"),
        lambda: sets.delete(),
        lambda: theirs.update(text="Another"),
        lambda: theirs.all().delete(),
        lambda: draft.standards.update(standard_set=standards),
        lambda: QualityStandard.objects.bulk_update([moved], ["standard_set"]),
        lambda: QualityStandard.objects.bulk_create([QualityStandard(standard_set=standards, text="One more")]),
    ):
        with pytest.raises(ValidationError, match="Make a new version"), transaction.atomic():
            write()
    assert (draft.standards.count(), theirs.count(), theirs.filter(text="Another").count()) == (2, 2, 0)
    assert draft.standards.update(text="Another") == 2


def test_a_statement_is_added_to_a_draft_whatever_set_without_statements_is_fixed(agreed, course):
    standards = agreed["standards"]
    draft = actions.new_version(of=standards, version="2.0", by=None)
    standards.standards.all().delete()
    QualityReview.objects.create(course=course, reviewed_on=TODAY, reviewer="Kezia", standard_set=standards)
    QualityStandard.objects.create(standard_set=draft, text="One more")
    assert draft.standards.count() == 3


def test_in_the_admin_a_fixed_set_can_be_read_and_not_changed(client, agreed, course):
    standards = agreed["standards"]
    client.force_login(teams.person(is_superuser=True, is_staff=True))
    page = reverse("admin:monitoring_standardset_change", args=[standards.pk])
    assert 'name="standards-0-text"' in client.get(page).text
    _review(course, standards, {standards.standards.first(): (Answer.MET, "")})
    assert 'name="standards-0-text"' not in client.get(page).text
    assert client.post(page, {"version": "9"}).status_code == 403


def test_everybody_can_read_what_is_in_force(client, agreed):
    StandardSet.objects.filter(kind="standards").update(agreed_on=None)
    text = client.get(reverse("monitoring:standards")).text
    assert "Safeguarding children is everyone&#x27;s responsibility." in text
    assert "The learning outcomes are stated" not in text


def test_td_makes_a_new_version_on_the_page(client, agreed):
    client.force_login(of_role("td", teams.organisation()))
    page = reverse("monitoring:standard_versions")
    answer = client.post(page, {"from": agreed["core_messages"].pk})
    made = StandardSet.objects.get(version="2.0")
    assert answer.url == reverse("admin:monitoring_standardset_change", args=[made.pk])
