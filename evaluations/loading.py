"""Loading the four questionnaires: what they begin with, until T&D edits them (§15)."""

import csv
import re
from pathlib import Path

from django.db import transaction

from courses.models import Course
from evaluations.models import Kind, Question, Questionnaire

DATA = Path(__file__).parent / "data" / "evaluation_questions.csv"
TYPES = {
    "scale 1-5": Question.Type.SCALE,
    "radio": Question.Type.ONE_OF,
    "checkbox": Question.Type.ANY_OF,
    "text": Question.Type.LONG,
}
# What a question measures, by words of its own where the file does not say it.
MEASURES = [
    ("Have you used", Question.Measure.USED),
    ("What difference", Question.Measure.DIFFERENCE),
    ("Give an example", Question.Measure.DIFFERENCE),
    ("What got in the way", Question.Measure.BARRIER),
    ("Have you seen a change", Question.Measure.CHANGE_SEEN),
    ("What further training", Question.Measure.NEED),
]
# The same words in all four, so that change can be compared; the hint says whose confidence it is.
OUTCOMES_WORDS = "Confidence today in each of these"
HOW_YOU_FEEL, HOW_THEY_SEEM = "How confident you feel.", "How confident this person seems to you."
# What the priorities count (§6.4, §6.13) is asked after the courses of these subjects only.
OF_SUBJECTS = {
    "Dealing with allegations against staff": "I understand the allegations process and what is expected of me",
    "Workshop to Raise Awareness of Prevent": "I could identify a concern and know how to raise it",
}
INTRODUCTIONS = {
    Kind.PRE: "Two minutes before the course: it shows what changes by it.",
    Kind.POST: "Three minutes about the course. Your certificate is ready when you have answered.",
    Kind.IMPACT_LEARNER: "Twelve weeks on: what became of the course in your work? It takes three minutes.",
    Kind.IMPACT_MANAGER: "Twelve weeks on: what do you see in the work of somebody of your team?",
}


@transaction.atomic
def load_questionnaires() -> None:
    """Make the first version of each questionnaire that has none; never change what T&D edited."""
    with DATA.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for kind in Kind:
        if Questionnaire.objects.filter(kind=kind).exists():
            continue
        questionnaire = Questionnaire.objects.create(kind=kind, is_current=True, introduction=INTRODUCTIONS[kind])
        questions = [_question(row) for row in rows if row["form"] == kind]
        scales = sum(question.type == Question.Type.SCALE for question in questions[:2])
        questions.insert(scales, _outcomes(kind))
        for position, question in enumerate(questions, start=1):
            question.questionnaire, question.position = questionnaire, position * 10
        Question.objects.bulk_create(questions)
        if kind == Kind.POST:
            _ask_of_subjects(questionnaire)


def _ask_of_subjects(questionnaire: Questionnaire) -> None:
    labels = {"low_label": "Disagree", "high_label": "Agree"}
    for subject, words in OF_SUBJECTS.items():
        for course in Course.objects.filter(subjects__name=subject):
            questionnaire.questions.create(course=course, text=words, type=Question.Type.SCALE, position=900, **labels)


def _question(row: dict) -> Question:
    words, options = row["question_proposed"], ""
    optional = "(optional)" in words
    words = words.replace(" (optional)", "")
    if row["answer_type"] in ("radio", "checkbox"):
        words, inside = re.fullmatch(r"(.*?) \((.*)\)", words).groups()
        separator = " / " if row["answer_type"] == "radio" else ", "
        options = "\n".join(option[:1].upper() + option[1:] for option in inside.split(separator))
    return Question(
        text=words,
        type=TYPES[row["answer_type"]],
        options=options,
        is_required=not optional and row["answer_type"] != "checkbox",
        measure=_measure(row, words),
        **_labels(row, words),
    )


def _measure(row: dict, words: str) -> str:
    if row["note"] in ("knowledge", "confidence", "knowledge_then", "pledge"):
        return row["note"]
    if row["form"] == Kind.POST and row["answer_type"] == "scale 1-5":
        return Question.Measure.REACTION
    return next((measure for begins, measure in MEASURES if words.startswith(begins)), "")


def _labels(row: dict, words: str) -> dict:
    if row["answer_type"] != "scale 1-5":
        return {}
    if "know" in words and "?" in words:
        return {"low_label": "Nothing", "high_label": "A great deal"}
    if "confident" in words:
        return {"low_label": "Not at all", "high_label": "Very"}
    return {"low_label": "Disagree", "high_label": "Agree"}


def _outcomes(kind: str) -> Question:
    return Question(
        text=OUTCOMES_WORDS,
        hint=HOW_THEY_SEEM if kind == Kind.IMPACT_MANAGER else HOW_YOU_FEEL,
        type=Question.Type.OUTCOMES,
        measure=Question.Measure.OUTCOME_CONFIDENCE,
        is_required=kind != Kind.IMPACT_MANAGER,
        low_label="Not at all",
        high_label="Very",
    )
