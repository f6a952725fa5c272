"""Documents as PDFs. One function a document: what it is about goes in, the bytes of the file come out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, User
from learning import evidence
from learning.evidence import Pack
from learning.passports import Passport
from notifications.prepared import CannotBeMade, Progress
from wscb_training.documents import pdf, pdf_of_parts, qr_svg

if TYPE_CHECKING:
    from learning.certificates import Certificate


def evidence_pack(pack: Pack, *, prepared_by: User) -> bytes:
    """Return the evidence pack of an organisation, A4."""
    return pdf("learning/pdf/evidence.html", {"pack": pack, "prepared_by": prepared_by})


def make_evidence_pack(parameters: dict, progress: Progress) -> tuple[str, bytes]:
    """Make the evidence pack of an organisation for a CPD lead of it; raises CannotBeMade when they lead it no more."""
    organisation, by = Organisation.objects.get(pk=parameters["organisation"]), User.objects.get(pk=parameters["by"])
    if not (by.is_td or organisation in by.led_organisations):
        raise CannotBeMade(f"You are not a CPD lead of {organisation} any more.")
    progress(0, 1)
    pack = evidence.pack(organisation, now=timezone.now())
    return f"{evidence.name_of(pack)}.pdf", evidence_pack(pack, prepared_by=by)


def passport(passport: Passport) -> bytes:
    """Return a training passport, A4, tagged for screen readers (PDF/UA)."""
    address = f"{settings.BASE_URL}{reverse('learning:check')}"
    qr = qr_svg(passport.check_address)
    return pdf("learning/pdf/passport.html", {"passport": passport, "qr": qr, "check_address": address})


AT_ONCE = 20  # certificates laid out between two reports of progress


def certificates(certificates: list[Certificate], *, progress: Progress | None = None) -> bytes:
    """Return certificates as one PDF, a page of A4 each, tagged for screen readers (PDF/UA).

    `progress` is told how many are laid out, of how many.
    """
    return pdf_of_parts("learning/pdf/certificates.html", _sheets(certificates, progress or (lambda done, of: None)))


def _sheets(certificates: list[Certificate], progress: Progress) -> Iterator[dict]:
    for done in range(0, len(certificates), AT_ONCE):
        progress(done, len(certificates))
        some = certificates[done : done + AT_ONCE]
        yield {"sheets": [{"certificate": each, "qr": qr_svg(each.check_address)} for each in some]}
