"""What is asked on the pages of monitoring: as at which day, which rows, what evidence."""

from crispy_forms_gds.fields import DateInputField
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fluid, Layout, Size
from django import forms
from django.utils import timezone

from learning.record_forms import EvidenceField
from monitoring.models import Indicator, Milestone


class PeriodForm(forms.Form):
    """A programme year and a day of it, from the query; what makes no sense counts as not said."""

    year = forms.IntegerField(min_value=2000, max_value=2100, required=False)
    as_at = forms.DateField(required=False)

    @classmethod
    def read(cls, query) -> dict:
        """Return `year` and `as_at` of a query string, None each where it is missing or wrong."""
        form = cls({"year": query.get("year"), "as_at": query.get("as-at")})
        form.is_valid()
        return {name: form.cleaned_data.get(name) for name in ("year", "as_at")}


class EvidenceForm(forms.Form):
    """Evidence beside a figure; where the indicator has open milestones, it can sign one of them off."""

    text = forms.CharField(
        label="What does it show?",
        help_text="Do not name or describe anyone who could be identified.",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": "Enter what the evidence shows"},
    )
    dated = DateInputField(label="Date of the evidence", help_text="For example 27 3 2026.", require_all_fields=False)
    link = forms.URLField(label="Link (optional)", required=False, assume_scheme="https")
    file = EvidenceField(
        label="File (optional)",
        help_text="A PDF, PNG or JPEG of up to 10 MB.",
        required=False,
        error_messages={"empty": "The file is empty. Choose another"},
    )
    milestone = forms.ModelChoiceField(
        Milestone.objects.none(),
        label="Which milestone does it sign off?",
        empty_label="None: it is evidence only",
        required=False,
        error_messages={"invalid_choice": "Choose a milestone that is not signed off yet"},
    )

    def __init__(self, *args, indicator: Indicator, year: int, **kwargs):
        super().__init__(*args, **kwargs)
        parts = [
            Field.textarea("text", rows=3, label_size=Size.SMALL),
            Field("dated", context={"legend_size": Size.for_legend(Size.SMALL)}),
            Field.text("link", label_size=Size.SMALL, field_width=Fluid.TWO_THIRDS),
            Field("file", context={"label_size": Size.for_label(Size.SMALL)}),
        ]
        if indicator.kind == Indicator.Kind.EVIDENCE:
            open_ones = indicator.milestones.filter(year=year, signed_off_on__isnull=True)
            self.fields["milestone"].queryset = open_ones
            parts.append(Field.select("milestone", label_size=Size.SMALL))
        else:
            del self.fields["milestone"]
        self.helper = FormHelper()
        self.helper.layout = Layout(*parts, Button("save", "Add evidence"))

    def clean_dated(self):
        day = self.cleaned_data["dated"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("The date must be today or in the past")
        return day
