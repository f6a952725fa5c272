"""What the answers say (§15): how many answered, what changed in the same people, how answers spread, what was written.

The reading side: bookings go in, figures come out. Nothing is worked out of fewer answers than the threshold.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import mean

from django.db.models import Case, CharField, Count, F, Max, Q, QuerySet, Value, When

from bookings.models import Booking
from evaluations.models import Answer, Evaluation, Kind, Question

Measure = Question.Measure
STAGES = ((Kind.POST, "After the course"), (Kind.IMPACT_LEARNER, "Twelve weeks later"),
          (Kind.IMPACT_MANAGER, "As the manager sees it"))  # fmt: skip
MEASURES = {
    Measure.KNOWLEDGE: "Knowledge of the subject",
    Measure.CONFIDENCE: "Confidence to act on a concern",
    Measure.OUTCOME_CONFIDENCE: "Confidence in what the course teaches",
}
LOOKING_BACK = "Knowledge before the course, looking back"
SCALES = (Question.Type.SCALE, Question.Type.OUTCOMES)
CHOICES = (Question.Type.YES_NO, Question.Type.ONE_OF, Question.Type.ANY_OF)
TEXTS = (Question.Type.SHORT, Question.Type.LONG)


@dataclass(frozen=True)
class Rate:
    """How many of one questionnaire's forms were answered. Forms that nobody can answer are counted apart."""

    kind: str
    asked: int
    answered: int
    nobody: int = 0

    @property
    def name(self) -> str:
        return Kind(self.kind).label

    @property
    def percent(self) -> int | None:
        """Answered of asked, rounded down; None where nobody was asked."""
        return 100 * self.answered // self.asked if self.asked else None


@dataclass(frozen=True)
class Pair:
    """The same people at two times: how many answered both, and the averages, on the scale of 1 to 5."""

    number: int
    before: float | None  # None: too few
    then: float | None

    @property
    def change(self) -> float | None:
        return None if self.before is None else round(self.then - self.before, 2)


@dataclass(frozen=True)
class Change:
    """One thing that was asked before and again: a pair for each later stage, in the order of `STAGES`."""

    name: str
    pairs: list[Pair]


@dataclass(frozen=True)
class Spread:
    """How the answers to one question spread: a number for each choice; None where they are too few to show."""

    kind: str
    question: str
    number: int
    counts: list[tuple[str, int]] | None
    average: float | None = None

    @property
    def kind_name(self) -> str:
        return Kind(self.kind).label


@dataclass(frozen=True)
class Comments:
    """What people wrote to one question, in an order that tells nothing of who they are; None where too few wrote."""

    kind: str
    question: str
    number: int
    texts: list[str] | None
    themes: list[tuple[str, int]]

    @property
    def kind_name(self) -> str:
        return Kind(self.kind).label


@dataclass(frozen=True)
class Results:
    """All that the answers about some bookings say."""

    rates: list[Rate]
    changes: list[Change]
    spreads: list[Spread]
    comments: list[Comments]
    threshold: int

    @property
    def is_empty(self) -> bool:
        return not any(rate.answered for rate in self.rates)


def results(bookings: QuerySet[Booking], *, threshold: int, now: datetime, by_outcome: bool) -> Results:
    """Return what was answered about these bookings by `now`. `by_outcome` keeps a course's outcomes apart."""
    forms = Evaluation.objects.filter(booking__in=bookings, withdrawn_at__isnull=True, opens_at__lte=now)
    answers = Answer.objects.filter(evaluation__in=forms.submitted())
    return Results(
        rates=rates(forms),
        changes=changes(answers, threshold=threshold, by_outcome=by_outcome),
        spreads=[*_scales(answers, threshold, by_outcome), *_choices(answers, threshold)],
        comments=_comments(answers, threshold),
        threshold=threshold,
    )


ASKED = Q(submitted_at__isnull=False) | ~Q(respondent_email="")


def rates(forms: QuerySet[Evaluation]) -> list[Rate]:
    """Return the response rate at each of the four stages."""
    counted = {row["kind"]: row for row in forms.order_by().values("kind").annotate(**_counts())}
    empty = {"asked": 0, "answered": 0, "nobody": 0}
    rows = ((kind.value, counted.get(kind.value, empty)) for kind in Kind)
    return [Rate(kind, row["asked"], row["answered"], row["nobody"]) for kind, row in rows]


