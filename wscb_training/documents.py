"""Documents: a template becomes a tagged PDF, an address becomes a QR code. Nothing of the domain.

WeasyPrint takes a second and tens of megabytes to import, so only the process that makes a PDF does it, when it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache as once
from hashlib import sha256
from typing import TYPE_CHECKING

import segno
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from wscb_training.context_processors import board_context

if TYPE_CHECKING:
    from weasyprint import Document

TAGGED = {"pdf_variant": "pdf/ua-1"}
KEPT = 24 * 60 * 60  # seconds


def pdf(template: str, context: dict) -> bytes:
    """Return the template as a PDF, tagged for screen readers (PDF/UA-1); the Board's words are in its context."""
    return _laid_out(template, context).write_pdf(**TAGGED)


def pdf_kept(template: str, context: dict, *, scales: Sequence[float] = (1,)) -> bytes:
    """Return the template as a tagged PDF, from the cache when it says the same as last time: quick, and never stale.

    With several `scales` it is laid out with each in turn ({{ scale }} in the template) until it fits one page.
    """
    key = f"pdf/{sha256(_html(template, {**context, 'scale': scales}).encode()).hexdigest()}"
    content = cache.get(key)
    if content is None:
        for scale in scales:
            document = _laid_out(template, {**context, "scale": scale})
            if len(document.pages) == 1:
                break
        content = document.write_pdf(**TAGGED)
        cache.set(key, content, KEPT)
    return content


def pdf_of_parts(template: str, parts: Iterable[dict]) -> bytes:
    """Return one PDF of the template printed with each context in turn: a long document, with time to tell between.

    Each part begins on a new page; the title is the first one's. There is at least one part.
    """
    documents = [_laid_out(template, context) for context in parts]
    return documents[0].copy([page for document in documents for page in document.pages]).write_pdf(**TAGGED)


def _html(template: str, context: dict) -> str:
    return render_to_string(template, {**board_context(), **context})


def _laid_out(template: str, context: dict) -> Document:
    from weasyprint import HTML

    return HTML(string=_html(template, context), url_fetcher=_nothing_from_outside()()).render(**TAGGED)


def qr_svg(address: str) -> SafeString:
    """Return a QR code of the address as inline SVG that fills its box, hidden from screen readers on a page.

    Whoever shows it prints the address beside it, for people without a camera. In a PDF its title describes it.
    """
    code = segno.make(address, error="m")
    svg = code.svg_inline(omitsize=True, border=2, svgclass="wscb-qr", lineclass=None, title=f"QR code of {address}")
    return mark_safe(svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))  # noqa: S308 - ours


@once
def _nothing_from_outside() -> type:
    from weasyprint.urls import URLFetcher

    class NothingFromOutside(URLFetcher):
        """Refuses every address but a picture that stands in it: nothing that people typed makes a document fetch."""

        def fetch(self, url, headers=None):
            if not url.startswith("data:image/"):
                raise ValueError(f"A document fetches nothing: {url}")
            return super().fetch(url, headers)

    return NothingFromOutside
