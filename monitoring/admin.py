"""T&D's screens of the priorities: targets, milestones, evidence, baselines. Those of quality stand in `quality`."""

from django.contrib import admin

from monitoring import actions
from monitoring.models import (
    Baseline,
    Evidence,
    ImpactExample,
    Indicator,
    Milestone,
    Priority,
)
from monitoring.quality.admin import LINKS
from wscb_training.histories import HistoryAdmin


@admin.register(Priority)
class PriorityAdmin(HistoryAdmin):
    """The priorities as printed; the names and readings are ours to change."""

    list_display = ["number", "short_name"]
    list_display_links = ["short_name"]
    readonly_fields = ["number", "text", "measure"]


@admin.register(Indicator)
class IndicatorAdmin(HistoryAdmin):
    """Targets and words; what is counted is code. Every change is kept."""

    list_display = ["code", "name", "kind", "target", "target_source"]
    list_display_links = ["name"]
    list_filter = ["priority", "target_source"]
    search_fields = ["code", "name"]
    readonly_fields = ["priority", "code", "kind", "unit"]
    filter_horizontal = ["subjects", "courses"]


@admin.register(Milestone)
class MilestoneAdmin(HistoryAdmin):
    """Names and dates; it is signed off on the page of its figure, with evidence."""

    list_display = ["name", "indicator", "year", "due_on", "signed_off_on"]
    list_filter = ["year", "indicator"]
    list_select_related = ["indicator"]
    readonly_fields = ["signed_off_on", "signed_off_by", "evidence"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "indicator":
            kwargs["queryset"] = Indicator.objects.filter(kind=Indicator.Kind.EVIDENCE)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Evidence)
class EvidenceAdmin(HistoryAdmin):
    """What was written beside the figures; it is added on their pages, where files are checked."""

    formfield_overrides = LINKS
    list_display = ["__str__", "indicator", "dated", "added_by"]
    list_filter = ["indicator__priority"]
    list_select_related = ["indicator", "added_by"]
    search_fields = ["text"]
    readonly_fields = ["indicator", "file", "file_name", "added_by", "added_at"]

    def has_add_permission(self, request):
        return False

    def delete_model(self, request, obj):
        actions.remove_evidence(evidence=obj, by=request.user)

    def delete_queryset(self, request, queryset):
        for evidence in queryset:
            actions.remove_evidence(evidence=evidence, by=request.user)


@admin.register(Baseline)
class BaselineAdmin(HistoryAdmin):
    list_display = ["year", "reporting_sector", "take_up", "source"]
    list_filter = ["year"]


class Signed(HistoryAdmin):
    """Notes who wrote a new row."""

    signed = ""

    def save_model(self, request, obj, form, change):
        if not change:
            setattr(obj, self.signed, request.user)
        super().save_model(request, obj, form, change)


@admin.register(ImpactExample)
class ImpactExampleAdmin(Signed):
    signed = "coded_by"
    list_display = ["theme", "dated", "course", "text"]
    list_filter = ["theme"]
    list_select_related = ["course"]
    search_fields = ["theme", "text"]
    autocomplete_fields = ["course"]
