"""T&D's screen of training records: verify what people had elsewhere, import the completions of online learning."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from bookings import actions
from bookings.admin.forms import ImportForm, ReasonForm
from bookings.imports import read_completions
from bookings.models import OnlineStart, TrainingRecord
from wscb_training.files import saved_file
from wscb_training.histories import HistoryAdmin
from wscb_training.screens import ReadAdmin
from wscb_training.wording import count


@admin.register(TrainingRecord)
class TrainingRecordAdmin(HistoryAdmin):
    list_display = ["person", "name", "completed_on", "source", "status"]
    list_filter = ["status", "source"]
    list_select_related = ["person", "course"]
    search_fields = ["person__full_name", "person__email", "course__title", "title"]
    autocomplete_fields = ["person", "course"]
    raw_id_fields = ["booking"]
    exclude = ["evidence"]  # sent in by its person, and checked there
    readonly_fields = ["evidence_file", "check_code", "decided_at", "decided_by", "decision_reason"]
    date_hierarchy = "completed_on"
    show_full_result_count = False
    actions = ["verify"]
    change_list_template = "admin/bookings/record_change_list.html"
    change_form_template = "admin/bookings/record_change_form.html"

    def has_delete_permission(self, request, obj=None):
        return False  # a record is withdrawn, so that its check page can say so

    def get_readonly_fields(self, request, obj=None):
        """What waits is decided by the actions, which tell its person; what is decided may be withdrawn here."""
        waits = obj is not None and obj.status == TrainingRecord.Status.TO_VERIFY
        return ["status", *self.readonly_fields] if waits else self.readonly_fields

    @admin.display(description="evidence")
    def evidence_file(self, record):
        if not record.evidence:
            return "None"
        address = reverse("admin:bookings_trainingrecord_evidence", args=[record.pk])
        return format_html('<a href="{}">Save the file</a>', address)

    @admin.action(description="Verify: it counts, and the person is told", permissions=["change"])
    def verify(self, request, queryset):
        done = 0
        for record in queryset:
            try:
                actions.verify_record(record=record, by=request.user, now=timezone.now())
                done += 1
            except actions.Refused as refused:
                messages.warning(request, f"{record}: {refused}")
        messages.success(request, f"{count(done, 'record')} verified.")

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("import/", view(self.import_view), name="bookings_trainingrecord_import"),
            path("<int:pk>/evidence/", view(self.evidence_view), name="bookings_trainingrecord_evidence"),
            path("<int:pk>/refuse/", view(self.refuse_view), name="bookings_trainingrecord_refuse"),
            *super().get_urls(),
        ]

    def evidence_view(self, request, pk):
        """The file that was sent with a record, to save: it is never shown within the site."""
        record = get_object_or_404(TrainingRecord, pk=pk)
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        if not record.evidence:
            raise Http404
        return saved_file(request, record.evidence)

    def refuse_view(self, request, pk):
        """Do not accept training elsewhere, with the reason that its person is told."""
        record = get_object_or_404(TrainingRecord.objects.select_related("person", "course"), pk=pk)
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                reason = form.cleaned_data["reason"]
                actions.refuse_record(record=record, by=request.user, now=timezone.now(), reason=reason)
                messages.success(request, f"Not accepted. {record.person} is told by email.")
            except actions.Refused as refused:
                messages.error(request, str(refused))
            return HttpResponseRedirect(reverse("admin:bookings_trainingrecord_change", args=[pk]))
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "original": record, "form": form,
            "title": f"Not accept {record.name}?", "words": "It does not count, and the person is told why.",
            "button": "Do not accept it",
        }  # fmt: skip
        return render(request, "admin/bookings/ask.html", context)

    def import_view(self, request):
        """Import the provider's completions from CSV: a dry run first, and nothing unless every row is right."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form, rows, problems = ImportForm(request.POST or None, request.FILES or None), [], []
        if request.method == "POST" and form.is_valid():
            text = form.text()
            rows, problems = read_completions(text, today=timezone.localdate())
            if "write" in request.POST and not problems:
                new = actions.import_completions(rows=rows, by=request.user)
                messages.success(request, f"{count(new, 'completion')} imported, {len(rows) - new} known before.")
                return HttpResponseRedirect(reverse("admin:bookings_trainingrecord_changelist"))
            form = ImportForm(initial={"checked": text})
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "form": form,
            "title": "Import completions of online learning", "rows": rows, "problems": problems,
        }  # fmt: skip
        return render(request, "admin/bookings/import.html", context)


@admin.register(OnlineStart)
class OnlineStartAdmin(ReadAdmin):
    """Who pressed Start on which online course: what Priority 3 counts."""

    list_display = ["course", "person", "sector", "started_at"]
    list_filter = ["sector", "course"]
    list_select_related = ["course", "person", "sector"]
    search_fields = ["course__title", "person__full_name", "person__email"]
    date_hierarchy = "started_at"
