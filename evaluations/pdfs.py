"""Documents about evaluations."""

from datetime import datetime

from courses.models import Event
from evaluations.changes import STAGES
from evaluations.models import Kind
from evaluations.results import Results
from wscb_training.documents import pdf


def summary(event: Event, found: Results, *, chart: str, now: datetime) -> bytes:
    """Return the evaluation summary of one event as a tagged PDF (§15)."""
    kinds = [
        (kind.label, [spread for spread in found.spreads if spread.kind == kind and spread.counts],
         [comments for comments in found.comments if comments.kind == kind and comments.texts])
        for kind in Kind
    ]  # fmt: skip
    context = {
        "event": event, "found": found, "chart": chart, "now": now, "stages": [name for _, name in STAGES],
        "kinds": [kind for kind in kinds if kind[1] or kind[2]],
    }  # fmt: skip
    return pdf("evaluations/pdf/summary.html", context)
