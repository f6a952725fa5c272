"""T&D's screens of the competence framework: groups, contents, and the pathway with its versions."""

from django.contrib import admin, messages
from simple_history.admin import SimpleHistoryAdmin

from competence import actions
from competence.models import CompetenceGroup, PathwayTick, PathwayVersion, TrainingContent


@admin.register(CompetenceGroup)
class CompetenceGroupAdmin(SimpleHistoryAdmin):
    list_display = ["number", "short_name"]
    list_display_links = ["short_name"]
    search_fields = ["short_name", "description", "example_roles"]


@admin.register(TrainingContent)
class TrainingContentAdmin(SimpleHistoryAdmin):
    list_display = ["code", "short_name", "title"]
    list_display_links = ["short_name"]
    search_fields = ["code", "short_name", "title"]


class TickInline(admin.TabularInline):
    model = PathwayTick
    extra = 0


@admin.register(PathwayVersion)
class PathwayVersionAdmin(SimpleHistoryAdmin):
    """The ticks of Appendix 4; a change is a new version from its date, so that the old ones stay explainable."""

    list_display = ["in_force_from", "note"]
    inlines = [TickInline]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if started := actions.start_from_last(version=form.instance):
            messages.info(request, f"It starts with the {started} ticks of the version before. Change them here.")
