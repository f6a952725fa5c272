"""The evidence pack of an organisation, to read, to print and as a workbook."""

from django.shortcuts import redirect
from django.utils import timezone

from learning import evidence, pdfs
from learning.views.frame import show, team_page
from notifications import prepared
from wscb_training.tables import as_file, xlsx_file

LARGE = 100  # people; a PDF of more is laid out by a worker


@team_page
def page(request, organisation):
    """What the pack will say, with its two downloads."""
    pack = _pack(organisation)
    return show(request, "evidence", organisation, {"pack": pack, "is_large": pack.summary.people > LARGE})


@team_page
def pdf(request, organisation):
    """The pack as a PDF; of a large team it is made in the background, and the page says how far it is."""
    if request.method == "POST":
        return redirect(
            prepared.ask_for(
                title=f"Safeguarding training evidence: {organisation}"[:200],
                task="learning.tasks.make_evidence_pack",
                parameters={"organisation": organisation.pk, "by": request.user.pk},
                by=request.user,
                now=timezone.now(),
            )
        )
    pack = _pack(organisation)
    if pack.summary.people > LARGE:
        return redirect("learning:team_evidence", organisation.pk)
    content = pdfs.evidence_pack(pack, prepared_by=request.user)
    return as_file(content, f"{evidence.name_of(pack)}.pdf", "application/pdf")


@team_page
def xlsx(request, organisation):
    """The pack as a workbook, one sheet a part."""
    pack = _pack(organisation)
    return xlsx_file(evidence.tables(pack), name=evidence.name_of(pack))


def _pack(organisation) -> evidence.Pack:
    return evidence.pack(organisation, now=timezone.now())
