"""What a CPD lead types on the pages of their team."""

from datetime import datetime

from crispy_forms_gds.fields import DateInputField
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fluid, Layout, Size
from django import forms

from accounts.models import SafeguardingLead, User
from bookings import actions
from bookings.models import TrainingRecord
from competence.models import CompetenceGroup
from learning import rules


class _Laid(forms.Form):
    """A form laid out one field under the other, with its button."""

    button = "Save"

    def layout(self) -> list:
        """Return the parts of the form, in order."""
        return list(self.fields)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.layout(), Button("save", self.button))


class AbsenceForm(_Laid):
    """Why somebody did not use their place."""

    reason = forms.CharField(
        label="Why was the place not used?",
        help_text="For example sickness, or cover that fell through. Do not name a child or a family.",
        max_length=500,
        widget=forms.Textarea,
        error_messages={"required": "Enter why the place was not used"},
    )

    def layout(self):
        return [Field.textarea("reason", rows=3, label_size=Size.SMALL)]


class SwapForm(_Laid):
    """The colleague who takes the place over."""

    button = "Give the place to this colleague"
    colleague = forms.ModelChoiceField(
        label="Who takes the place?",
        queryset=User.objects.none(),
        empty_label="Choose a colleague",
        error_messages={"required": "Choose who takes the place", "invalid_choice": "Choose somebody from the list"},
    )

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["colleague"].queryset = colleagues.order_by("full_name")

    def layout(self):
        return [Field.select("colleague", label_size=Size.SMALL)]


class InviteForm(_Laid):
    """One address or a pasted list; each bad line is named, and then nobody is invited."""

    button = "Send invitations"
    addresses = forms.CharField(
        label="Email addresses",
        help_text="One a line, or a list pasted from a spreadsheet. Names beside the addresses are left out.",
        max_length=30_000,
        widget=forms.Textarea,
        error_messages={"required": "Enter at least one email address"},
    )

    def layout(self):
        return [Field.textarea("addresses", rows=8, label_size=Size.SMALL)]

    def clean_addresses(self) -> list[str]:
        addresses, problems = rules.read_addresses(self.cleaned_data["addresses"])
        if problems:
            raise forms.ValidationError(problems)
        return addresses


