"""Where nobody can be asked about somebody's practice, T&D names somebody: a place at a time, or one person (§15)."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.permissions import td_page
from evaluations import actions, nobody
from wscb_training.wording import count

OTHER = "other"
WRONG_ADDRESS = "Enter an address like name@school.example"


class WhoForm(forms.Form):
    """Who can answer the ticked forms of one organisation: one of those proposed, or another address."""

    who = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": "Choose who can answer"})
    address = forms.EmailField(required=False, error_messages={"invalid": WRONG_ADDRESS})
    asked = forms.TypedMultipleChoiceField(coerce=int, error_messages={"required": "Tick the people to ask about"})

    def __init__(self, *args, place: nobody.Place, **kwargs):
        self.place = place
        prefix = str(place.organisation.pk if place.organisation else 0)
        super().__init__(*args, prefix=prefix, auto_id="id_%s", **kwargs)
        self.fields["who"].choices = [*place.people, (OTHER, "Somebody else")]
        self.fields["asked"].choices = [(form.pk, form.pk) for form in place.forms]

    def clean(self):
        data = super().clean()
        if data.get("who") == OTHER and not data.get("address") and "address" not in self.errors:
            self.add_error("address", "Enter the email address of who can answer")
        return data

    @property
    def chosen(self) -> str:
        """The address that was chosen."""
        data = self.cleaned_data
        return data["address"] if data["who"] == OTHER else data["who"]


@td_page
def nobody_to_ask(request):
    """The organisations with forms that nobody can be asked for, each with who could be named."""
    whos = []
    for place in nobody.places(now=timezone.now()):
        posted = request.method == "POST" and request.POST.get("place") == _key(place)
        form = WhoForm(request.POST if posted else None, place=place)
        if posted and form.is_valid():
            return _ask(request, form)
        whos.append((_key(place), form))
    bound = next((form for _, form in whos if form.is_bound), None)
    return render(request, "evaluations/nobody.html", {"whos": whos, "form": bound})


def _key(place: nobody.Place) -> str:
    return str(place.organisation.pk if place.organisation else 0)


def _ask(request: HttpRequest, form: WhoForm):
    chosen, asked = form.chosen, 0
    for evaluation in form.place.forms:
        if evaluation.pk not in form.cleaned_data["asked"]:
            continue
        try:
            actions.name_respondent(form=evaluation, address=chosen, by=request.user)
            asked += 1
        except actions.Refused as refused:
            messages.warning(request, f"{evaluation.booking.person}: {refused}")
    if asked:
        messages.success(request, f"{chosen} is asked about {count(asked, 'person', 'people')} within minutes.")
    return redirect("evaluations:nobody")
