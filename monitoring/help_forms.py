"""What comes in from the page that reports a problem."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fluid, Layout, Size
from django import forms


class ProblemForm(forms.Form):
    """What somebody wanted to do and what happened; an address where nobody is signed in."""

    tried = forms.CharField(
        label="What did you want to do?", max_length=1000, widget=forms.Textarea,
        error_messages={"required": "Enter what you wanted to do"},
    )  # fmt: skip
    happened = forms.CharField(
        label="What happened instead?", max_length=2000, widget=forms.Textarea,
        help_text="Do not write about a child or a family here.",
        error_messages={"required": "Enter what happened"},
    )  # fmt: skip
    email = forms.EmailField(
        label="Your email address", required=False, help_text="Only if you want an answer.",
        error_messages={"invalid": "Enter an email address like name@example.org"},
    )  # fmt: skip
    page = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)

    def __init__(self, *args, signed_in: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if signed_in:
            del self.fields["email"]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.textarea("tried", rows=3, label_size=Size.SMALL),
            Field.textarea("happened", rows=5, label_size=Size.SMALL),
            *([] if signed_in else [
                Field.text("email", label_size=Size.SMALL, field_width=Fluid.TWO_THIRDS, autocomplete="email")
            ]),
            "page",
            Button("send", "Send"),
        )  # fmt: skip

    def clean_page(self) -> str:
        """Keep a path of this site; whatever else was put there is left out."""
        page = self.cleaned_data["page"]
        return page if page.startswith("/") and not page.startswith("//") and page.isprintable() else ""
