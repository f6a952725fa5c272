"""What the strategy names is loaded with its exact titles, once, and never over T&D's edits."""

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Sector
from competence.models import CompetenceGroup, PathwayTick, TrainingContent
from courses.models import Course, Subject
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[2] / "courses/data"


@pytest.fixture
def loaded():
    call_command("load_strategy", verbosity=0)


def rows(name: str) -> list[dict]:
    return list(csv.DictReader((DATA / name).read_text(encoding="utf-8-sig").splitlines()))


def counts() -> list[int]:
    return [model.objects.count() for model in (Course, Subject, Sector, CompetenceGroup, TrainingContent, PathwayTick)]


def test_the_54_courses_and_38_subjects_have_their_exact_titles(loaded):
    printed = set(Course.objects.exclude(title_as_printed="").values_list("title_as_printed", flat=True))
    assert printed == {row["title_as_printed"] for row in rows("courses.csv")} and len(printed) == 54
    assert set(Subject.objects.values_list("name", flat=True)) == {row["subject"] for row in rows("subjects.csv")}
    assert Course.objects.filter(title_as_printed__endswith="(online learning)", delivery="online").count() == 12
    assert Subject.objects.exclude(core_subject="").count() == 10


def test_the_priorities_have_their_courses_too(loaded):
    assert counts() == [61, 38, 24, 8, 9, 52]


def test_every_course_says_what_it_is_for(loaded):
    assert not Course.objects.filter(summary="").exists() and not Course.objects.filter(outcomes="").exists()


def test_again_adds_nothing_and_leaves_edits_alone(loaded):
    Course.objects.filter(title="Gangs").update(title="Gangs and county lines", summary="Ours")
    Subject.objects.filter(name="Gangs").update(position=99)
    before = counts()
    call_command("load_strategy", verbosity=0)
    assert counts() == before
    assert Course.objects.get(title="Gangs and county lines").summary == "Ours"
    assert Subject.objects.get(name="Gangs").position == 99


def test_the_demo_is_not_made_over_real_people(loaded, settings):
    settings.DEMO = True
    UserFactory(email="real@riverside.example")
    with pytest.raises(CommandError, match="1 of the people here are not of the demo"):
        call_command("demo", reset=True)
