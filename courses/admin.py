"""T&D's screens of the catalogue. Events have theirs in bookings, for cancelling one touches its bookings."""

from django import forms
from django.contrib import admin
from django.db import models
from django.utils import timezone

from courses.imports import VenueRows
from courses.models import Course, Event, Interest, Subject, Venue
from wscb_training.histories import HistoryAdmin
from wscb_training.importing import ImportExport
from wscb_training.wording import short_day


@admin.register(Subject)
class SubjectAdmin(HistoryAdmin):
    list_display = ["name", "category", "core_subject", "position"]
    list_filter = ["category"]
    search_fields = ["name", "core_subject"]


class CourseForm(forms.ModelForm):
    """A course that becomes multi-agency, or gets a specialist subject, keeps to the gate for its trainers (§5)."""

    def clean(self):
        data = super().clean()
        programme, subjects = data.get("programme"), list(data.get("subjects") or [])
        specialist = [subject.name for subject in subjects if subject.is_specialist]
        for event in _to_come(self.instance) if self.instance.pk and programme else []:
            for trainer in event.trainers.all():
                refusal = trainer.refusal_for(
                    is_multi_agency=programme == Course.Programme.MULTI_AGENCY
                    and event.audience != Event.Audience.ORGANISATIONS,
                    specialist_subjects=specialist,
                )
                if refusal:
                    self.add_error(None, f"{event} on {short_day(event.starts_at)}: {refusal}")
        return data


def _to_come(course: Course):
    coming = Event.objects.upcoming(at=timezone.now()).filter(course=course).select_related("course")
    return coming.prefetch_related("trainers__expertise")


@admin.register(Course)
class CourseAdmin(HistoryAdmin):
    form = CourseForm
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_display = ["title", "delivery", "programme", "level", "is_active", "materials_reviewed_on"]
    list_filter = ["is_active", "delivery", "programme", "subjects"]
    search_fields = ["title", "title_as_printed", "summary"]
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["title_as_printed"]
    autocomplete_fields = ["prerequisites"]
    filter_horizontal = ["subjects", "contents", "satisfies", "target_groups"]
    date_hierarchy = "materials_reviewed_on"
    fieldsets = [
        (None, {"fields": ["title", "title_as_printed", "slug", "summary", "outcomes", "audience_note", "is_active"]}),
        ("How it is run", {"fields": ["delivery", "programme", "level", "length", "required_sessions", "start_link"]}),
        ("What it is about", {"fields": ["subjects", "contents", "satisfies", "target_groups", "prerequisites"]}),
        (
            "How long it lasts, and its materials (§6.6)",
            {"fields": ["refresher_months", "materials_reviewed_on", "materials_reviewed_by", "notes", "position"]},
        ),
    ]


@admin.register(Venue)
class VenueAdmin(ImportExport, HistoryAdmin):
    resource_classes = [VenueRows]
    list_display = ["name", "postcode", "capacity", "is_step_free", "has_hearing_loop", "is_community", "is_active"]
    list_filter = ["is_active", "is_community", "is_step_free", "has_hearing_loop"]
    search_fields = ["name", "address", "postcode"]


@admin.register(Interest)
class InterestAdmin(admin.ModelAdmin):
    """Who would come to a course that has no open event: the demand."""

    list_display = ["course", "person", "registered_at", "told_at"]
    list_filter = ["course"]
    list_select_related = ["course", "person"]
    search_fields = ["course__title", "person__full_name", "person__email"]
    date_hierarchy = "registered_at"
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
