"""The gap analysis (§6.10) on a page and as files: people × contents, and what would close most of it."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Sector
from competence.models import CompetenceGroup
from monitoring import gaps as analysis
from monitoring.permissions import monitoring_page
from wscb_training.tables import csv_file, xlsx_file
from wscb_training.wording import local_date

PAGE, SHOWN = 50, 12
WAYS = {"sector": "By sector", "group": "By group", "organisation": "By organisation"}
HEADINGS = {"sector": "Sector", "group": "Group", "organisation": "Organisation"}


def _asked(request) -> dict:
    """Return what of the query makes sense: a sector that there is, a group from 1 to 8."""
    sector, group = request.GET.get("sector", ""), request.GET.get("group", "")
    return {
        "sector": sector if sector in _sectors() else "",
        "group": int(group) if group in ("1", "2", "3", "4", "5", "6", "7", "8") else None,
    }


def _sectors() -> list[str]:
    return list(Sector.objects.order_by("reporting_sector").values_list("reporting_sector", flat=True).distinct())


def _lines(found: analysis.Gaps, way: str) -> list[analysis.Line]:
    return {"sector": found.by_sector, "group": found.by_group, "organisation": found.by_organisation}[way]()


@monitoring_page
def gaps(request):
    """People × contents by sector, group or organisation, and which courses would close most of the gap."""
    now, asked = timezone.now(), _asked(request)
    way = request.GET.get("by", "sector")
    way = way if way in WAYS else "sector"
    found = analysis.gap_analysis(on=local_date(now), **asked)
    closing = analysis.closing_courses(found, now=now)
    context = {
        "gaps": found, "total": found.total, "way": way, "ways": WAYS.items(), "heading": HEADINGS[way],
        "page_obj": Paginator(_lines(found, way), PAGE).get_page(request.GET.get("page")),
        "closing": closing if "all" in request.GET else closing[:SHOWN], "more": max(0, len(closing) - SHOWN),
        "all": "all" in request.GET, "sectors": _sectors(), "groups": CompetenceGroup.objects.all(), **asked,
    }  # fmt: skip
    return render(request, "monitoring/gaps.html", context)


@monitoring_page
def gaps_file(request, kind):
    """The whole analysis as a workbook; as CSV the lines of one way of seeing it."""
    now = timezone.now()
    found = analysis.gap_analysis(on=local_date(now), **_asked(request))
    if kind == "xlsx":
        return xlsx_file(analysis.tables(found, now=now), name=f"training gaps {found.on}")
    way = request.GET.get("by", "sector")
    way = way if way in WAYS else "sector"
    made = analysis.line_table("Gaps", HEADINGS[way], [*_lines(found, way), found.total])
    return csv_file(made, name=f"training gaps by {way} {found.on}")
