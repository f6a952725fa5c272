"""T&D's list of places that were not used: filtered, added up by organisation, and as a table to export."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from bookings.models import Booking
from wscb_training.tables import Table
from wscb_training.wording import local_date

LATE, ABSENT, CHARGED = "late", "absent", "charged"
KINDS = [(LATE, "Cancelled late"), (ABSENT, "Did not come, or not to all of it"), (CHARGED, "Charged, not waived")]


@dataclass(frozen=True)
class Asked:
    """What the list is filtered by; what nobody understands is left out."""

    words: str = ""
    kind: str = ""
    since: date | None = None

    @classmethod
    def of(cls, data) -> "Asked":
        """Read a query string."""
        try:
            since = date.fromisoformat(data.get("since", ""))
        except ValueError:
            since = None
        kind = data.get("kind", "")
        return cls(data.get("q", "").strip()[:100], kind if kind in dict(KINDS) else "", since)


def missed_places(asked: Asked) -> QuerySet[Booking]:
    """Return the places not used that match, newest event first, with what a list shows."""
    found = Booking.objects.missed().for_page().select_related("charge")
    found = found.order_by("-event__starts_at", "person__full_name")
    if asked.words:
        found = found.filter(Q(organisation__name__icontains=asked.words) | Q(person__full_name__icontains=asked.words))
    if asked.since:
        found = found.filter(event__starts_at__date__gte=asked.since)
    kinds = {
        LATE: Q(is_late=True),
        ABSENT: Q(is_late=False),
        CHARGED: Q(charge__isnull=False, charge__waived_at__isnull=True),
    }
    return found.filter(kinds[asked.kind]) if asked.kind else found


def by_organisation(found: QuerySet[Booking]) -> list[dict]:
    """Return for each organisation how many cancelled late and were absent, and what stands charged, most first."""
    standing = Q(charge__waived_at__isnull=True)
    rows = (
        found.order_by()
        .values("organisation__name")
        .annotate(
            late=Count("pk", filter=Q(is_late=True)),
            absent=Count("pk", filter=Q(is_late=False)),
            charged=Sum("charge__amount", filter=standing),
        )
    )
    return sorted(rows, key=lambda row: (-row["late"] - row["absent"], row["organisation__name"] or ""))


def table(found: QuerySet[Booking]) -> Table:
    """Return the list as a table, a place a row."""
    headings = [
        "Organisation", "Person", "Job role", "Course", "Event", "Date", "What happened", "Reason", "Charge (£)",
        "Waived because",
    ]  # fmt: skip
    rows = [_row(booking) for booking in found]
    return Table("Places not used", headings, rows)


def _row(booking: Booking) -> list:
    charge = getattr(booking, "charge", None)
    return [
        booking.organisation.name if booking.organisation else "", str(booking.person), booking.job_role,
        booking.event.course.title, booking.event.reference, local_date(booking.event.starts_at),
        "Cancelled late" if booking.is_late else "Did not come, or not to all of it",
        booking.absence_reason or booking.end_reason, charge.amount if charge and not charge.waived_at else "",
        charge.waived_reason if charge else "",
    ]  # fmt: skip