class ManagedPersonForm(_Laid):
    """Somebody without an email of their own."""

    full_name = forms.CharField(
        label="Full name",
        help_text="As it should stand on certificates.",
        max_length=200,
        error_messages={"required": "Enter their full name"},
    )
    job_role = forms.CharField(
        label="Job role", help_text="Or what they volunteer as.", max_length=100,
        error_messages={"required": "Enter their job role"},
    )  # fmt: skip
    group = forms.ModelChoiceField(
        label="Competence group",
        queryset=CompetenceGroup.objects.all(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Select their competence group"},
    )

    def layout(self):
        return [
            Field.text("full_name", label_size=Size.SMALL, field_width=Fluid.TWO_THIRDS),
            Field.text("job_role", label_size=Size.SMALL, field_width=Fluid.TWO_THIRDS),
            Field.radios("group", legend_size=Size.SMALL),
        ]


class ManagedDetailsForm(ManagedPersonForm):
    """Changed details of somebody without email; another group needs its reason, as it does of anybody."""

    reason = forms.CharField(
        label="If the group changes: why?",
        help_text="For example a new role, or new responsibilities. It stands in the history.",
        max_length=100,
        required=False,
    )

    def layout(self):
        return [*super().layout(), Field.text("reason", label_size=Size.SMALL, field_width=Fluid.TWO_THIRDS)]

    def clean(self):
        answers = super().clean()
        group = answers.get("group")
        if group and self.initial["group"] and group.pk != self.initial["group"] and not answers.get("reason"):
            self.add_error("reason", "Enter why the group changes")
        return answers


class LeaverForm(_Laid):
    """When somebody left, and what becomes of the places booked for them."""

    KEEP, CANCEL = "keep", "cancel"
    button = "Note that they left"
    ended_on = DateInputField(
        label="When was their last day?",
        help_text="For example, 31 8 2026",
        require_all_fields=False,
    )
    bookings = forms.ChoiceField(
        label="What should happen to their bookings?",
        choices=[
            (CANCEL, "Cancel them: the places go to the next people"),
            (KEEP, "Keep them: they come as booked"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what should happen to their bookings"},
    )

    def __init__(self, *args, has_bookings: bool, today, started_on, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.started_on = today, started_on
        if not has_bookings:
            del self.fields["bookings"]
            self.helper.layout = Layout(self.date(), Button("save", self.button))

    def date(self):
        return Field("ended_on", context={"legend_size": Size.for_legend(Size.SMALL)})

    def layout(self):
        return [self.date(), Field.radios("bookings", legend_size=Size.SMALL)]

    def clean_ended_on(self):
        ended_on = self.cleaned_data["ended_on"]
        if ended_on and ended_on > self.today:
            raise forms.ValidationError("The last day must be today or in the past")
        if ended_on and ended_on < self.started_on:
            raise forms.ValidationError("The last day must be after they started")
        return ended_on

    def clean(self):
        return {"bookings": self.KEEP, **super().clean()}


class ApprovalSettingForm(_Laid):
    """Whether a CPD lead approves each booking."""

    YES, NO = "yes", "no"
    requires_approval = forms.ChoiceField(
        label="Should a CPD lead approve each booking of your staff?",
        choices=[
            (YES, "Yes: a place is held while you are asked"),
            (NO, "No: staff book for themselves"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether a CPD lead approves each booking"},
    )

    def layout(self):
        return [Field.radios("requires_approval", legend_size=Size.MEDIUM)]


class TokenForm(_Laid):
    """What a token is for, and whether it may book."""

    READ, BOOK = "read", "book"
    button = "Make the token"
    name = forms.CharField(
        label="What is it for?",
        help_text="For example the name of your HR system.",
        max_length=100,
        error_messages={"required": "Enter what the token is for"},
    )
    may = forms.ChoiceField(
        label="What may it do?",
        choices=[
            (READ, "Read your staff, bookings and records"),
            (BOOK, "Read them, and book and cancel in your name"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what the token may do"},
    )

    def layout(self):
        return [
            Field.text("name", label_size=Size.SMALL, field_width=Fluid.TWO_THIRDS),
            Field.radios("may", legend_size=Size.SMALL),
        ]


class PeopleForm(forms.Form):
    """The staff ticked on the page, in the order in which they stand there."""

    people = forms.ModelMultipleChoiceField(
        queryset=User.objects.none(), error_messages={"required": "Select at least one person"}
    )

    def __init__(self, *args, staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = staff

    def clean_people(self) -> list[User]:
        ticked = {person.pk: person for person in self.cleaned_data["people"]}
        order = dict.fromkeys(int(pk) for pk in self.data.getlist("people"))
        return [ticked[pk] for pk in order]


class _PastDate(_Laid):
    """A form with a date that is not in the future; `today` is the London date."""

    date_name = ""

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def date(self):
        return Field(self.date_name, context={"legend_size": Size.for_legend(Size.SMALL)})

    def clean(self):
        answers = super().clean()
        if (typed := answers.get(self.date_name)) and typed > self.today:
            self.add_error(self.date_name, "The date must be today or in the past")
        return answers


class RecordForm(_Laid):
    """Whether training taken elsewhere is accepted, with the reason that the person is told when it is not."""

    VERIFY, REFUSE = "verify", "refuse"
    button = "Send your answer"
    answer = forms.ChoiceField(
        label="Do you accept this training?",
        choices=[(VERIFY, "Yes, it counts"), (REFUSE, "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether you accept this training"},
    )
    reason = forms.CharField(
        label="If not: why?", help_text="The person reads it.", max_length=500, required=False, widget=forms.Textarea
    )

    def layout(self):
        return [
            Field.radios("answer", legend_size=Size.MEDIUM),
            Field.textarea("reason", rows=3, label_size=Size.SMALL),
        ]

    def clean(self):
        answers = super().clean()
        if answers.get("answer") == self.REFUSE and not answers.get("reason", "").strip():
            self.add_error("reason", "Enter why you do not accept it: the person is told")
        return answers

    def decide(self, record: TrainingRecord, *, by: User, now: datetime) -> TrainingRecord:
        """Verify or refuse as was answered; return the record. Raises Refused when somebody was quicker."""
        if self.cleaned_data["answer"] == self.VERIFY:
            return actions.verify_record(record=record, by=by, now=now)
        return actions.refuse_record(record=record, by=by, now=now, reason=self.cleaned_data["reason"])


class SafeguardingLeadForm(_PastDate):
    """Who answers for safeguarding, as what, since when."""

    date_name = "since"
    person = forms.ModelChoiceField(
        label="Who?",
        queryset=User.objects.none(),
        empty_label="Choose somebody of your team",
        error_messages={"required": "Choose who it is", "invalid_choice": "Choose somebody from the list"},
    )
    role = forms.ChoiceField(
        label="As what?",
        choices=SafeguardingLead.Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether they are the lead or a deputy"},
    )
    since = DateInputField(label="Since when?", help_text="For example, 1 9 2026", require_all_fields=False)

    def __init__(self, *args, staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = staff

    def layout(self):
        return [
            Field.select("person", label_size=Size.SMALL),
            Field.radios("role", legend_size=Size.SMALL),
            self.date(),
        ]


class WholeSchoolForm(_PastDate):
    """When all staff were trained together, and by whom."""

    date_name = "trained_on"
    trained_on = DateInputField(
        label="When were all staff trained?", help_text="For example, 1 9 2026", require_all_fields=False
    )
    provider = forms.CharField(
        label="Who gave the training, and where?",
        max_length=200,
        error_messages={"required": "Enter who gave the training"},
    )

    def layout(self):
        return [self.date(), Field.text("provider", label_size=Size.SMALL)]
