"""A questionnaire as a form: one screen, the scale as five buttons, what is optional said so."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Field, Fieldset, Layout, Size
from django import forms
from django.utils.html import format_html

from courses.models import Course
from evaluations.models import PLEDGE, Answer, Evaluation, Kind, Question, Questionnaire

LONGEST = 3000
SCALE = [(str(number), str(number)) for number in range(1, 6)]


class AnswerForm(forms.Form):
    """The questions of one form, for its course; `pledge` is what the learner said that they would do differently."""

    share = forms.BooleanField(
        label="My manager may read these answers. Otherwise nobody sees them with your name.",
        required=False,
    )

    def __init__(self, *args, questions: list[Question], outcomes: list[str], pledge: str = "", kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.parts: list[tuple[str, Question, str]] = []  # field, question, outcome
        layout = []
        for question in questions:
            layout.append(self._add(question, outcomes, pledge))
        if kind == Kind.IMPACT_LEARNER:
            layout.append(Field.checkbox("share"))
        else:
            del self.fields["share"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*[part for part in layout if part])

    def _add(self, question: Question, outcomes: list[str], pledge: str):
        words = question.text.replace(PLEDGE, f"“{pledge}”" if pledge else "something differently")
        if question.type == Question.Type.OUTCOMES:
            fields = [self._scale(question, outcome, outcome) for outcome in outcomes]
            parts = [Field.radios(name, inline=True, legend_size=Size.SMALL) for name in fields]
            legend = _label(words, question)
            return Fieldset(HTML(_hint(question)), *parts, legend=legend, legend_size=Size.MEDIUM) if parts else None
        if question.type == Question.Type.SCALE:
            name = self._scale(question, words, "", hint=_labels(question))
            return Field.radios(name, inline=True, legend_size=Size.MEDIUM)
        return self._other(question, words)

    def _scale(self, question: Question, words: str, outcome: str, hint: str = "") -> str:
        name = f"q{question.pk}" + (f"-{sum(part[1] == question for part in self.parts)}" if outcome else "")
        self.parts.append((name, question, outcome))
        self.fields[name] = forms.ChoiceField(
            label=words if outcome else _label(words, question), choices=SCALE, widget=forms.RadioSelect,
            required=question.is_required, help_text=hint,
            error_messages={"required": f"Choose from 1 to 5: {_short(words)}"},
        )  # fmt: skip
        return name

    def _other(self, question: Question, words: str):
        name, required = f"q{question.pk}", question.is_required
        self.parts.append((name, question, ""))
        common = {"label": _label(words, question), "required": required, "help_text": question.hint}
        options = [(option, option) for option in question.option_list]
        if question.type == Question.Type.YES_NO:
            options = [("Yes", "Yes"), ("No", "No")]
        if question.type in (Question.Type.YES_NO, Question.Type.ONE_OF):
            self.fields[name] = forms.ChoiceField(
                choices=options, widget=forms.RadioSelect, error_messages={"required": f"Choose one: {_short(words)}"},
                **common,
            )  # fmt: skip
            return Field.radios(name, legend_size=Size.MEDIUM)
        if question.type == Question.Type.ANY_OF:
            self.fields[name] = forms.MultipleChoiceField(
                choices=options, widget=forms.CheckboxSelectMultiple,
                error_messages={"required": f"Choose one or more: {_short(words)}"}, **common,
            )  # fmt: skip
            return Field.checkboxes(name, legend_size=Size.MEDIUM)
        self.fields[name] = forms.CharField(
            max_length=200 if question.type == Question.Type.SHORT else LONGEST,
            widget=forms.TextInput if question.type == Question.Type.SHORT else forms.Textarea,
            error_messages={"required": f"Enter an answer: {_short(words)}"},
            **common,
        )
        if question.type == Question.Type.SHORT:
            return Field.text(name, label_size=Size.MEDIUM)
        return Field.textarea(name, rows=3, label_size=Size.MEDIUM)

    def answers(self) -> list[Answer]:
        """Return the answers that were given, not saved yet; what was left empty is none."""
        found = []
        for name, question, outcome in self.parts:
            given = self.cleaned_data.get(name)
            if not given:
                continue
            answer = Answer(question=question, outcome=outcome)
            if question.type in (Question.Type.SCALE, Question.Type.OUTCOMES):
                answer.number = int(given)
            elif question.type in (Question.Type.SHORT, Question.Type.LONG):
                answer.text = given
            else:
                answer.choices = given if isinstance(given, list) else [given]
            found.append(answer)
        return found


def _label(words: str, question: Question) -> str:
    return words if question.is_required else f"{words} (optional)"


def _short(words: str) -> str:
    """Return the question as a message of an error says it."""
    return words if len(words) <= 80 else f"{words[:80]}…"


def _labels(question: Question) -> str:
    """Return the hint of a scale: T&D's own, and what its ends mean."""
    ends = f"1 is {question.low_label.lower()}, 5 is {question.high_label.lower()}." if question.low_label else ""
    return f"{question.hint} {ends}".strip()


def _hint(question: Question) -> str:
    # The layout reads it as a template: a brace that T&D typed is only a brace.
    return format_html('<p class="govuk-hint">{}</p>', _labels(question)).replace("{", "&#123;")


def form_for(form: Evaluation, data=None) -> AnswerForm:
    """Return the questions of one respondent's form, with their draft."""
    questions = form.questions()
    many = {f"q{question.pk}" for question in questions if question.type == Question.Type.ANY_OF}
    return AnswerForm(
        data,
        initial={name: values if name in many else values[0] for name, values in form.draft.items() if values},
        questions=questions,
        outcomes=form.outcomes or [outcome[:300] for outcome in form.booking.event.course.outcome_list],
        pledge=form.pledge(),
        kind=form.kind,
    )


INVENTED = ["Recognise the signs (an outcome of the course)", "Know whom to tell (another one)"]


def preview_of(questionnaire: Questionnaire, course: Course | None) -> AnswerForm:
    """Return a questionnaire as respondents see it, for T&D: of a course, or of any with two invented outcomes."""
    return AnswerForm(
        questions=questionnaire.questions_for(course),
        outcomes=course.outcome_list if course else INVENTED,
        pledge="talk to the health visitor earlier",
        kind=questionnaire.kind,
    )
