"""§15: the four questionnaires: their types of question, versions, previews, and questions of one course."""

import pytest
from crispy_forms.utils import render_crispy_form
from django.core.exceptions import ValidationError
from django.urls import reverse

from evaluations import actions
from evaluations.forms import form_for
from evaluations.loading import load_questionnaires
from evaluations.models import Kind, Question, Questionnaire
from tests.evaluations.test_chain import DAY_BEFORE, END, IMPACT, LONG_BEFORE, START, answer, attend, book, run
from tests.factories import CourseFactory, make_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return make_event(now=LONG_BEFORE, starts_at=START, capacity=9)


class TestVersions:
    def test_loading_again_changes_nothing(self):
        before = Question.objects.count()
        Question.objects.filter(measure="pledge").update(text="Ours")
        load_questionnaires()
        assert Question.objects.count() == before and Question.objects.filter(text="Ours").exists()

    def test_one_in_use_is_copied_and_forms_that_are_out_keep_theirs(self, event, school):
        booking = book(event, organisation=school)
        run(DAY_BEFORE)
        old = Questionnaire.objects.get(kind=Kind.PRE)
        copy = actions.new_version(questionnaire=old, by=None)
        assert (copy.version, copy.is_current, copy.questions.count()) == (2, False, old.questions.count())
        actions.publish_version(questionnaire=copy, by=None)
        other = book(make_event(now=LONG_BEFORE, starts_at=START), organisation=school)
        run(DAY_BEFORE)
        assert booking.evaluations.get().questionnaire == old and other.evaluations.get().questionnaire == copy

    def test_td_copies_previews_and_uses_a_version(self, client, officer):
        old = Questionnaire.objects.get(kind=Kind.POST)
        client.post(reverse("admin:evaluations_questionnaire_copy", args=[old.pk]))
        copy = Questionnaire.objects.get(kind=Kind.POST, version=2)
        assert (
            "nothing is sent from here"
            in client.get(reverse("admin:evaluations_questionnaire_preview", args=[copy.pk])).text
        )
        assert client.get(reverse("admin:evaluations_questionnaire_change", args=[copy.pk])).status_code == 200
        client.post(reverse("admin:evaluations_questionnaire_use", args=[copy.pk]))
        assert Questionnaire.objects.get(kind=Kind.POST, is_current=True) == copy

    def test_a_course_may_ask_more(self, event, school):
        course = event.course
        sheet = Questionnaire.objects.get(kind=Kind.PRE)
        sheet.questions.create(text="Only here?", course=course, type=Question.Type.YES_NO, position=999)
        here, there = (
            book(event, organisation=school),
            book(make_event(now=LONG_BEFORE, starts_at=START, course=CourseFactory()), organisation=school),
        )
        run(DAY_BEFORE)
        assert [any("Only here?" in question.text for question in booking.evaluations.get().questions())
                for booking in (here, there)] == [True, False]  # fmt: skip


def test_what_somebody_typed_is_never_markup_in_the_next_form(event, school):
    """The pledge is quoted in a label, which the form pack prints as it is."""
    booking = book(event, organisation=school)
    attend(booking)
    run(END)
    answer(booking.evaluations.get(kind=Kind.POST), now=END, text="<script>alert(1)</script>{{ 1 }}")
    run(IMPACT)
    html = render_crispy_form(form_for(booking.evaluations.get(kind=Kind.IMPACT_LEARNER)))
    assert "<script>" not in html and "&lt;script&gt;alert(1)&lt;/script&gt;{{ 1 }}" in html


class TestQuestions:
    @pytest.mark.parametrize(
        ("fields", "problem"),
        [
            ({"type": "one_of", "options": ""}, "options"),
            ({"type": "any_of", "options": "Only one"}, "options"),
            ({"type": "long", "options": "a\nb"}, "options"),
            ({"type": "scale", "low_label": "Not at all"}, "high_label"),
        ],
    )
    def test_one_that_nobody_could_answer_is_refused(self, fields, problem):
        sheet = Questionnaire.objects.get(kind=Kind.PRE)
        with pytest.raises(ValidationError) as refused:
            Question(questionnaire=sheet, text="Well?", **fields).full_clean()
        assert problem in refused.value.message_dict

    @pytest.mark.parametrize(
        ("type", "options", "sent", "kept"),
        [
            ("yes_no", "", "No", ["No"]),
            ("one_of", "Red\nBlue", "Blue", ["Blue"]),
            ("any_of", "Red\nBlue\nGreen", ["Red", "Green"], ["Red", "Green"]),
            ("short", "", "O'Brien <b>", "O'Brien <b>"),
            ("long", "", "Line\nline", "Line\nline"),
            ("scale", "", "5", 5),
        ],
    )
    def test_each_type_is_asked_answered_and_required(self, event, school, type, options, sent, kept):
        booking = book(event, organisation=school)
        run(DAY_BEFORE)
        form = booking.evaluations.get()
        form.questionnaire.questions.all().delete()
        question = form.questionnaire.questions.create(text="Well?", type=type, options=options)
        assert form_for(form, {}).errors
        filled = form_for(form, {f"q{question.pk}": sent})
        assert filled.is_valid()
        [given] = filled.answers()
        assert kept in (given.text, given.choices, given.number)

    def test_the_learning_outcomes_are_asked_in_the_same_words_in_all_four(self):
        asked = Question.objects.filter(measure=Question.Measure.OUTCOME_CONFIDENCE)
        assert asked.count() == 4 and len(set(asked.values_list("text", flat=True))) == 1

    def test_a_version_that_asks_nothing_is_not_used(self):
        sheet = Questionnaire.objects.create(kind=Kind.PRE, version=2)
        with pytest.raises(actions.Refused):
            actions.publish_version(questionnaire=sheet, by=None)
