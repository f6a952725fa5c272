"""What changed in the same people: before the course, after it and twelve weeks on, as they and managers say (§15)."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from statistics import mean

from django.db.models import Case, CharField, Max, Q, QuerySet, Value, When

from evaluations.models import Answer, Kind, Question

Measure = Question.Measure
STAGES = ((Kind.POST, "After the course"), (Kind.IMPACT_LEARNER, "Twelve weeks later"),
          (Kind.IMPACT_MANAGER, "As the manager sees it"))  # fmt: skip
MEASURES = {
    Measure.KNOWLEDGE: "Knowledge of the subject",
    Measure.CONFIDENCE: "Confidence to act on a concern",
    Measure.OUTCOME_CONFIDENCE: "Confidence in what the course teaches",
    # The same form states it for before and for now: people often rate themselves lower then.
    Measure.KNOWLEDGE_THEN: "Knowledge before the course, looking back",
}
LOOKING_BACK = MEASURES[Measure.KNOWLEDGE_THEN]
Numbers = dict[str, list[int]]  # what one person said at each stage


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


def changes(
    answers: QuerySet[Answer], *, threshold: int, by_outcome: bool, hidden: Collection[tuple] = ()
) -> list[Change]:
    """Return what changed between before and each later stage, in the people who answered both; not what is hidden."""
    values = _values(answers, by_outcome=by_outcome)
    return [
        Change(
            outcome or MEASURES[Measure(measure)],
            [
                pair(people.values(), kind, least=None if _figure(measure, outcome, kind) in hidden else threshold)
                for kind, _ in STAGES
            ],
        )
        for (measure, outcome), people in _in_order(
            {name: {booking: said for (booking, _), said in people.items()} for name, people in values.items()}
        )
        if measure != Measure.KNOWLEDGE_THEN or any(Kind.PRE in said for said in people.values())
    ]


def people(answers: QuerySet[Answer], *, by_outcome: bool, key) -> dict[tuple, dict[object, int]]:
    """Return how many people each change is counted from, in each part that the expression `key` tells apart."""
    counts: dict[tuple, dict] = defaultdict(lambda: defaultdict(int))
    for (measure, outcome), said in _values(answers, by_outcome=by_outcome, key=key).items():
        for (_, of), numbers in said.items():
            for kind, _ in STAGES:
                if Kind.PRE in numbers and kind in numbers:
                    counts[_figure(measure, outcome, kind)][of] += 1
    return counts


def pair(people: Collection[Numbers], second: str, *, least: int | None, first: str = Kind.PRE) -> Pair:
    """Return the averages of those who answered both; of fewer than `least`, or with None, only how many they are."""
    both = [(mean(said[first]), mean(said[second])) for said in people if first in said and second in said]
    if least is None or len(both) < least:
        return Pair(len(both), None, None)
    return Pair(len(both), *(round(mean(side), 2) for side in zip(*both, strict=True)))


def _figure(measure: str, outcome: str, kind: str) -> tuple:
    return "change", measure, outcome, kind


def _in_order(values: dict):
    return sorted(values.items(), key=lambda item: (list(MEASURES).index(item[0][0]), item[0][1]))


def _values(answers: QuerySet[Answer], *, by_outcome: bool, key=None) -> dict[tuple[str, str], dict[tuple, Numbers]]:
    """Return what each person said of each thing: {(measure, outcome): {(booking, part): {kind: numbers}}}."""
    found: dict = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    outcomes = Case(
        When(question__measure=Measure.OUTCOME_CONFIDENCE, then="outcome"), default=Value(""), output_field=CharField()
    )
    rows = answers.filter(question__measure__in=MEASURES).order_by().annotate(of=key or Value(0), about=outcomes)
    columns = {kind: Max("number", filter=Q(evaluation__kind=kind)) for kind in Kind.values}
    rows = rows.values_list("evaluation__booking", "of", "question__measure", "about").annotate(**columns)
    for booking, of, measure, outcome, *numbers in rows.iterator():
        for kind, number in zip(Kind.values, numbers, strict=True):
            if not number:
                continue
            if measure == Measure.KNOWLEDGE_THEN:
                found[measure, ""][booking, of][Kind.PRE].append(number)
                continue
            found[measure, outcome if by_outcome else ""][booking, of][kind].append(number)
            if measure == Measure.KNOWLEDGE and kind == Kind.POST:
                found[Measure.KNOWLEDGE_THEN, ""][booking, of][kind].append(number)
    return found
