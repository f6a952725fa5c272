"""The pool of trainers (§5). Here and not in courses, for the training record opens its gate."""

from django import forms
from django.contrib import admin
from django.utils import timezone

from bookings import actions
from courses.models import Event, Trainer
from wscb_training.histories import HistoryAdmin
from wscb_training.wording import short_day


class TrainerForm(forms.ModelForm):
    """What is recorded of a trainer can't be changed such that an event to come has one who may not train it."""

    def clean(self):
        data = super().clean()
        if not self.instance.pk or self.errors:
            return data
        for name in ("name", "kind", "is_active", "train_the_trainer_on"):
            setattr(self.instance, name, data.get(name))
        expertise = [subject.name for subject in data.get("expertise") or []]
        coming = Event.objects.upcoming(at=timezone.now()).filter(trainers=self.instance).select_related("course")
        for event in coming.prefetch_related("course__subjects"):
            specialist = [subject.name for subject in event.course.subjects.all() if subject.is_specialist]
            refusal = self.instance.refusal_for(
                is_multi_agency=event.is_multi_agency, specialist_subjects=specialist, expertise=expertise
            )
            if refusal:
                self.add_error(None, f"They train {event} on {short_day(event.starts_at)}. {refusal}")
        return data


@admin.register(Trainer)
class TrainerAdmin(HistoryAdmin):
    form = TrainerForm
    list_display = ["name", "kind", "organisation_name", "train_the_trainer_on", "is_active"]
    list_filter = ["is_active", "kind", "expertise"]
    search_fields = ["name", "organisation_name"]
    autocomplete_fields = ["person"]
    filter_horizontal = ["expertise"]
    readonly_fields = ["train_the_trainer_here"]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.instance.person:
            actions.keep_pool(person=form.instance.person)
