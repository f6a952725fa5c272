"""The report on paper."""

from monitoring.report.reading import Reading
from wscb_training.documents import pdf


def report(reading: Reading) -> bytes:
    """Return a report as a tagged PDF (PDF/UA), A4, with contents, page numbers and an outline."""
    return pdf("monitoring/pdf/report.html", {"reading": reading, "report": reading.report})
