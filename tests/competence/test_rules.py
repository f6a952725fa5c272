"""The pathway of each group, with the Appendix itself as the test's table."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.models import TrainingRecord
from competence import rules
from competence.actions import load_pathway
from competence.models import CompetenceGroup, TrainingContent
from competence.rules import Completion
from learning.teams import pathways
from tests.factories import CourseFactory, UserFactory

TODAY = date(2026, 11, 23)
PATHWAY = Path(__file__).parents[2] / "competence/data/pathway.csv"
APPENDIX_4 = list(csv.DictReader(PATHWAY.read_text().splitlines()))


def ticked(group: int) -> set[str]:
    """Return the contents that Appendix 4 ticks for a group."""
    return {row["content_code"] for row in APPENDIX_4 if row[f"group_{group}"] == "1"}


@pytest.fixture
def framework(db):
    load_pathway()


def learner(group: int):
    return UserFactory(group=CompetenceGroup.objects.get(number=group))


def course_for(*codes, months=None):
    course = CourseFactory(refresher_months=months)
    course.satisfies.set(TrainingContent.objects.filter(code__in=codes))
    return course


def states(person) -> dict[str, str]:
    return {cell.content.code: cell.state for cell in pathways([person], today=TODAY)[person.pk]}


@pytest.mark.parametrize("group", range(1, 9))
class TestEachGroup:
    def test_needs_what_the_appendix_ticks_and_nothing_else(self, framework, group):
        got = states(learner(group))
        assert {code for code, state in got.items() if state == "missing"} == ticked(group)
        assert {code for code, state in got.items() if state == "not_needed"} == got.keys() - ticked(group)

    @pytest.mark.parametrize("code", [row["content_code"] for row in APPENDIX_4])
    def test_a_completion_satisfies_its_content_alone(self, framework, group, code):
        person = learner(group)
        TrainingRecord.objects.create(
            person=person, course=course_for(code), source="online", completed_on=date(2020, 1, 1)
        )
        expected = {**dict.fromkeys(ticked(group), "missing"), **({code: "done"} if code in ticked(group) else {})}
        assert {code: state for code, state in states(person).items() if state != "not_needed"} == expected

    def test_an_expired_completion_does_not(self, framework, group):
        person, everything = learner(group), course_for(*ticked(group), months=24)
        TrainingRecord.objects.create(
            person=person, course=everything, source="online", completed_on=date(2024, 11, 22)
        )
        assert {states(person)[code] for code in ticked(group)} == {"expired"}


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (None, "done"),
        (date(2027, 2, 24), "done"),
        (date(2027, 2, 23), "due"),  # three months from today
        (TODAY, "due"),  # its last day still counts
        (date(2026, 11, 22), "expired"),
    ],
)
def test_how_long_training_counts(until, state):
    assert rules.state(Completion(date(2020, 1, 1), until, "Gangs"), needed=True, today=TODAY) == state


def test_of_several_the_one_valid_longest_counts():
    old_for_good = Completion(date(2015, 1, 1), None, "Basic")
    new_for_two_years = Completion(date(2026, 1, 1), date(2028, 1, 1), "Refresher")
    assert rules.best([new_for_two_years, old_for_good]) == old_for_good
    assert rules.best([]) is None


def test_two_years_from_a_leap_day():
    assert rules.valid_until(completed_on=date(2024, 2, 29), refresher_months=24) == date(2026, 2, 28)
    assert rules.valid_until(completed_on=date(2024, 2, 29), refresher_months=None) is None


@given(required=st.integers(0, 9), done=st.integers(0, 9))
def test_100_percent_only_when_all_is_done(required, done):
    done = min(done, required)
    assert (rules.percent_done(done=done, required=required) == 100) == (done == required)


@pytest.mark.django_db
def test_training_to_be_verified_does_not_count_yet(framework):
    person = learner(1)
    TrainingRecord.objects.create(
        person=person, course=course_for("C1"), source="online", completed_on=TODAY, status="to_verify"
    )
    assert states(person)["C1"] == "missing"
