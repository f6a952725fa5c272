"""The event's form and its sessions: what may be saved, and what only with a reason."""

from django import forms
from django.contrib import admin
from django.utils.text import capfirst

from bookings import actions
from bookings.rules import capacity_refusal
from courses import actions as courses
from courses.clashes import clashes, say_why, without_reason
from courses.models import Session
from courses.models.event import is_multi_agency
from wscb_training.screens import PlainForm


class SessionFormSet(forms.BaseInlineFormSet):
    """A published event keeps a session; no venue or trainer is double booked without a reason (edge case 29)."""

    def clean(self):
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        event = self.instance
        if event.is_published and not kept:
            raise forms.ValidationError("A published event needs a session. Cancel the event if it is not to be held.")
        times = [(each["starts_at"], each["ends_at"]) for each in kept if each.get("starts_at") and each.get("ends_at")]
        trainers = getattr(event, "chosen_trainers", [])
        found = clashes(times, venue=event.venue, trainers=trainers, without=event) if times else []
        if words := without_reason(event, found):
            raise forms.ValidationError([*words, say_why(event)])


class SessionInline(PlainForm, admin.TabularInline):
    model = Session
    formset = SessionFormSet
    extra = 0
    min_num = 1


class EventForm(forms.ModelForm):
    """The event's own fields. A capacity below the places held is refused with the number; trainers pass the gate."""

    def clean_capacity(self):
        capacity = self.cleaned_data["capacity"]
        held = self.instance.held_vcs + self.instance.held_other
        if self.instance.pk and (sentence := capacity_refusal(capacity=capacity, held=held)):
            raise forms.ValidationError(sentence)
        return capacity

    def clean(self):
        data = super().clean()
        actions.keep_pool()
        course, trainers = data.get("course"), list(data.get("trainers") or [])
        self.instance.chosen_trainers = trainers  # for the sessions, which are checked after this
        if course:
            multi_agency = is_multi_agency(course, data.get("audience"))
            for trainer in trainers:
                trainer.refresh_from_db()  # the gate may have opened just now
            for reason in courses.refused_trainers(trainers, course=course, is_multi_agency=multi_agency):
                self.add_error("trainers", reason)
        return data

    def _save_m2m(self):
        """Save the relations; trainers by the one action that may write them. What changed is for the history."""
        trainers = self.cleaned_data.pop("trainers", None)
        before = self._relations()
        super()._save_m2m()
        if trainers is not None:
            courses.assign_trainers(event=self.instance, trainers=trainers)
        self.instance.relations_changed = " ".join(
            f"{capfirst(name)}: {words or 'none'} (before: {before[name] or 'none'})."
            for name, words in self._relations().items()
            if words != before[name]
        )

    def _relations(self) -> dict[str, str]:
        names = ("trainers", "sectors", "organisations")
        return {name: ", ".join(sorted(str(each) for each in getattr(self.instance, name).all())) for name in names}