def _counts() -> dict:
    return {
        "asked": Count("pk", filter=ASKED),
        "answered": Count("pk", filter=Q(submitted_at__isnull=False)),
        "nobody": Count("pk", filter=~ASKED),
    }


def changes(answers: QuerySet[Answer], *, threshold: int, by_outcome: bool) -> list[Change]:
    """Return what changed between before and each later stage, in the people who answered both."""
    values: dict = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))  # name, booking, kind: numbers
    names = Case(
        When(question__measure=Measure.OUTCOME_CONFIDENCE, then="outcome"), default=Value(""), output_field=CharField()
    )
    rows = (
        answers.filter(question__measure__in=MEASURES)
        .order_by()
        .values_list("evaluation__booking", "question__measure", names)
    )
    columns = {kind: Max("number", filter=Q(evaluation__kind=kind)) for kind in Kind.values}
    for booking, measure, outcome, *numbers in rows.annotate(**columns).iterator():
        name = (measure, outcome if by_outcome else "")
        for kind, number in zip(Kind.values, numbers, strict=True):
            if number:
                values[name][booking][kind].append(number)
    found = [
        Change(
            outcome or MEASURES[Measure(measure)],
            [_pair(values[measure, outcome], Kind.PRE, kind, threshold) for kind, _ in STAGES],
        )
        for measure, outcome in sorted(values, key=lambda name: (list(MEASURES).index(name[0]), name[1]))
    ]
    return [*found, *_looking_back(answers, threshold)]


def _pair(of_bookings: dict, first: str, second: str, threshold: int) -> Pair:
    both = [
        (mean(kinds[first]), mean(kinds[second]))
        for kinds in of_bookings.values()
        if first in kinds and second in kinds
    ]
    if len(both) < threshold:
        return Pair(len(both), None, None)
    return Pair(len(both), *(round(mean(side), 2) for side in zip(*both, strict=True)))


def _looking_back(answers: QuerySet[Answer], threshold: int) -> list[Change]:
    """Return knowledge as the same form states it for before and for now: people often rate themselves lower then."""
    post = answers.filter(evaluation__kind=Kind.POST, question__measure__in=[Measure.KNOWLEDGE_THEN, Measure.KNOWLEDGE])
    values = defaultdict(dict)
    for booking, measure, number in post.values_list("evaluation__booking", "question__measure", "number"):
        if number:
            values[booking][measure] = [number]
    if not any(Measure.KNOWLEDGE_THEN in kinds for kinds in values.values()):
        return []
    nothing = Pair(0, None, None)
    return [
        Change(LOOKING_BACK, [_pair(values, Measure.KNOWLEDGE_THEN, Measure.KNOWLEDGE, threshold), nothing, nothing])
    ]


def _order(kind: str) -> int:
    return Kind.values.index(kind)


def _scales(answers: QuerySet[Answer], threshold: int, by_outcome: bool) -> list[Spread]:
    scaled = answers.filter(number__isnull=False).order_by()
    outcome = F("outcome") if by_outcome else Value("")
    rows = scaled.annotate(part=outcome).values_list("evaluation__kind", "question__text", "part", "number")
    counted, places = defaultdict(dict), {}
    for *key, number, many, place in rows.annotate(many=Count("pk"), place=Max("question__position")):
        counted[tuple(key)][number] = many
        places[tuple(key)] = place
    in_order = sorted(counted, key=lambda key: (_order(key[0]), places[key], key))
    return [
        _spread(kind, f"{text} {part}".strip(), counted[kind, text, part], threshold) for kind, text, part in in_order
    ]


def _spread(kind: str, question: str, numbers: dict[int, int], threshold: int) -> Spread:
    total = sum(numbers.values())
    if total < threshold:
        return Spread(kind, question, total, None)
    average = round(sum(number * many for number, many in numbers.items()) / total, 2)
    return Spread(kind, question, total, [(str(number), numbers.get(number, 0)) for number in range(1, 6)], average)


