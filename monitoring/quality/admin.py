"""T&D's screens of quality: standards, reviews, learning, single-agency training, consultations; and the catalogue's
courses once more, with how each stands to its review."""

from django.contrib import admin, messages
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from courses.admin import CourseAdmin
from courses.models import Course
from monitoring.models import (
    Consultation,
    ExpectedQuality,
    Learning,
    QualityReview,
    QualityStandard,
    ReturnRound,
    ReviewAnswer,
    SingleAgencyTraining,
    StandardSet,
)
from monitoring.quality import actions, due
from monitoring.quality.rules import State
from wscb_training.histories import HistoryAdmin
from wscb_training.screens import PlainForm
from wscb_training.wording import count, local_date

LINKS = {models.URLField: {"assume_scheme": "https"}}


class _Fixed:
    """A set that courses were assessed against is read, not changed: neither it nor its statements."""

    def is_fixed(self, standard_set: StandardSet | None) -> bool:
        """Whether nothing of it can be altered any more."""
        return bool(standard_set and standard_set.why_fixed())

    def has_change_permission(self, request, obj=None):
        return not self.is_fixed(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return not self.is_fixed(obj) and super().has_delete_permission(request, obj)


class StandardInline(_Fixed, admin.TabularInline):
    model = QualityStandard
    extra = 3

    def has_add_permission(self, request, obj=None):
        return not self.is_fixed(obj) and super().has_add_permission(request, obj)


@admin.register(StandardSet)
class StandardSetAdmin(_Fixed, HistoryAdmin):
    """Versions of the standards and the core messages; a new one is made on the page of all versions."""

    list_display = ["__str__", "kind", "agreed_on", "minute"]
    list_filter = ["kind"]
    inlines = [StandardInline]


class ReviewAnswerInline(PlainForm, admin.TabularInline):
    model = ReviewAnswer
    extra = 0


@admin.register(QualityReview)
class QualityReviewAdmin(HistoryAdmin):
    """Corrections; a review is recorded on its course's page under Monitoring, Quality."""

    list_display = ["__str__", "reviewed_on", "reviewer", "found_current", "standard_set", "meets_standards"]
    list_filter = ["found_current", "meets_standards", "standard_set"]
    list_select_related = ["course", "single_agency__organisation", "standard_set"]
    search_fields = ["course__title", "single_agency__title", "reviewer"]
    autocomplete_fields = ["course", "single_agency"]
    raw_id_fields = ["event"]
    date_hierarchy = "reviewed_on"
    inlines = [ReviewAnswerInline]

    def save_model(self, request, obj, form, change):
        actions.correct_review(review=obj, by=request.user)

    def save_related(self, request, form, formsets, change):
        """Its answers are known now, and with them its verdict."""
        super().save_related(request, form, formsets, change)
        actions.settle_review(review=form.instance, by=request.user)


@admin.register(SingleAgencyTraining)
class SingleAgencyTrainingAdmin(HistoryAdmin):
    list_display = ["title", "organisation", "held_on", "uses_core_messages", "meets_standards"]
    list_filter = ["uses_core_messages", "meets_standards"]
    list_select_related = ["organisation"]
    search_fields = ["title", "organisation__name"]
    autocomplete_fields = ["organisation"]
    filter_horizontal = ["contents"]

    def save_model(self, request, obj, form, change):
        actions.record_own_training(training=obj, by=request.user, **form.cleaned_data)


@admin.register(Learning)
class LearningAdmin(HistoryAdmin):
    """New learning: the courses of its subjects are to be reviewed from its date on."""

    formfield_overrides = LINKS
    list_display = ["title", "kind", "dated"]
    list_filter = ["kind", "subjects"]
    search_fields = ["title"]
    filter_horizontal = ["subjects"]

    def save_model(self, request, obj, form, change):
        actions.record_learning(learning=obj, by=request.user)

    def save_related(self, request, form, formsets, change):
        """Say how many courses it marks, and where they stand."""
        super().save_related(request, form, formsets, change)
        marked = Course.objects.offered().filter(subjects__in=form.instance.subjects.all()).distinct().count()
        page = reverse("monitoring:quality")
        words = f"{count(marked, 'course')} of its subjects {'is' if marked == 1 else 'are'} to be reviewed"
        self.message_user(
            request, format_html('{}: <a href="{}?state=learning">see them</a>.', words, page), messages.WARNING
        )


class ExpectedQualityInline(PlainForm, admin.TabularInline):
    model = ExpectedQuality
    extra = 3
    autocomplete_fields = ["courses"]


@admin.register(Consultation)
class ConsultationAdmin(HistoryAdmin):
    """Who was asked, when, and what they expect; each theme names the courses that teach it."""

    list_display = ["title", "dated", "people"]
    search_fields = ["title", "sample", "expected__text"]
    inlines = [ExpectedQualityInline]

    def save_model(self, request, obj, form, change):
        actions.record_consultation(consultation=obj, by=request.user)


@admin.register(ReturnRound)
class ReturnRoundAdmin(HistoryAdmin):
    """The dates of each year's returns; they are set on the page of the returns as well."""

    list_display = ["__str__", "opens_on", "due_on"]


class ReviewStateFilter(admin.SimpleListFilter):
    title, parameter_name = "review", "review"

    def lookups(self, request, model_admin):
        return [(state.value, state.words) for state in State]

    def queryset(self, request, queryset):
        if self.value() not in set(State):
            return queryset
        return queryset.filter(pk__in=due.courses_in(State(self.value()), today=local_date(timezone.now())))


admin.site.unregister(Course)


@admin.register(Course)
class ReviewedCourseAdmin(CourseAdmin):
    """The catalogue, each course with how it stands to its yearly review (§6.6): the reviews lie on this floor."""

    list_display = [*CourseAdmin.list_display[:-1], "review", "reviewed"]
    list_filter = [ReviewStateFilter, *CourseAdmin.list_filter]

    def get_queryset(self, request):
        return due.with_reviews(super().get_queryset(request), today=local_date(timezone.now()))

    @admin.display(description="review")
    def review(self, course):
        """How it stands, with the way to its reviews."""
        page = reverse("monitoring:quality_course", args=[course.slug])
        state = due.state_of(course, today=local_date(timezone.now()))
        return format_html('<a href="{}">{}</a>', page, state.words)

    @admin.display(description="last reviewed", ordering="last_review")
    def reviewed(self, course):
        """When it was reviewed last."""
        return course.last_review
