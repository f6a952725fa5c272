"""What people type when they book or cancel."""

from datetime import datetime

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fluid, Layout, Size
from django import forms

from accounts.models import User
from bookings import actions
from bookings.models import Booking


class BookingForm(forms.Form):
    """What the trainers and the venue need to know before the day."""

    access_needs = forms.CharField(
        label="Access needs (optional)",
        help_text=(
            "Anything that helps you take part: step-free access, a hearing loop, large print, an interpreter. Only "
            "the Training and Development Service and this event's trainers see it, and it is deleted after 30 days."
        ),
        max_length=1000,
        required=False,
        widget=forms.Textarea,
    )
    dietary_needs = forms.CharField(
        label="Dietary needs (optional)", help_text="For events with food.", max_length=200, required=False
    )

    def __init__(self, *args, button: str = "Book this place", **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.textarea("access_needs", rows=3, label_size=Size.SMALL),
            Field.text("dietary_needs", label_size=Size.SMALL, field_width=Fluid.TWO_THIRDS),
            Button("book", button),
        )


class CancelForm(forms.Form):
    """Why a place is given up; asked for when the cancellation is late, since the CPD lead will ask too."""

    reason = forms.CharField(
        label="Why are you cancelling?",
        help_text="Do not name a child or a family.",
        max_length=500,
        widget=forms.Textarea,
        error_messages={"required": "Enter why you are cancelling"},
    )

    def __init__(self, *args, required: bool, button: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = required
        if not required:
            self.fields["reason"].label += " (optional)"
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.textarea("reason", rows=3, label_size=Size.SMALL), Button.warning("cancel", button)
        )


class ApprovalForm(forms.Form):
    """A CPD lead's answer, with the reason that the person is told when it is no."""

    APPROVE, DECLINE = "approve", "decline"

    answer = forms.ChoiceField(
        label="Do you approve this booking?",
        choices=[(APPROVE, "Yes, approve it"), (DECLINE, "No, decline it")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether you approve the booking"},
    )
    reason = forms.CharField(
        label="If you decline: why?",
        help_text="The person reads it. Do not name a child or a family.",
        max_length=500,
        required=False,
        widget=forms.Textarea,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.radios("answer", legend_size=Size.MEDIUM),
            Field.textarea("reason", rows=3, label_size=Size.SMALL),
            Button("save", "Send your answer"),
        )

    def clean(self):
        answers = super().clean()
        if answers.get("answer") == self.DECLINE and not answers.get("reason", "").strip():
            self.add_error("reason", "Enter why you decline it: the person is told")
        return answers

    def decide(self, booking: Booking, *, by: User, now: datetime) -> Booking:
        """Approve or decline as was answered; return the booking. Raises Refused when somebody was quicker."""
        if self.cleaned_data["answer"] == self.APPROVE:
            return actions.approve(booking=booking, by=by, now=now)
        return actions.decline(booking=booking, by=by, now=now, reason=self.cleaned_data["reason"])


class MissedReasonForm(forms.Form):
    """Why a place was not used, as T&D learned it."""

    reason = forms.CharField(
        label="Why the place was not used",
        help_text="Do not name a child or a family.",
        max_length=500,
        widget=forms.Textarea,
        error_messages={"required": "Enter why the place was not used"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.textarea("reason", rows=3, label_size=Size.SMALL), Button.secondary("note", "Save the reason")
        )


class WaiveForm(forms.Form):
    """Why a charge is waived."""

    waived_reason = forms.CharField(
        label="Why the charge is waived",
        max_length=300,
        error_messages={"required": "Enter why the charge is waived"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.text("waived_reason", label_size=Size.SMALL, field_width=Fluid.TWO_THIRDS),
            Button.secondary("waive", "Waive the charge"),
        )
