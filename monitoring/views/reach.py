"""Reach: who takes part, this year against last to the same day, and the rows behind each number (§6.8, §6.9)."""

from dataclasses import replace

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from monitoring import listing
from monitoring.models import Indicator
from monitoring.permissions import monitoring_page
from monitoring.reach import ROWS, reach, tables
from monitoring.reach.pictures import chart, months_chart, tile_map, tiles
from monitoring.reach.tables import one_table
from monitoring.views.periods import asked_period, period_query, years
from wscb_training.tables import as_file, csv_file, xlsx_file

PAGE = 50


def _found(request):
    return reach(asked_period(request), now=timezone.now(), again="again" in request.GET)


@monitoring_page
def page(request):
    """Reach on one page: breakdowns with their charts, the voluntary sector, the community, the districts."""
    found = _found(request)
    targets = dict(Indicator.objects.filter(code__in=("9A", "9C")).values_list("code", "target"))
    context = {
        "reach": found, "places_target": targets.get("9A"), "events_target": targets.get("9C"),
        "period": found.period, "years": years(), "query": period_query(found.period),
        "before_query": period_query(found.before), "months_chart": months_chart(found), "map": tile_map(found),
        "breakdowns": [(each, chart(each, found)) for each in found.breakdowns],
    }  # fmt: skip
    return render(request, "monitoring/reach.html", context)


@monitoring_page
def file(request, kind) -> HttpResponse:
    """All tables of reach: sheets of a workbook, one table as CSV, or the map as a picture (SVG)."""
    found = _found(request)
    name = f"reach {found.period.name} as at {found.period.as_at}"
    if kind == "svg":
        return as_file(tiles(found).encode(), f"{name.replace(' ', '-')}.svg", "image/svg+xml")
    return csv_file(one_table(found), name=name) if kind == "csv" else xlsx_file(tables(found), name=name)


def _rows(request, name: str):
    if name not in ROWS:
        raise Http404
    title, rows_of, source = ROWS[name]
    shown = asked_period(request)
    return title, source, shown, rows_of(shown)


@monitoring_page
def rows(request, name):
    """The rows behind a number of reach."""
    title, source, shown, found = _rows(request, name)
    items, choices = listing.filtered(found, request.GET)
    page = Paginator(items, PAGE).get_page(request.GET.get("page"))
    context = {
        "title": title, "source": source, "name": name, "period": shown, "rows": found, "page_obj": page,
        "choices": choices,
        "headings": [heading for heading, _ in found.columns], "query": period_query(shown),
        "lines": [(row.is_counted, listing.cells(found, row)) for row in page],
        "counted": request.GET.get("counted", ""),
        "sums": replace(found, items=items).tally() if found.weighed else None,
    }  # fmt: skip
    return render(request, "monitoring/reach_rows.html", context)


@monitoring_page
def rows_file(request, name, kind):
    """The rows as the page filters them, as a file."""
    title, _, shown, found = _rows(request, name)
    made = listing.table(found, listing.filtered(found, request.GET)[0], title=title[:31])
    name = f"{title} {shown.name} as at {shown.as_at}"
    return csv_file(made, name=name) if kind == "csv" else xlsx_file([made], name=name)
