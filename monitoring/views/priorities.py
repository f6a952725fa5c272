"""How the strategy is being met (§6, §16): the fifteen priorities, each figure's rows, the evidence beside it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.permissions import kept_form
from monitoring import actions, listing, permissions
from monitoring.figures import Figure, earlier_targets, figure, overview
from monitoring.forms import EvidenceForm
from monitoring.models import Evidence
from monitoring.permissions import monitoring_page
from monitoring.views.periods import asked_period, period_query, years
from wscb_training.files import saved_file
from wscb_training.tables import Table, csv_file, xlsx_file

PAGE = 50


@monitoring_page
def priorities(request):
    """All fifteen priorities with their figures."""
    found = overview(asked_period(request), now=timezone.now(), again="again" in request.GET)
    return render(
        request,
        "monitoring/priorities.html",
        {"overview": found, "period": found.period, "years": years(), "query": period_query(found.period)},
    )


@monitoring_page
def figures_file(request, kind):
    """All figures as a table."""
    found = overview(asked_period(request), now=timezone.now())
    rows = [_line(judged, figure) for judged in found.priorities for figure in judged.figures]
    headings = [
        "Priority", "Name", "Status of the priority", "Figure", "What it measures", "Value", "Unit", "Counted",
        "Target", "Target set by", "Status", "Same days last year", "Period", "Source",
    ]  # fmt: skip
    made = Table("Priorities", headings, rows)
    name = f"priorities {found.period.name} as at {found.period.as_at}"
    return csv_file(made, name=name) if kind == "csv" else xlsx_file([made], name=name)


def _line(judged, figure: Figure) -> list:
    indicator = figure.indicator
    return [
        judged.priority.number, judged.priority.short_name, judged.status.words, indicator.code, indicator.name,
        figure.value, figure.unit, figure.detail, figure.target,
        indicator.get_target_source_display() if indicator.is_judged else "", figure.status.words, figure.last_year,
        figure.period.in_words, indicator.counted_from,
    ]  # fmt: skip


@monitoring_page
def indicator(request, code):
    """One figure, counted now: the rows it was counted from, its definition, the evidence beside it."""
    indicator, shown = permissions.indicator(code), asked_period(request)
    form = None
    if request.user.is_td:
        form = EvidenceForm(
            request.POST or None, request.FILES or None, indicator=indicator, year=shown.year,
            initial=kept_form(request),
        )  # fmt: skip
    if request.method == "POST":
        permissions.writes_evidence(request.user)
        if form.is_valid():
            return _add_evidence(request, indicator, form)
    found, rows = figure(indicator, shown)
    too_few = listing.too_few(rows)
    items, choices = ([], []) if too_few else listing.filtered(rows, request.GET)
    page = Paginator(items, PAGE).get_page(request.GET.get("page"))
    context = {
        "indicator": indicator, "figure": found, "period": shown, "rows": rows, "page_obj": page, "form": form,
        "headings": [heading for heading, _ in rows.columns], "choices": choices, "too_few": too_few,
        "lines": [(row.is_counted, listing.cells(rows, row)) for row in page], "query": period_query(shown),
        "counted": request.GET.get("counted", ""), "targets": earlier_targets(indicator),
        "milestones": indicator.milestones.filter(year=shown.year).select_related("evidence"),
        "evidence": indicator.evidence.filter(dated__lte=shown.as_at).select_related("added_by")[:100],
    }  # fmt: skip
    return render(request, "monitoring/indicator.html", context)


def _add_evidence(request, indicator, form):
    try:
        actions.add_evidence(indicator=indicator, by=request.user, now=timezone.now(), **form.cleaned_data)
    except actions.Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "The evidence is added.")
    return redirect(request.get_full_path())


@monitoring_page
def rows_file(request, code, kind):
    """The rows of a figure as the page filters them."""
    indicator, shown = permissions.indicator(code), asked_period(request)
    _, rows = figure(indicator, shown)
    items = [] if listing.too_few(rows) else listing.filtered(rows, request.GET)[0]
    made = listing.table(rows, items, title=f"{indicator.code} {indicator.name}"[:31].replace("/", " "))
    name = f"priority {indicator.code} {shown.name} as at {shown.as_at}"
    return csv_file(made, name=name) if kind == "csv" else xlsx_file([made], name=name)


@monitoring_page
def evidence_file(request, evidence_id):
    """The file of some evidence, to save: it is never shown within the site."""
    evidence: Evidence = permissions.evidence_file(evidence_id)
    return saved_file(request, evidence.file, name=evidence.file_name)
