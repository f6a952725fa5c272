"""T&D's screens of questionnaires and forms: versions, a preview, and whom to ask where there is nobody."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse

from courses.models import Course
from evaluations import actions
from evaluations.forms import preview_of
from evaluations.models import Evaluation, Question, Questionnaire
from wscb_training.histories import HistoryAdmin
from wscb_training.screens import PlainForm, ReadAdmin


class QuestionInline(PlainForm, admin.StackedInline):
    model = Question
    extra = 0
    autocomplete_fields = ["course"]


@admin.register(Questionnaire)
class QuestionnaireAdmin(HistoryAdmin):
    """One that was sent to anybody is not altered: it is copied as the next version, edited, and then used."""

    list_display = ["__str__", "is_current", "created_at"]
    list_filter = ["kind", "is_current"]
    readonly_fields = ["is_current", "version"]
    inlines = [QuestionInline]
    change_form_template = "admin/evaluations/questionnaire_change_form.html"

    def has_add_permission(self, request):
        return False  # a new one begins as a copy

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.evaluations.exists())

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, "kind"] if obj else self.readonly_fields

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/copy/", view(self.copy_view), name="evaluations_questionnaire_copy"),
            path("<int:pk>/use/", view(self.use_view), name="evaluations_questionnaire_use"),
            path("<int:pk>/preview/", view(self.preview_view), name="evaluations_questionnaire_preview"),
            *super().get_urls(),
        ]

    def _questionnaire(self, request, pk) -> Questionnaire:
        if not request.user.is_td:
            raise PermissionDenied
        return get_object_or_404(Questionnaire, pk=pk)

    def _to(self, questionnaire):
        return HttpResponseRedirect(reverse("admin:evaluations_questionnaire_change", args=[questionnaire.pk]))

    def copy_view(self, request, pk):
        """Make the next version and open it."""
        questionnaire = self._questionnaire(request, pk)
        if request.method == "POST":
            questionnaire = actions.new_version(questionnaire=questionnaire, by=request.user)
            messages.success(request, f"{questionnaire}: change it, look at the preview, then use it.")
        return self._to(questionnaire)

    def use_view(self, request, pk):
        """Ask this version from now on."""
        questionnaire = self._questionnaire(request, pk)
        if request.method == "POST":
            try:
                actions.publish_version(questionnaire=questionnaire, by=request.user)
            except actions.Refused as refused:
                messages.error(request, str(refused))
            else:
                messages.success(request, f"{questionnaire} is asked from now on.")
        return self._to(questionnaire)

    def preview_view(self, request, pk):
        """As respondents see it."""
        questionnaire = self._questionnaire(request, pk)
        courses = Course.objects.order_by("title")
        chosen = courses.filter(pk=request.GET.get("course", "0") if request.GET.get("course", "").isdecimal() else 0)
        context = {
            "questionnaire": questionnaire, "course": chosen.first(), "courses": courses,
            "with_own": set(questionnaire.questions.exclude(course=None).values_list("course", flat=True)),
            "form": preview_of(questionnaire, chosen.first()),
        }  # fmt: skip
        return render(request, "evaluations/preview.html", context)


class NobodyFilter(admin.SimpleListFilter):
    title = "who is asked"
    parameter_name = "nobody"

    def lookups(self, request, model_admin):
        return [("yes", "Nobody to ask")]

    def queryset(self, request, queryset):
        return queryset.open().filter(respondent_email="") if self.value() else queryset


class RespondentForm(forms.Form):
    address = forms.EmailField(
        label="Email of who can answer",
        help_text="A line manager or somebody who sees their practice. They are sent the link.",
    )


@admin.register(Evaluation)
class EvaluationAdmin(ReadAdmin):
    """The forms: who was asked what and when, and whom to name. What was answered is not shown here with a name."""

    list_display = ["booking", "kind", "respondent_email", "opens_at", "issued_at", "submitted_at"]
    list_filter = [NobodyFilter, "kind"]
    list_select_related = ["booking__person", "booking__event__course"]
    search_fields = ["booking__person__full_name", "booking__event__reference", "respondent_email"]
    date_hierarchy = "opens_at"
    exclude = ["draft", "code"]
    change_form_template = "admin/evaluations/evaluation_change_form.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.name_view)
        return [path("<int:pk>/name/", view, name="evaluations_evaluation_name"), *super().get_urls()]

    def name_view(self, request, pk):
        """Name somebody who can answer."""
        if not request.user.is_td:
            raise PermissionDenied
        evaluation = get_object_or_404(Evaluation.objects.for_page(), pk=pk)
        form = RespondentForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                actions.name_respondent(form=evaluation, address=form.cleaned_data["address"], by=request.user)
            except actions.Refused as refused:
                form.add_error("address", str(refused))
            else:
                messages.success(request, f"{form.cleaned_data['address']} is asked with the next run, within minutes.")
                return HttpResponseRedirect(f"{reverse('admin:evaluations_evaluation_changelist')}?nobody=yes")
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "original": evaluation, "form": form,
            "title": "Who can answer?", "button": "Ask them", "words": str(evaluation),
        }  # fmt: skip
        return render(request, "admin/bookings/ask.html", context)
