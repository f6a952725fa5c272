"""What the answers say (§15): how many answered, what changed in the same people, how answers spread, what was written.

The reading side: bookings go in, figures come out. Nothing is worked out of fewer answers than the threshold.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Q, QuerySet, Value

from bookings.models import Booking
from evaluations import suppression
from evaluations.changes import Change, changes
from evaluations.models import PLEDGE, Answer, Evaluation, Kind, Question
from evaluations.suppression import Slice

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


def results(
    bookings: QuerySet[Booking], *, threshold: int, now: datetime, by_outcome: bool, slices: Sequence[Slice] = ()
) -> Results:
    """Return what was answered about these bookings by `now`. `by_outcome` keeps a course's outcomes apart.

    `slices` are the wholes whose figures the same reader sees: what could be worked out from them is not shown.
    """
    forms = Evaluation.objects.filter(booking__in=bookings, withdrawn_at__isnull=True, opens_at__lte=now)
    answers = Answer.objects.filter(evaluation__in=forms.filter(submitted_at__lte=now))
    hidden = suppression.hidden(slices, threshold=threshold, now=now, by_outcome=by_outcome)
    people = suppression.people(answers, by_outcome=by_outcome)
    shown = {figure for figure, of in people.items() if sum(of.values()) >= threshold} - hidden
    return Results(
        rates=rates(forms, now=now),
        changes=changes(answers, threshold=threshold, by_outcome=by_outcome, hidden=hidden),
        spreads=[*_scales(answers, shown, by_outcome), *_choices(answers, shown)],
        comments=_comments(answers, shown),
        threshold=threshold,
    )


ASKED = Q(submitted_at__isnull=False) | ~Q(respondent_email="")


def rates(forms: QuerySet[Evaluation], *, now: datetime) -> list[Rate]:
    """Return the response rate at each of the four stages, of what was answered by `now`."""
    counted = {row["kind"]: row for row in forms.order_by().values("kind").annotate(**counts(now))}
    empty = {"asked": 0, "answered": 0, "nobody": 0}
    rows = ((kind.value, counted.get(kind.value, empty)) for kind in Kind)
    return [Rate(kind, row["asked"], row["answered"], row["nobody"]) for kind, row in rows]


def counts(now: datetime) -> dict:
    """Return the counts of forms asked, answered by `now`, and with nobody to ask."""
    return {
        "asked": Count("pk", filter=ASKED),
        "answered": Count("pk", filter=Q(submitted_at__lte=now)),
        "nobody": Count("pk", filter=~ASKED),
    }


def _order(kind: str) -> int:
    return Kind.values.index(kind)


def _scales(answers: QuerySet[Answer], shown: Collection[tuple], by_outcome: bool) -> list[Spread]:
    scaled = answers.filter(number__isnull=False).order_by()
    outcome = F("outcome") if by_outcome else Value("")
    rows = scaled.annotate(part=outcome).values_list("evaluation__kind", "question__text", "part", "number")
    counted, places = defaultdict(dict), {}
    for *key, number, many, place in rows.annotate(many=Count("pk"), place=Max("question__position")):
        counted[tuple(key)][number] = many
        places[tuple(key)] = place
    in_order = sorted(counted, key=lambda key: (_order(key[0]), places[key], key))
    return [
        _spread(kind, f"{text} {part}".strip(), counted[kind, text, part], is_shown=(kind, text, part) in shown)
        for kind, text, part in in_order
    ]


def _spread(kind: str, question: str, numbers: dict[int, int], *, is_shown: bool) -> Spread:
    total = sum(numbers.values())
    if not is_shown:
        return Spread(kind, question, total, None)
    average = round(sum(number * many for number, many in numbers.items()) / total, 2)
    return Spread(kind, question, total, [(str(number), numbers.get(number, 0)) for number in range(1, 6)], average)


def _choices(answers: QuerySet[Answer], shown: Collection[tuple]) -> list[Spread]:
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
        Spread(kind, text, number, [pair for pair in counts.items() if pair[0]] if (kind, text, "") in shown else None)
        for (kind, text), (number, counts) in sorted(counted.items(), key=lambda item: _order(item[0][0]))
    ]


MOST_TEXTS = 100


def _comments(answers: QuerySet[Answer], shown: Collection[tuple]) -> list[Comments]:
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
            kind, question.replace(PLEDGE, "…"), len(texts),
            sorted(texts, key=str.casefold)[:MOST_TEXTS] if (kind, question, "") in shown else None,
            sorted(themes[kind, question], key=lambda theme: (-theme[1], theme[0]))
            if (kind, question, "") in shown else [],
        )
        for (kind, question), texts in sorted(written.items(), key=lambda item: _order(item[0][0]))
    ]  # fmt: skip
