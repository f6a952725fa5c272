"""What the form pack and our mends of it print: GOV.UK Frontend 5's markup, each error linked to an input."""

import re

import pytest
from crispy_forms_gds.fields import DateInputField
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fieldset, Layout
from django import forms
from django.template import engines
from django.test import RequestFactory
from django.utils.html import escape
from django.utils.safestring import mark_safe


class EveryKind(forms.Form):
    """A field of each kind that the pages use."""

    name = forms.CharField(help_text="As on a certificate")
    email = forms.EmailField()
    password = forms.CharField(widget=forms.PasswordInput)
    seats = forms.IntegerField()
    sector = forms.ChoiceField(choices=[("", "Choose"), ("1", "Schools")])
    needs_help = forms.ChoiceField(widget=forms.RadioSelect, choices=[("y", "Yes"), ("n", "No")])
    diet = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, choices=[("a", "Halal"), ("b", "Vegan")])
    alert = forms.BooleanField(help_text="Each Monday")
    done_on = DateInputField(help_text="For example, 27 3 2026")
    file = forms.FileField()
    notes = forms.CharField(widget=forms.Textarea)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *("name", "email", "password", "seats", "sector"),
            Field.radios("needs_help", inline=True),
            *("diet", "alert", "done_on", "file"),
            Field.textarea("notes", rows=4, max_characters=500),
            Button("save", "Save"),
        )


def page(form) -> str:
    """Return the form on a page, with its error summary."""
    source = "{% load crispy_forms_tags crispy_forms_gds %}{% error_summary form %}{% crispy form %}"
    return engines["django"].from_string(source).render({"form": form}, RequestFactory().get("/"))


@pytest.fixture
def wrong() -> str:
    """Return the page of a form sent empty."""
    return page(EveryKind({}, {}))


HOSTILE = "<script>alert(1)</script> {{ form }} {% x %}"


class TestWhatPeopleTyped:
    """Names of organisations, titles and questions reach labels: the pack prints them raw, our mends escape them."""

    @pytest.mark.parametrize("name", [*EveryKind.base_fields])
    def test_is_escaped_in_label_hint_choices_and_errors(self, name):
        form = EveryKind({}, {})
        field = form.fields[name]
        field.label, field.help_text = f"Label {HOSTILE}", f"Hint {HOSTILE}"
        if hasattr(field, "choices"):
            field.choices = [("a", f"Choice {HOSTILE}"), ("b", "Other")]
        form.add_error(name, f"Error {HOSTILE}")
        form.helper.layout = Layout(Fieldset(name, legend=f"Legend {HOSTILE}"))
        html = page(form)
        assert "<script>alert" not in html
        for words in ("Label", "Hint", "Error", "Legend", *(["Choice"] if hasattr(field, "choices") else [])):
            assert f"{words} {escape(HOSTILE)}" in html, words

    def test_what_is_marked_as_markup_stays_so(self):
        form = EveryKind()
        form.fields["name"].label, form.fields["name"].help_text = mark_safe("<b>Name</b>"), mark_safe("<i>Yours</i>")
        assert "<b>Name</b>" in page(form) and "<i>Yours</i>" in page(form)


def ids(html: str) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', html))


@pytest.mark.parametrize("data", [None, {}], ids=["fresh", "sent empty"])
def test_every_description_points_at_something_on_the_page(data):
    html = page(EveryKind(data))
    described = {name for names in re.findall(r'aria-describedby="([^"]*)"', html) for name in names.split()}
    assert described <= ids(html)


def test_every_error_is_linked_to_an_input(wrong):
    inputs = set(re.findall(r'<(?:input|select|textarea)[^>]*\bid="([^"]+)"', wrong, re.S))
    links = re.findall(r'<li><a href="#([^"]+)">', wrong)
    assert len(links) == len(EveryKind.base_fields)
    assert set(links) <= inputs


@pytest.mark.parametrize(
    "name, classes",
    [
        ("name", "govuk-input"),
        ("email", "govuk-input"),
        ("seats", "govuk-input"),
        ("sector", "govuk-select"),
        ("file", "govuk-file-upload"),
        ("notes", "govuk-textarea"),
        ("password", "govuk-password-input__input"),
    ],
)
def test_every_input_has_its_class(name, classes):
    tag = re.search(rf'<(?:input|select|textarea)[^>]*name="{name}"[^>]*>', page(EveryKind()), re.S).group()
    assert classes in re.search(r'class="([^"]*)"', tag).group(1).split()


def test_radios_in_a_row_are_still_radios():
    assert 'class="govuk-radios govuk-radios--inline"' in page(EveryKind())


def test_a_password_can_be_shown_where_there_is_script():
    assert re.search(
        r'data-module="govuk-password-input".*aria-controls="id_password"[^>]*hidden', page(EveryKind()), re.S
    )


def test_the_count_of_characters_is_the_group_around_its_text():
    assert 'govuk-character-count" data-module="govuk-character-count" data-maxlength="500"' in page(EveryKind())


def test_the_page_says_what_is_wrong_not_the_browser():
    html = page(EveryKind())
    assert "novalidate" in html and " required" not in html


def test_an_error_of_the_whole_form_leads_to_its_first_field():
    form = EveryKind({"name": "A"})
    form.add_error(None, "These can't be together")
    assert '<a href="#id_name">These can&#x27;t be together</a>' in page(form)
