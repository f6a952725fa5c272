"""The filters of the lists, as forms sent by GET."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Button, Field, Layout
from django import forms


class FilterForm(forms.Form):
    """A filter beside a list. It sends the search words along, so that a search and a filter narrow together."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_action = "."
        self.helper.layout = Layout(
            HTML('{% if asked %}<input type="hidden" name="q" value="{{ asked }}">{% endif %}'),
            *[_layout(name, field) for name, field in self.fields.items()],
            Button("", "Apply filters"),
        )

    def clean(self):
        """Refuse a span of dates that ends before it begins; say aloud what is wrong with a field that nobody sees."""
        if "course" in self.errors:
            self.add_error(None, "The course asked for is not offered, so these are the events of all courses")
        first, last = self.cleaned_data.get("from_date"), self.cleaned_data.get("to_date")
        if first and last and last < first:
            self.add_error("to_date", "The last date must be the same as or after the first date")


def _layout(name: str, field: forms.Field):
    if isinstance(field.widget, forms.HiddenInput):
        return name
    if isinstance(field.widget, forms.CheckboxSelectMultiple):
        return Field.checkboxes(name, small=True)
    return Field(name)
