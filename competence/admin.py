"""T&D's screens of the competence framework: groups, contents, and the pathway with its versions."""

from django.contrib import admin, messages
from django.db.models import Count
from django.utils import timezone
from simple_history.utils import update_change_reason

from competence import actions
from competence.forms import PathwayVersionForm
from competence.models import CompetenceGroup, PathwayVersion, TrainingContent
from wscb_training.histories import HistoryAdmin


@admin.register(CompetenceGroup)
class CompetenceGroupAdmin(HistoryAdmin):
    list_display = ["number", "short_name"]
    list_display_links = ["short_name"]
    search_fields = ["short_name", "description", "example_roles"]


@admin.register(TrainingContent)
class TrainingContentAdmin(HistoryAdmin):
    list_display = ["code", "short_name", "title"]
    list_display_links = ["short_name"]
    search_fields = ["code", "short_name", "title"]


@admin.register(PathwayVersion)
class PathwayVersionAdmin(HistoryAdmin):
    """The ticks of Appendix 4; a change is a new version from its date, so that the old ones stay explainable."""

    form = PathwayVersionForm
    list_display = ["in_force_from", "note", "number_of_ticks"]
    fields = ["in_force_from", "note", "ticks"]
    change_form_template = "admin/competence/version_change_form.html"

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(number_of_ticks=Count("ticks"))

    @admin.display(description="ticks")
    def number_of_ticks(self, version):
        return version.number_of_ticks

    def get_fields(self, request, obj=None):
        """Who may only look sees the ticks on the public page."""
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return self.fields if may else ["in_force_from", "note"]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        today = timezone.localdate()
        context["is_in_force"] = obj is not None and PathwayVersion.objects.in_force(on=today) == obj
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        changed = actions.set_ticks(version=form.instance, ticks=form.cleaned_data["ticks"], by=request.user)
        if changed and change:
            update_change_reason(form.instance, changed[:100])
            messages.info(request, f"Changed: {changed}.")
