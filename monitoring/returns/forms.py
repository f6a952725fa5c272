"""The form of a yearly return, and of a round."""

from datetime import date

from crispy_forms_gds.fields import DateInputField
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Button, Div, Field, Fieldset, Fixed, Layout, Size
from django import forms

from competence.models import CompetenceGroup
from courses.models import Subject
from monitoring.models import YearlyReturn
from monitoring.returns.reading import MOST_TRAININGS, Known

MOST_PEOPLE = 100_000
SPARE_ROWS = 2


class ReturnForm(forms.Form):
    """Everything that a return asks, on one page. It is filled in with what is known, or with what was kept."""

    subjects = forms.ModelMultipleChoiceField(
        label="On which subjects does your workforce need training?",
        queryset=Subject.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    other_subjects = forms.CharField(label="Other subjects (optional)", max_length=500, required=False)
    barriers = forms.MultipleChoiceField(
        label="What keeps your staff from training?",
        choices=YearlyReturn.Barrier.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    other_barriers = forms.CharField(
        label="Anything else that keeps them from it (optional)",
        max_length=2000,
        widget=forms.Textarea,
        required=False,
    )
    notes = forms.CharField(
        label="Anything else that we should know (optional)", max_length=2000, widget=forms.Textarea, required=False
    )

    def __init__(self, *args, known: Known, kept: YearlyReturn | None = None, **kwargs):
        self.known, self.groups = known, list(CompetenceGroup.objects.all())
        self.kept_trainings = _trainings(known, kept)
        self.rows = min(MOST_TRAININGS + SPARE_ROWS, max(3, len(self.kept_trainings) + SPARE_ROWS))
        kwargs["initial"] = {**self._initial(kept), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        for group in self.groups:
            self.fields[f"group_{group.pk}"] = forms.IntegerField(
                label=str(group), min_value=0, max_value=MOST_PEOPLE, required=False,
                help_text=f"Registered here: {known.workforce.get(group.pk, 0)}.",
                error_messages={
                    "invalid": f"Enter how many people of group {group.pk} there are as a whole number",
                    "min_value": f"Enter 0 or more people of group {group.pk}",
                },
            )  # fmt: skip
        for number in range(self.rows):
            self._add_row(number)
        self.helper = FormHelper()
        self.helper.layout = self._layout()

    def _add_row(self, number: int) -> None:
        name, nth = f"training_{number}", number + 1
        self.fields[f"{name}_title"] = forms.CharField(label=f"Training {nth}", max_length=200, required=False)
        self.fields[f"{name}_provider"] = forms.CharField(label="Given by", max_length=200, required=False)
        self.fields[f"{name}_people"] = forms.IntegerField(
            label="People", min_value=0, max_value=MOST_PEOPLE, required=False,
            error_messages={"invalid": f"Enter how many people had training {nth} as a whole number"},
        )  # fmt: skip

    def _initial(self, kept: YearlyReturn | None) -> dict:
        workforce = self.known.workforce
        initial = {}
        if kept:
            workforce = {line.group_id: line.people for line in kept.workforce.all()}
            for name in ("other_subjects", "barriers", "other_barriers", "notes"):
                initial[name] = getattr(kept, name)
            initial["subjects"] = [subject.pk for subject in kept.subjects.all()]
        initial |= {f"group_{group.pk}": workforce.get(group.pk, 0) for group in self.groups}
        for number, (title, provider, people) in enumerate(self.kept_trainings):
            name = f"training_{number}"
            initial |= {f"{name}_title": title, f"{name}_provider": provider, f"{name}_people": people}
        return initial

    def _layout(self) -> Layout:
        groups = [
            Field.text(f"group_{group.pk}", field_width=Fixed.FIVE, inputmode="numeric", label_size=Size.SMALL)
            for group in self.groups
        ]
        rows = [
            Div(
                Field.text(f"training_{number}_title", label_size=Size.SMALL),
                Field.text(f"training_{number}_provider", label_size=Size.SMALL),
                Field.text(f"training_{number}_people", label_size=Size.SMALL, inputmode="numeric"),
                css_class="wscb-return-row",
            )
            for number in range(self.rows)
        ]
        return Layout(
            Fieldset(*groups, legend="How many people work for you, volunteers included?", legend_size=Size.MEDIUM),
            Fieldset(
                HTML('<p class="govuk-body">Safeguarding training in the last 12 months that neither this service nor '
                     "you yourselves gave. Leave what you don't need empty.</p>"),
                *rows, legend="Which training did they have elsewhere?", legend_size=Size.MEDIUM,
            ),
            Div(Field.checkboxes("subjects", legend_size=Size.MEDIUM, small=True), css_class="wscb-two-columns"),
            Field.text("other_subjects", label_size=Size.SMALL),
            Field.checkboxes("barriers", legend_size=Size.MEDIUM, small=True),
            Field.textarea("other_barriers", rows=3, label_size=Size.SMALL),
            Field.textarea("notes", rows=3, label_size=Size.SMALL),
            Div(
                Button("check", "Check your answers"), Button.secondary("save", "Save as a draft"),
                css_class="govuk-button-group",
            ),
        )  # fmt: skip

    def clean(self):
        answers = super().clean()
        for number in range(self.rows):
            name = f"training_{number}"
            said = any(answers.get(f"{name}_{part}") for part in ("provider", "people"))
            if said and not answers.get(f"{name}_title"):
                self.add_error(f"{name}_title", f"Enter what training {number + 1} was called")
        return answers

    def values(self) -> dict:
        """Return what was filled in as `save_return` takes it."""
        answers = self.cleaned_data
        trainings = [
            tuple(answers.get(f"training_{number}_{part}") for part in ("title", "provider", "people"))
            for number in range(self.rows)
        ]
        return {
            "workforce": {group.pk: answers.get(f"group_{group.pk}") or 0 for group in self.groups},
            "known": self.known.workforce,
            "trainings": [(title, provider, people or 0) for title, provider, people in trainings if title],
            **{name: answers[name] for name in ("subjects", "other_subjects", "barriers", "other_barriers", "notes")},
        }


def _trainings(known: Known, kept: YearlyReturn | None) -> list[tuple[str, str, int]]:
    return [(line.title, line.provider, line.people) for line in kept.trainings.all()] if kept else known.trainings


class RoundForm(forms.Form):
    """From when to when T&D asks for the returns of a year."""

    year = forms.TypedChoiceField(label="Programme year", coerce=int, choices=())
    opens_on = DateInputField(
        label="When are CPD leads asked?", help_text="For example 1 9 2026.", require_all_fields=False
    )
    due_on = DateInputField(
        label="When are the returns due?",
        help_text="Reminders go two weeks before, and the day after.",
        require_all_fields=False,
    )

    def __init__(self, *args, years: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = years
        self.helper = FormHelper()
        legend = {"legend_size": Size.for_legend(Size.SMALL)}
        self.helper.layout = Layout(
            Field.select("year", label_size=Size.SMALL),
            Field("opens_on", context=legend), Field("due_on", context=legend),
            Button("save", "Save the dates"),
        )  # fmt: skip

    def clean(self):
        answers = super().clean()
        opens: date | None = answers.get("opens_on")
        due: date | None = answers.get("due_on")
        if opens and due and due <= opens:
            self.add_error("due_on", "The returns must be due after CPD leads are asked")
        return answers
