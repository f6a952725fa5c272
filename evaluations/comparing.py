"""Events, courses, trainers, sectors or years side by side: response rates, and the change of confidence (§15)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet

from bookings.models import Booking
from evaluations.changes import Measure, Pair, pair
from evaluations.models import Answer, Evaluation, Kind
from evaluations.results import Rate, counts, rates
from evaluations.rules import shown_parts


@dataclass(frozen=True)
class Line:
    """One line of a comparison (an event, a course, a trainer, a sector): its rates, and the change of confidence."""

    key: object
    rates: list[Rate]
    confidence: Pair


def compare(bookings: QuerySet[Booking], field: str, keys: Iterable, *, threshold: int, now: datetime) -> dict:
    """Return a Line for each of `keys`, values of the booking's `field`; in a fixed number of queries.

    What is too small to show, or could be worked out from the other lines and the whole, has no change.
    """
    keys, forms = list(keys), _forms(bookings, now)
    some = forms.filter(**{f"booking__{field}__in": keys})
    counted: dict = defaultdict(dict)
    for row in some.order_by().values("kind", f"booking__{field}").annotate(**counts(now)):
        key, kind = row.pop(f"booking__{field}"), row.pop("kind")
        counted[key][kind] = Rate(kind, row["asked"], row["answered"], row["nobody"])
    values = _confidence(some, f"evaluation__booking__{field}")
    shown = shown_parts(_answered_both(bookings, field, now), threshold=threshold)
    return {
        key: Line(
            key,
            [counted[key].get(kind, Rate(kind, 0, 0)) for kind in Kind.values],
            pair(values[key].values(), Kind.POST, least=threshold if key in shown else None),
        )
        for key in keys
    }


def whole(bookings: QuerySet[Booking], name: str, *, threshold: int, now: datetime) -> Line:
    """Return the Line of all these bookings together."""
    forms = _forms(bookings, now)
    values = _confidence(forms, None)
    return Line(name, rates(forms, now=now), pair(values[None].values(), Kind.POST, least=threshold))


def guarded(lines: Mapping[object, Line], *, threshold: int) -> dict:
    """Return these lines, all that there are of a whole, without the change of those that must not be shown."""
    shown = shown_parts({key: line.confidence.number for key, line in lines.items()}, threshold=threshold)
    return {
        key: line if key in shown else replace(line, confidence=Pair(line.confidence.number, None, None))
        for key, line in lines.items()
    }


def _forms(bookings: QuerySet[Booking], now: datetime) -> QuerySet[Evaluation]:
    return Evaluation.objects.filter(booking__in=bookings, withdrawn_at__isnull=True, opens_at__lte=now)


def _said(kinds: Iterable[str]) -> QuerySet[Answer]:
    said = Answer.objects.filter(question__measure=Measure.CONFIDENCE, number__isnull=False).order_by()
    return said.filter(evaluation__kind__in=kinds, evaluation__submitted_at__isnull=False)


def _answered_both(bookings: QuerySet[Booking], field: str, now: datetime) -> dict[object, int]:
    """Return how many people of each value of the field said how confident they are both before and after."""
    both = bookings.order_by()
    for kind in (Kind.PRE, Kind.POST):
        forms = Evaluation.objects.filter(booking=OuterRef("pk"), withdrawn_at__isnull=True, opens_at__lte=now)
        said = Answer.objects.filter(question__measure=Measure.CONFIDENCE, number__isnull=False)
        both = both.filter(Exists(forms.filter(kind=kind, submitted_at__isnull=False, answers__in=said)))
    return dict(both.values_list(field).annotate(number=Count("pk", distinct=True)))


def _confidence(forms: QuerySet[Evaluation], column: str | None) -> dict:
    """Return the answers on confidence before and after: {value of the column: {booking: {kind: numbers}}}."""
    values: dict = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    said = _said([Kind.PRE, Kind.POST]).filter(evaluation__in=forms)
    for booking, kind, number, *key in said.values_list(
        "evaluation__booking", "evaluation__kind", "number", *([column] if column else [])
    ):
        values[key[0] if key else None][booking][kind].append(number)
    return values
