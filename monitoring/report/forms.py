"""What is asked on the pages of the report: as at which day, T&D's words, why it is withdrawn."""

from datetime import date, datetime

from crispy_forms_gds.fields import DateInputField
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fluid, Layout, Size
from django import forms
from django.utils import timezone

from monitoring.models import ReportPoint

LONGEST, LONGEST_SUMMARY = 3000, 600  # letters; the summary stands on one page with the fifteen statuses
EXAMPLE = "For example 27 3 2026."


class StartForm(forms.Form):
    """The day up to which everything is counted."""

    as_at = DateInputField(
        label="Up to which day is it counted?",
        help_text=f"{EXAMPLE} Nothing that happened later counts. The programme year is the one of this day.",
        require_all_fields=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field("as_at", context={"legend_size": Size.for_legend(Size.SMALL)}), Button("start", "Make the report")
        )

    def clean_as_at(self) -> date:
        day = self.cleaned_data["as_at"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("The day must be today or in the past")
        if day and day < date(2017, 4, 1):
            raise forms.ValidationError("The day must be 1 April 2017 or later")
        return day


class CommentaryForm(forms.Form):
    """T&D's words on one priority, or on the whole; `seen` is when the text on the page had been written."""

    text = forms.CharField(label="Commentary", required=False, widget=forms.Textarea, strip=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, is_summary: bool, **kwargs):
        super().__init__(*args, **kwargs)
        longest = LONGEST_SUMMARY if is_summary else LONGEST
        self.fields["text"].max_length = longest
        self.fields["text"].validators.append(forms.fields.validators.MaxLengthValidator(longest))
        self.fields["text"].help_text = (
            "A few sentences to lay members: what matters most, in plain words. Do not name or describe anyone."
            if is_summary
            else "Why the figures are as they are, and what you do about it. Do not name or describe anyone."
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Field.textarea("text", rows=10, label_size=Size.MEDIUM, max_characters=longest), Field("seen")
        )

    def clean_seen(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return None


class PointForm(forms.ModelForm):
    """A risk with its level, or an action with its state; each with an owner and a day."""

    due_on = DateInputField(label="By when?", help_text=EXAMPLE, require_all_fields=False)

    class Meta:
        model = ReportPoint
        fields = ["text", "response", "owner", "due_on", "level", "is_done"]
        widgets = {"text": forms.Textarea, "response": forms.Textarea, "level": forms.RadioSelect}
        error_messages = {
            "owner": {"required": "Enter who sees to it"},
            "level": {"required": "Choose how high the risk is"},
        }

    def __init__(self, *args, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        is_risk = kind == ReportPoint.Kind.RISK
        self.instance.kind = kind
        self._word(is_risk)
        parts = [Field.textarea(name, rows=3, label_size=Size.SMALL) for name in ("text", "response")]
        parts.append(Field.text("owner", label_size=Size.SMALL, field_width=Fluid.ONE_HALF))
        parts.append(Field("due_on", context={"legend_size": Size.for_legend(Size.SMALL)}))
        if is_risk:
            self.fields["level"].required = True
            self.fields["level"].choices = ReportPoint.Level.choices
            parts.append(Field.radios("level", legend_size=Size.SMALL, inline=True))
            del self.fields["is_done"]
        else:
            parts.append(Field("is_done"))
            del self.fields["level"]
        self.helper = FormHelper()
        self.helper.layout = Layout(*parts, Button("save", "Save"))

    def _word(self, is_risk: bool) -> None:
        fields = self.fields
        fields["text"].label = "What is the risk?" if is_risk else "What is to be done?"
        fields["text"].error_messages["required"] = f"Enter {'the risk' if is_risk else 'what is to be done'}"
        fields["response"].label = "What do we do about it?" if is_risk else "How far is it? (optional)"
        fields["response"].required = is_risk
        fields["response"].error_messages["required"] = "Enter what is done about it"
        fields["owner"].label, fields["owner"].help_text = "Owner", "A role or a name."
        fields["due_on"].label = "When is it looked at again?" if is_risk else "By when?"
        fields["due_on"].error_messages["required"] = "Enter a day"
        fields["level"].label, fields["is_done"].label = "How high is the risk?", "It is done"


class WithdrawForm(forms.Form):
    """Why a report is withdrawn; its readers are told."""

    reason = forms.CharField(
        label="Why is it withdrawn?",
        max_length=500,
        widget=forms.Textarea,
        error_messages={"required": "Enter why it is withdrawn: its readers are told"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.textarea("reason", rows=4, label_size=Size.SMALL), Button.warning("withdraw", "Withdraw the report")
        )
