"""The forms of quality: a review, an observation, an organisation's own course, its self-assessment, a comment."""

from crispy_forms_gds.fields import DateInputField
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Button, Field, Fieldset, Fixed, Fluid, Layout, Size
from django import forms
from django.utils import timezone
from django.utils.html import format_html

from competence.models import TrainingContent
from monitoring.models import Answer, StandardSet
from monitoring.quality.due import CHECKS

LEGEND = {"legend_size": Size.for_legend(Size.SMALL)}
CHECK_WORDS = (
    "Serious Case Reviews", "Partnership reviews", "Case audits", "Changes of policy and procedures",
)  # fmt: skip


class _Past:
    """A date that is not in the future."""

    def clean_date(self, name: str):
        day = self.cleaned_data[name]
        if day and day > timezone.localdate():
            raise forms.ValidationError("The date must be today or in the past")
        return day


class StatementsForm(forms.Form):
    """An answer and a note for each statement of some sets: the core messages, the standards."""

    def __init__(self, *args, sets: list[StandardSet], said: dict[int, tuple[str, str]] | None = None, **kwargs):
        self.statements = [(each, list(each.standards.all())) for each in sets]
        initial = {}
        for pk, (answer, note) in (said or {}).items():
            initial |= {f"answer_{pk}": answer, f"note_{pk}": note}
        kwargs["initial"] = {**initial, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        for _, statements in self.statements:
            for statement in statements:
                self.fields[f"answer_{statement.pk}"] = forms.ChoiceField(
                    label=statement.text, choices=Answer.choices, widget=forms.RadioSelect,
                    error_messages={"required": f"Select an answer to “{statement.text}”"},
                )  # fmt: skip
                self.fields[f"note_{statement.pk}"] = forms.CharField(
                    label="Why, or what will change (optional)", max_length=500, required=False
                )

    def statement_fields(self, legends: dict[str, str]) -> list:
        """Return the statements laid out, a fieldset for each set with its legend by kind."""
        found = []
        for each, statements in self.statements:
            rows = []
            for statement in statements:
                rows += [
                    Field.radios(f"answer_{statement.pk}", legend_size=Size.SMALL, inline=True),
                    Field.text(f"note_{statement.pk}", field_width=Fluid.TWO_THIRDS),
                ]
            found.append(Fieldset(*rows, legend=legends[each.kind], legend_size=Size.MEDIUM))
        return found

    def answers(self) -> dict:
        """Return (answer, note) by statement."""
        return {
            statement: (self.cleaned_data[f"answer_{statement.pk}"], self.cleaned_data[f"note_{statement.pk}"])
            for _, statements in self.statements
            for statement in statements
        }


class ReviewForm(_Past, StatementsForm):
    """The review of a course or of an organisation's own, or the observation of an event."""

    reviewed_on = DateInputField(
        label="When was it reviewed?", help_text="For example 27 3 2026.", require_all_fields=False
    )
    reviewer = forms.CharField(
        label="Who reviewed it?", max_length=100, error_messages={"required": "Enter who reviewed it"}
    )
    checks = forms.MultipleChoiceField(
        label="Against which learning was the content checked?",
        help_text="Only a review with all four counts as a review of the content.",
        choices=list(zip(CHECKS, CHECK_WORDS, strict=True)),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    found_current = forms.ChoiceField(
        label="Are the materials up to date?",
        choices=[("yes", "Yes, nothing has to change"), ("no", "No, something has to change")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether the materials are up to date"},
    )
    notes = forms.CharField(
        label="What was good, and what has to change?", max_length=4000, widget=forms.Textarea, required=False
    )

    def __init__(self, *args, of_content: bool, observed: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if observed:
            self.fields["reviewed_on"].label = "When was it observed?"
            self.fields["reviewer"].label = "Who observed it?"
        content = [
            Field.checkboxes("checks", legend_size=Size.MEDIUM, small=True),
            Field.radios("found_current", legend_size=Size.MEDIUM, small=True),
        ]
        if not of_content:
            del self.fields["checks"], self.fields["found_current"]
            content = []
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field("reviewed_on", context=LEGEND),
            Field.text("reviewer", label_size=Size.SMALL, field_width=Fluid.ONE_HALF),
            *content,
            *self.statement_fields({StandardSet.Kind.STANDARDS: "Does it meet the quality standards?",
                                    StandardSet.Kind.CORE_MESSAGES: "Does it carry the core messages?"}),
            Field.textarea("notes", rows=5, label_size=Size.MEDIUM, max_characters=4000),
            Button("save", "Record the observation" if observed else "Record the review"),
        )  # fmt: skip

    def clean_reviewed_on(self):
        return self.clean_date("reviewed_on")

    def values(self) -> dict:
        """Return what was filled in as `record_review` takes it."""
        said = self.cleaned_data
        sets = [each for each, _ in self.statements if each.kind == StandardSet.Kind.STANDARDS]
        return {
            "reviewed_on": said["reviewed_on"], "reviewer": said["reviewer"], "notes": said["notes"],
            "checks": said.get("checks", []), "found_current": said.get("found_current") == "yes",
            "standards": sets[0] if sets else None, "answers": self.answers(),
        }  # fmt: skip


class OwnTrainingForm(_Past, forms.Form):
    """A safeguarding course that an organisation gives its own staff."""

    title = forms.CharField(
        label="What is the course called?", max_length=200, error_messages={"required": "Enter what it is called"}
    )
    held_on = DateInputField(
        label="When was it last held?", help_text="For example 27 3 2026.", require_all_fields=False
    )
    length = forms.CharField(label="How long is it? (optional)", help_text="For example “half a day”.",
                             max_length=50, required=False)  # fmt: skip
    given_by = forms.CharField(
        label="Who gives it? (optional)", help_text="A role, such as your safeguarding lead, or a provider.",
        max_length=200, required=False,
    )  # fmt: skip
    people_trained = forms.IntegerField(
        label="How many people had it in the last 12 months? (optional)", min_value=0, max_value=100_000,
        required=False, error_messages={"invalid": "Enter how many people as a whole number"},
    )  # fmt: skip
    contents = forms.ModelMultipleChoiceField(
        label="Which training contents does it cover?",
        help_text="As in the pathway. It is set beside the gaps of your staff.",
        queryset=TrainingContent.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    notes = forms.CharField(label="Anything else (optional)", max_length=2000, widget=forms.Textarea, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contents"].label_from_instance = lambda content: content.title
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.text("title", label_size=Size.SMALL),
            Field("held_on", context=LEGEND),
            Field.text("length", label_size=Size.SMALL, field_width=Fluid.ONE_HALF),
            Field.text("given_by", label_size=Size.SMALL, field_width=Fluid.TWO_THIRDS),
            Field.text("people_trained", label_size=Size.SMALL, field_width=Fixed.FIVE, inputmode="numeric"),
            Field.checkboxes("contents", legend_size=Size.SMALL, small=True),
            Field.textarea("notes", rows=3, label_size=Size.SMALL),
            Button("save", "Save and go on"),
        )

    def clean_held_on(self):
        return self.clean_date("held_on")


class SelfAssessmentForm(StatementsForm):
    """How an organisation judges its own course by the core messages and the standards in force."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *[HTML(format_html('<p class="govuk-body">{}</p>', "“Partly” and “No” are useful answers: they show what "
                               "to work on. Only when all are “Yes” does the course count as meeting them."))],
            *self.statement_fields({StandardSet.Kind.STANDARDS: "Does the course meet the quality standards?",
                                    StandardSet.Kind.CORE_MESSAGES: "Does the course carry the core messages?"}),
            Button("save", "Save the self-assessment"),
        )  # fmt: skip


class CommentForm(forms.Form):
    """What T&D or the Sub-committee say about an organisation's own course."""

    text = forms.CharField(
        label="Your comment",
        help_text="The organisation's CPD leads get it by email.",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": "Enter your comment"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(Field.textarea("text", rows=4, label_size=Size.SMALL), Button("save", "Comment"))
