"""The team's training matrix, on the page and as a file."""

from django.utils import timezone

from competence.models import CompetenceGroup
from learning import matrix, teams
from learning.views.frame import show, team_page
from wscb_training.tables import csv_file, xlsx_file
from wscb_training.wording import local_date


@team_page
def page(request, organisation):
    """People by contents, of all groups or one."""
    rows, group = _rows(request, organisation)
    contents, totals = [cell.content for cell in rows[0].cells] if rows else [], matrix.totals(rows)
    context = {
        "rows": rows,
        "contents": contents,
        "totals": totals,
        "columns": list(zip(contents, totals, strict=True)),
        "groups": CompetenceGroup.objects.all(),
        "group": group,
        "today": local_date(timezone.now()),
    }
    return show(request, "matrix", organisation, context)


@team_page
def xlsx(request, organisation):
    """The same matrix as a workbook."""
    rows, _ = _rows(request, organisation)
    return xlsx_file([matrix.table(rows)], name=_name(organisation))


@team_page
def csv(request, organisation):
    """The same matrix as comma-separated values."""
    rows, _ = _rows(request, organisation)
    return csv_file(matrix.table(rows), name=_name(organisation))


def _rows(request, organisation):
    asked = request.GET.get("group", "")
    group = int(asked) if asked in ("1", "2", "3", "4", "5", "6", "7", "8") else None
    everybody = teams.team(organisation, today=local_date(timezone.now()))
    return teams.select(everybody, group=group, sort="name"), group


def _name(organisation) -> str:
    return f"training matrix {organisation} {local_date(timezone.now()):%Y-%m-%d}"
