"""The evidence pack of an organisation, to read, to print and as a workbook."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify

from learning import evidence, pdfs
from learning.views.frame import show, team_page
from wscb_training.tables import xlsx_file
from wscb_training.wording import local_date


@team_page
def page(request, organisation):
    """What the pack will say, with its two downloads."""
    return show(request, "evidence", organisation, {"pack": _pack(organisation)})


@team_page
def pdf(request, organisation):
    """The pack as a PDF."""
    name = f'attachment; filename="{slugify(_name(organisation))}.pdf"'
    content = pdfs.evidence_pack(_pack(organisation), prepared_by=request.user)
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})


@team_page
def xlsx(request, organisation):
    """The pack as a workbook, one sheet a part."""
    return xlsx_file(evidence.tables(_pack(organisation)), name=_name(organisation))


def _pack(organisation) -> evidence.Pack:
    return evidence.pack(organisation, now=timezone.now())


def _name(organisation) -> str:
    return f"safeguarding training evidence {organisation} {local_date(timezone.now()):%Y-%m-%d}"
