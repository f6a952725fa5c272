"""What somebody chooses for their weekly email of new events, and whose email T&D looks at."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Button, Field, Layout, Size
from django import forms

from accounts.models import User
from competence.models import CompetenceGroup
from courses.models import Course, Subject

BY_EVENTS = [choice for choice in Course.Delivery.choices if choice[0] != Course.Delivery.ONLINE]


class AlertForm(forms.Form):
    """Whether to get the email, and about what; an empty set is no limit (§14)."""

    wants = forms.TypedChoiceField(
        label="Do you want the weekly email?",
        help_text="It comes once a week, and only when there is something new that you may book.",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether you want the weekly email"},
    )
    deliveries = forms.MultipleChoiceField(
        label="How you want to learn (optional)",
        help_text="Choose none to be told of all.",
        choices=BY_EVENTS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    groups = forms.ModelMultipleChoiceField(
        label="Meant for these competence groups (optional)",
        help_text="Choose none to be told of all. Courses for everybody are always told.",
        queryset=CompetenceGroup.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    subjects = forms.ModelMultipleChoiceField(
        label="Subjects (optional)",
        help_text="Choose none to be told of all.",
        queryset=Subject.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.radios("wants", legend_size=Size.MEDIUM, inline=True),
            Field.checkboxes("deliveries", legend_size=Size.MEDIUM, small=True),
            Field.checkboxes("groups", legend_size=Size.MEDIUM, small=True),
            HTML('<div class="wscb-two-columns">'),
            Field.checkboxes("subjects", legend_size=Size.MEDIUM, small=True),
            HTML("</div>"),
            Button("save", "Save"),
        )


class WhoseEmailForm(forms.Form):
    """The person whose next weekly email T&D wants to see."""

    email = forms.EmailField(
        label="Whose email?",
        help_text="The exact email address of their account.",
        error_messages={"required": "Enter an email address"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Field.text("email", label_size=Size.SMALL, autocomplete="off"), Button("", "Show their next email")
        )

    def clean_email(self):
        person = User.objects.filter(email=self.cleaned_data["email"].lower(), is_active=True).first()
        if person is None:
            raise forms.ValidationError("Nobody has this email address. Check how it is spelt")
        self.person = person
        return person.email