def _choices(answers: QuerySet[Answer], threshold: int) -> list[Spread]:
    chosen = answers.filter(question__type__in=CHOICES).select_related(None)
    counted: dict = {}
    rows = chosen.order_by("question__position").values_list(
        "evaluation__kind", "question__text", "question__options", "choices"
    )
    for kind, text, options, choices in rows.iterator():
        number, counts = counted.setdefault((kind, text), [0, {}])
        counted[kind, text][0] = number + 1
        for option in (*options.splitlines(), *choices):
            counts.setdefault(option.strip(), 0)
        for choice in choices:
            counts[choice] += 1
    return [
        Spread(kind, text, number, [pair for pair in counts.items() if pair[0]] if number >= threshold else None)
        for (kind, text), (number, counts) in sorted(counted.items(), key=lambda item: _order(item[0][0]))
    ]


MOST_TEXTS = 100


def _comments(answers: QuerySet[Answer], threshold: int) -> list[Comments]:
    """Return what was written. The order is that of the words themselves, so that it tells nothing of who or when."""
    written: dict = defaultdict(list)
    rows = answers.filter(question__type__in=TEXTS).exclude(text="").order_by("question__position")
    for kind, question, text in rows.values_list("evaluation__kind", "question__text", "text").iterator():
        written[kind, question].append(text)
    themes: dict = defaultdict(list)
    tagged = rows.order_by().exclude(themes=None).values_list("evaluation__kind", "question__text", "themes__name")
    for kind, question, theme, many in tagged.annotate(many=Count("pk")):
        themes[kind, question].append((theme, many))
    return [
        Comments(
            kind, question, len(texts),
            sorted(texts, key=str.casefold)[:MOST_TEXTS] if len(texts) >= threshold else None,
            sorted(themes[kind, question], key=lambda theme: (-theme[1], theme[0])) if len(texts) >= threshold else [],
        )
        for (kind, question), texts in sorted(written.items(), key=lambda item: _order(item[0][0]))
    ]  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of a comparison (an event, a course, a trainer, a sector): its rates, and the change of confidence."""

    key: object
    rates: list[Rate]
    confidence: Pair


def compare(bookings: QuerySet[Booking], field: str, keys: Iterable, *, threshold: int, now: datetime) -> dict:
    """Return a Line for each of `keys`, values of the booking's `field`; in a fixed number of queries."""
    keys = list(keys)
    forms = Evaluation.objects.filter(booking__in=bookings, withdrawn_at__isnull=True, opens_at__lte=now)
    forms = forms.filter(**{f"booking__{field}__in": keys})
    counted: dict = defaultdict(dict)
    for row in forms.order_by().values("kind", f"booking__{field}").annotate(**_counts()):
        key, kind = row.pop(f"booking__{field}"), row.pop("kind")
        counted[key][kind] = Rate(kind, row["asked"], row["answered"], row["nobody"])
    values = _confidence(forms, f"evaluation__booking__{field}")
    return {
        key: Line(
            key,
            [counted[key].get(kind, Rate(kind, 0, 0)) for kind in Kind.values],
            _pair(values[key], Kind.PRE, Kind.POST, threshold),
        )
        for key in keys
    }


def whole(bookings: QuerySet[Booking], name: str, *, threshold: int, now: datetime) -> Line:
    """Return the Line of all these bookings together."""
    forms = Evaluation.objects.filter(booking__in=bookings, withdrawn_at__isnull=True, opens_at__lte=now)
    values = _confidence(forms, "evaluation__kind")
    together: dict = defaultdict(lambda: defaultdict(list))
    for of_bookings in values.values():
        for booking, kinds in of_bookings.items():
            for kind, numbers in kinds.items():
                together[booking][kind] += numbers
    return Line(name, rates(forms), _pair(together, Kind.PRE, Kind.POST, threshold))


def _confidence(forms: QuerySet[Evaluation], column: str) -> dict:
    """Return the answers on confidence before and after: value of the column, booking, kind: numbers."""
    values: dict = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    said = Answer.objects.filter(evaluation__in=forms.submitted(), question__measure=Measure.CONFIDENCE)
    said = said.filter(evaluation__kind__in=[Kind.PRE, Kind.POST], number__isnull=False).order_by()
    for key, booking, kind, number in said.values_list(column, "evaluation__booking", "evaluation__kind", "number"):
        values[key][booking][kind].append(number)
    return values
