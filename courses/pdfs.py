"""Documents as PDFs: flyers to pin up (§14), made from the events' own records."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse

from courses.models import Event
from wscb_training.documents import pdf_kept, qr_svg

SCALES = (1.2, 1, 0.92, 0.84, 0.76, 0.68, 0.6, 0.5)


def flyer(event: Event) -> bytes:
    """Return a flyer of an event, one A4 page however long its texts are; anew when the event changes."""
    address = settings.BASE_URL + event.get_absolute_url()
    context = {"event": event, "sessions": list(event.sessions.all()), "address": address, "qr": qr_svg(address)}
    return pdf_kept("courses/pdf/flyer.html", context, scales=SCALES)


def month_flyer(first: date, events: Sequence[Event]) -> bytes:
    """Return a flyer of a month's programme: one A4 page where that is readable, else more."""
    address = settings.BASE_URL + reverse("courses:month", args=[first.year, first.month])
    context = {"first": first, "events": events, "address": address, "qr": qr_svg(address)}
    return pdf_kept("courses/pdf/month.html", context, scales=(1, 0.9, 0.8))
