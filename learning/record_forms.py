"""What somebody types about training that they had elsewhere or online, and the file they send with it."""

from pathlib import PurePath

import filetype
from crispy_forms_gds.fields import DateInputField
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fluid, Layout, Size
from django import forms
from django.utils import timezone

from competence.models import TrainingContent
from courses.models import Course
from wscb_training import viruses

MOST_BYTES = 10 * 1024 * 1024
KINDS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


class EvidenceField(forms.FileField):
    """A PDF, PNG or JPEG of at most 10 MB without a virus, by what is in it, whatever its name says."""

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if not file:
            return file
        if file.size > MOST_BYTES:
            raise forms.ValidationError("The file must be smaller than 10 MB")
        kind = filetype.guess(file.read(4096))
        file.seek(0)
        if kind is None or kind.mime not in KINDS:
            raise forms.ValidationError("The file must be a PDF, PNG or JPEG")
        if refusal := viruses.refusal(file):
            raise forms.ValidationError(refusal)
        file.name = f"{PurePath(file.name).stem[:80] or 'evidence'}.{KINDS[kind.mime]}"
        return file


class _RecordForm(forms.Form):
    """When it was, and the file that shows it."""

    completed_on = DateInputField(
        label="When did you finish it?", help_text="For example 27 3 2026.", require_all_fields=False
    )
    evidence = EvidenceField(
        label="Certificate or other evidence",
        help_text="A PDF, PNG or JPEG of up to 10 MB. Your CPD lead and the Training and Development Service see it.",
        error_messages={
            "required": "Choose the file that shows that you completed it",
            "empty": "The file is empty. Choose another",
        },
    )

    def clean_completed_on(self):
        day = self.cleaned_data["completed_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("The date must be today or in the past")
        return day

    def lay_out(self, *parts) -> None:
        """Lay the form out: these parts, then the date and the file."""
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *parts,
            Field("completed_on", context={"legend_size": Size.for_legend(Size.SMALL)}),
            Field("evidence", context={"label_size": Size.for_label(Size.SMALL)}),
            Button("save", "Send it to be verified"),
        )
        self.order_fields(field.name for field in self.helper.layout.get_field_names())  # errors are listed as asked


class ElsewhereForm(_RecordForm):
    """Training that somebody else gave."""

    title = forms.CharField(
        label="What was the training called?", max_length=200, error_messages={"required": "Enter what it was called"}
    )
    provider = forms.CharField(
        label="Who gave it?", max_length=200, error_messages={"required": "Enter who gave the training"}
    )
    contents = forms.ModelMultipleChoiceField(
        TrainingContent.objects.all(),
        label="Which of these did it cover?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one that it covered"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lay_out(
            Field.text("title", label_size=Size.SMALL, field_width=Fluid.TWO_THIRDS),
            Field.text("provider", label_size=Size.SMALL, field_width=Fluid.TWO_THIRDS),
            Field.checkboxes("contents", legend_size=Size.SMALL),
        )


class OnlineForm(_RecordForm):
    """An online course of the programme, with its certificate."""

    course = forms.ModelChoiceField(
        Course.objects.offered().filter(delivery=Course.Delivery.ONLINE),
        to_field_name="slug",
        label="Which online course did you complete?",
        empty_label="Choose a course",
        error_messages={"required": "Choose the course that you completed"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lay_out(Field.select("course", label_size=Size.SMALL))
