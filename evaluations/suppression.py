"""Nothing of fewer than five people, not by subtraction either: which figures of a part may stand beside the whole's.

A year, course, trainer, sector or event is a part of a whole whose figures somebody sees too. Where one part is too
small to show, the whole less the others would tell it: then the smallest of the others is not shown either.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, CharField, Count, F, QuerySet, Value, When

from bookings.models import Booking
from evaluations import changes
from evaluations.models import Answer, Evaluation
from evaluations.rules import shown_parts

Figure = tuple  # (kind, question, outcome) of an answer; ("change", measure, outcome, stage) of a change


@dataclass(frozen=True)
class Slice:
    """The whole that the shown bookings are a part of: those whose `field` has the `value`.

    With `bounds`, {value: (from, until)}, the parts are times in which events end, and `field` is not looked at.
    """

    whole: QuerySet[Booking]
    field: str
    value: object
    bounds: dict[int, tuple[datetime, datetime]] | None = None

    def key(self, prefix: str):
        """Return the expression of the part on rows that reach their booking by `prefix`."""
        if self.bounds is None:
            return F(f"{prefix}{self.field}")
        at = f"{prefix}event__ends_at"
        return Case(*[When(**{f"{at}__gte": begin, f"{at}__lt": end}, then=Value(part))
                      for part, (begin, end) in self.bounds.items()], default=Value(0))  # fmt: skip


def submitted(bookings: QuerySet[Booking], *, now: datetime) -> QuerySet[Answer]:
    """Return the answers that count for these bookings at `now`."""
    forms = Evaluation.objects.filter(booking__in=bookings, withdrawn_at__isnull=True, opens_at__lte=now)
    forms = forms.filter(submitted_at__lte=now)
    return Answer.objects.filter(evaluation__in=forms)


def people(answers: QuerySet[Answer], *, by_outcome: bool, key=None) -> dict[Figure, dict[object, int]]:
    """Return how many people answered each question, in each part that `key` tells apart."""
    found: dict[Figure, dict] = defaultdict(dict)
    rows = answers.order_by().annotate(
        part=F("outcome") if by_outcome else Value("", output_field=CharField()), of=key or Value(0)
    )
    counted = rows.values_list("evaluation__kind", "question__text", "part", "of").annotate(
        number=Count("evaluation", distinct=True)
    )
    for *figure, of, number in counted.iterator():
        found[tuple(figure)][of] = number
    return found


def hidden(slices: Iterable[Slice], *, threshold: int, now: datetime, by_outcome: bool) -> set[Figure]:
    """Return the figures that must not be shown because of what is shown beside them; two queries for each slice."""
    found = set()
    for part in slices:
        answers = submitted(part.whole, now=now)
        how = {"by_outcome": by_outcome, "key": part.key("evaluation__booking__")}
        for figure, numbers in (people(answers, **how) | changes.people(answers, **how)).items():
            if part.value in numbers and part.value not in shown_parts(numbers, threshold=threshold):
                found.add(figure)
    return found
