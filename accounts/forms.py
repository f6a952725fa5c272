"""What people type about themselves, one thing a page."""

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fluid, Layout, Size
from django import forms

from accounts.models import Organisation, Sector
from accounts.rules import has_letters, tidy_name, tidy_postcode
from competence.models import CompetenceGroup

NOT_LISTED, CHILDMINDER = "not-listed", "childminder"


class DetailForm(forms.Form):
    """A page with one question: its label is the page's heading."""

    button = "Continue"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.layout(), Button("save", self.button))

    def layout(self) -> list:
        """Return the fields as they stand on the page."""
        raise NotImplementedError


def _heading(**options) -> dict:
    return {"label_size": Size.LARGE, "label_tag": "h1", **options}


class NameField(forms.CharField):
    """A name in any script, tidied (`rules.tidy_name`); one without a letter is none."""

    def to_python(self, value):
        return tidy_name(super().to_python(value))

    def validate(self, value):
        super().validate(value)
        if value and not has_letters(value):
            raise forms.ValidationError(self.error_messages["required"], code="required")


class NameForm(DetailForm):
    full_name = NameField(
        label="What is your full name?",
        help_text="As it should stand on your certificates.",
        max_length=200,
        error_messages={"required": "Enter your full name"},
    )

    def layout(self):
        return [Field.text("full_name", autocomplete="name", dir="auto", field_width=Fluid.TWO_THIRDS, **_heading())]


class OrganisationForm(DetailForm):
    typed = forms.CharField(
        label="Which organisation do you work or volunteer for?",
        help_text="Type its name or postcode. Choose the school or setting itself, not its trust or chain.",
        max_length=200,
        error_messages={"required": "Enter the name or postcode of your organisation"},
    )
    button = "Find organisation"

    def layout(self):
        return [Field.text("typed", autocomplete="organization", field_width=Fluid.TWO_THIRDS, **_heading())]


class ChooseOrganisationForm(DetailForm):
    organisation = forms.ChoiceField(
        label="Is it one of these?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select your organisation, or that it is not listed"},
    )

    def __init__(self, *args, found: list[Organisation], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [Choice(str(organisation.pk), organisation.name, hint=_where(organisation)) for organisation in found]
        if choices:
            choices[-1].divider = "or"
        else:
            self.fields["organisation"].label = "Which of these is right?"
        self.fields["organisation"].choices = [
            *choices,
            Choice(CHILDMINDER, "I work for myself as a childminder"),
            Choice(NOT_LISTED, "Mine is not listed"),
        ]

    def layout(self):
        return [Field.radios("organisation", legend_size=Size.LARGE, legend_tag="h1")]


def _where(organisation: Organisation) -> str:
    return f"{organisation.get_kind_display()}{', ' + organisation.postcode if organisation.postcode else ''}"


class NewOrganisationForm(DetailForm):
    name = NameField(
        label="Name of the organisation", max_length=200, error_messages={"required": "Enter the organisation's name"}
    )
    postcode = forms.CharField(
        label="Postcode", max_length=10, error_messages={"required": "Enter the organisation's postcode"}
    )
    kind = forms.ChoiceField(
        label="What kind of organisation is it?", error_messages={"required": "Select what kind of organisation it is"}
    )
    sector = forms.ModelChoiceField(
        Sector.objects.all(),
        label="Which sector does it belong to?",
        empty_label="Select a sector",
        error_messages={"required": "Select a sector"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = [kind for kind in Organisation.Kind.choices if kind[0] != Organisation.Kind.CHILDMINDER]
        self.fields["kind"].choices = [("", "Select a kind"), *kinds]

    def clean_postcode(self):
        if postcode := tidy_postcode(self.cleaned_data["postcode"]):
            return postcode
        raise forms.ValidationError("Enter a full UK postcode, like SW18 2PU", code="invalid")

    def layout(self):
        small = {"label_size": Size.for_label(Size.SMALL)}
        return [
            Field.text("name", dir="auto", label_size=Size.SMALL, field_width=Fluid.TWO_THIRDS),
            Field.text("postcode", label_size=Size.SMALL, field_width=Fluid.ONE_THIRD, autocomplete="postal-code"),
            Field("kind", context=small),
            Field("sector", context=small),
        ]


class JobRoleForm(DetailForm):
    job_role = NameField(
        label="What is your job or volunteer role?",
        help_text="For example teacher, health visitor, youth group leader.",
        max_length=100,
        error_messages={"required": "Enter your job or volunteer role"},
    )

    def layout(self):
        return [
            Field.text(
                "job_role", autocomplete="organization-title", dir="auto", field_width=Fluid.TWO_THIRDS, **_heading()
            )
        ]


class GroupForm(DetailForm):
    """The competence group, by the descriptions and examples of Appendix 3."""

    group = forms.ModelChoiceField(
        CompetenceGroup.objects.all(),
        label="Which of these describes your work best?",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Select the group that describes your work best"},
    )

    reason = forms.CharField(
        label="Why does your group change?",
        help_text="For example a new job, or new responsibilities. Your CPD lead and T&D can see it.",
        max_length=100,
        error_messages={"required": "Enter why your group changes"},
    )

    def __init__(self, *args, has_group: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_group:
            del self.fields["reason"]
            self.helper.layout = Layout(self.layout()[0], Button("save", self.button))
        self.fields["group"].choices = [
            # As Appendix 3 prints it, the examples are in the description.
            Choice(group.pk, str(group), hint=group.description or f"For example: {', '.join(group.examples)}.")
            for group in CompetenceGroup.objects.all()
        ]

    def layout(self):
        question = Field.radios("group", legend_size=Size.LARGE, legend_tag="h1")
        return [question, Field.text("reason", label_size=Size.SMALL, field_width=Fluid.TWO_THIRDS)]


class ManagerForm(DetailForm):
    manager_email = forms.EmailField(
        label="What is your line manager's email address? (optional)",
        help_text=(
            "Twelve weeks after a course we ask them what has changed in your practice. "
            "Leave it empty if you have no manager, or if your CPD lead should be asked."
        ),
        required=False,
        error_messages={"invalid": "Enter an email address like name@example.com"},
    )

    def __init__(self, *args, own_email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.own_email = own_email

    def clean_manager_email(self):
        address = self.cleaned_data["manager_email"].lower()
        if address and address == self.own_email:
            raise forms.ValidationError("Enter your manager's email address, not your own", code="own")
        return address

    def layout(self):
        return [Field.text("manager_email", field_width=Fluid.TWO_THIRDS, autocomplete="off", **_heading())]
