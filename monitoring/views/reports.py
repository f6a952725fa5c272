"""The report to read: the list, one on screen, its PDF and tables (§16)."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from monitoring import permissions
from monitoring.models import Report
from monitoring.permissions import monitoring_page
from monitoring.report import actions
from monitoring.report.forms import StartForm
from monitoring.report.reading import Reading
from wscb_training.files import saved_file
from wscb_training.tables import csv_file, xlsx_file

PAGE = 20


@monitoring_page
@require_safe
def reports(request):
    """All reports that I may see, the newest first."""
    listed = permissions.readable_reports(request.user).for_list()
    page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    return render(request, "monitoring/report/list.html", {"page_obj": page})


@monitoring_page
def start(request):
    """Ask for the day, then let a worker count."""
    permissions.writes_reports(request.user)
    today = timezone.localdate()
    form = StartForm(request.POST or None, initial={"as_at": today})
    if request.method == "POST" and form.is_valid():
        _, document = actions.start(year=None, by=request.user, now=timezone.now(), **form.cleaned_data)
        return redirect(document)
    return render(request, "monitoring/report/start.html", {"form": form})


@monitoring_page
@require_safe
def report(request, number):
    """One report on screen; a withdrawn one tells the Sub-committee why, and where the new one is."""
    found = permissions.report(number, request.user)
    context = {"report": found, "replacement": permissions.replacement(found, request.user)}
    if found.status == Report.Status.WITHDRAWN and not request.user.is_td:
        return render(request, "monitoring/report/withdrawn.html", context)
    if found.snapshot.content is None:
        return render(request, "monitoring/report/counting.html", context)
    reading = Reading(found)
    edits = found.is_draft and request.user.is_td
    return render(request, "monitoring/report/report.html", context | {"reading": reading, "edits": edits})


@monitoring_page
@require_http_methods(["GET", "HEAD", "POST"])
def pdf(request, number):
    """The PDF: at once where it is kept; else a worker makes it, and its page shows how far it is."""
    found = permissions.whole_report(number, request.user)
    if found.pdf:
        name = f"report-{found.number}-{found.snapshot.as_at}.pdf"
        return saved_file(request, found.pdf, name=name, content_type="application/pdf")
    if request.method == "POST":
        return redirect(actions.ask_for_pdf(report=found, by=request.user, now=timezone.now()))
    return render(request, "monitoring/report/make_pdf.html", {"report": found})


@monitoring_page
@require_safe
def xlsx(request, number):
    """All tables of the report as one workbook."""
    found = _counted(number, request.user)
    return xlsx_file(Reading(found).tables().values(), name=_name(found, "tables"))


@monitoring_page
@require_safe
def csv(request, number, table):
    """One table of the report."""
    found = _counted(number, request.user)
    tables = Reading(found).tables()
    if table not in tables:
        raise Http404
    return csv_file(tables[table], name=_name(found, table))


def _counted(number: int, user) -> Report:
    found = permissions.whole_report(number, user)
    if found.snapshot.content is None:
        raise Http404
    return found


def _name(found: Report, what: str) -> str:
    return f"report {found.number} {what} {found.snapshot.as_at}"
