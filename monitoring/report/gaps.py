"""Where the training does not reach yet: who waited and got no place, courses that nobody could come to (§6.10)."""

from django.db.models import Count, Q

from bookings.models import Booking
from courses.models import Interest
from monitoring.indicators.populations import delivered
from monitoring.report.part import Part
from monitoring.rules import Period


def parts(period: Period) -> list[Part]:
    """Return the tables of this chapter."""
    return [_waited(period)]


def _waited(period: Period) -> Part:
    events = delivered(period).order_by().values("pk")
    waited = Booking.objects.filter(event__in=events).order_by().values_list("event__course__title")
    waited = dict(waited.annotate(number=Count("pk", filter=Q(status=Booking.Status.WAITING))).filter(number__gt=0))
    asked = Interest.objects.filter(registered_at__lte=period.moment).order_by().values_list("course__title")
    asked = dict(asked.annotate(number=Count("pk")))
    rows = [
        [title, waited.get(title, 0), asked.get(title, 0)]
        for title in sorted(waited.keys() | asked.keys(), key=lambda t: (-waited.get(t, 0) - asked.get(t, 0), t))
    ]
    headings = ["Course", "Waited, and got no place", "Ask for a date now"]
    return Part(
        "demand", "Unmet demand", "People who found no place", headings, rows, period.in_words,
        "Waiting lists of events delivered, and registrations of interest",
        note="Somebody who waited for two events counts twice.", empty="Everybody who asked for a place has had one.",
    )  # fmt: skip
