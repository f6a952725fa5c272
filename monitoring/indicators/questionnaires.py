"""Priorities 4C, 7 and 13B: what people answered (§15). No row of theirs names anybody."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value

from accounts.models import Policy
from bookings.models import Booking
from evaluations.models import Answer, Evaluation, Kind, Question
from monitoring.indicators.base import Definition, Rows
from monitoring.indicators.populations import (
    ATTENDERS,
    EVENT,
    EVENT_FILTERS,
    delivered,
    for_event_page,
    of_indicator,
    yes,
)  # fmt: skip
from monitoring.models import ImpactExample, Indicator
from monitoring.rules import Period, Status, quarters_gone
from wscb_training.wording import local_date, short_day

WINDOW = timedelta(days=28)  # to answer a form
NOBODY_TO_ASK = Q(kind=Kind.IMPACT_MANAGER, respondent_email="", submitted_at__isnull=True)
UNNAMED = "Neither the course nor the day is shown, so that nobody can be recognised by their answer."
FORM_FILTERS = {
    "course": ("Course", "booking__event__course__title"),
    "sector": ("Sector", "booking__sector__reporting_sector"),
}


def understood(period: Period, indicator: Indicator) -> Rows:
    """4C, 13B: answers of 4 or 5 to the indicator's question, after delivered events of its courses."""
    answers = Answer.objects.filter(
        of_indicator(indicator, "evaluation__booking__event__course"),
        evaluation__kind=Kind.POST,
        evaluation__submitted_at__lte=period.moment,
        evaluation__booking__event__in=delivered(period).order_by().values("pk"),
        question__text=indicator.question,
        number__isnull=False,
    ).annotate(is_counted=yes(Q(number__gte=4)))
    columns = (
        ("Answer, 1 to 5", lambda answer: answer.number),
        ("Meaning", lambda answer: "Agrees" if answer.is_counted else "Does not agree, or not sure"),
    )
    return Rows("answer", answers, columns, at_least=_fewest(), order=("-number", "pk"), notes=[UNNAMED])


def _fewest() -> int:
    return max(5, Policy.current().suppression_threshold)


def all_forms_issued(period: Period, indicator: Indicator) -> Rows:
    """7A: delivered events whose impact forms are due, with every due form of everybody issued."""
    weeks = timedelta(weeks=max(12, Policy.current().impact_weeks))
    last = period.as_at - weeks
    opened = delivered(period).filter(ends_at__date__lte=last)
    there = Booking.objects.filter(
        record__status="counted", record__completed_on__gte=period.starts_on, record__completed_on__lte=last
    )

    issued = Q(evaluations__issued_at__lte=period.moment) | Q(evaluations__submitted_at__lte=period.moment)
    asked = Q(evaluations__kind__in=[Kind.POST, Kind.IMPACT_LEARNER]) | Q(evaluations__kind=Kind.PRE, is_walk_in=False)
    lacking = there.annotate(sent=Count("evaluations", filter=issued & asked))
    lacking = lacking.filter(Q(sent__lt=2) | Q(sent__lt=3, is_walk_in=False))  # who walked in was not asked before
    unsent = Evaluation.objects.filter(
        booking__in=there, kind=Kind.IMPACT_MANAGER, issued_at__isnull=True, submitted_at__isnull=True,
        withdrawn_at__isnull=True,
    ).exclude(NOBODY_TO_ASK)  # fmt: skip
    not_all = Q(pk__in=lacking.order_by().values("event")) | Q(pk__in=unsent.order_by().values("booking__event"))

    def with_missing(events):
        """Annotate which kinds of form somebody of the event was not sent, for the page."""
        for kind, bookings in (
            (Kind.PRE, there.filter(is_walk_in=False)),
            (Kind.POST, there),
            (Kind.IMPACT_LEARNER, there),
        ):
            sent = Evaluation.objects.filter(booking=OuterRef("pk"), kind=kind).filter(
                Q(issued_at__lte=period.moment) | Q(submitted_at__lte=period.moment)
            )
            without = bookings.filter(~Exists(sent), event=OuterRef("pk"))
            events = events.annotate(**{f"no_{kind}": Exists(without)})
        return for_event_page(events).annotate(no_impact_manager=Exists(unsent.filter(booking__event=OuterRef("pk"))))

    return Rows(
        "event", opened.annotate(is_counted=yes(~not_all)), (*EVENT, ATTENDERS, ("Not sent to everyone", _not_sent)),
        dated="ends_at", filters=EVENT_FILTERS, for_page=with_missing, order=("ends_at", "pk"),
    )  # fmt: skip


def _not_sent(event) -> str:
    return ", ".join(kind.label.lower() for kind in Kind if getattr(event, f"no_{kind}"))


def response_rate(kind: str):
    """Return the rows of 7B for one kind of form: those whose window to answer has closed; answered ones count.

    A form belongs to the year in which its window closes, so that each counts once: one sent in March was still open at
    the end of March.
    """

    def rows(period: Period, indicator: Indicator) -> Rows:
        due = Evaluation.objects.of_kind(kind).filter(
            Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=period.moment),
            opens_at__gte=period.starts_at - WINDOW, opens_at__lte=period.moment - WINDOW,
        )  # fmt: skip
        left_out = due.filter(NOBODY_TO_ASK).count() if kind == Kind.IMPACT_MANAGER else 0
        due = due.exclude(NOBODY_TO_ASK).annotate(
            is_counted=yes(Q(submitted_at__isnull=False, submitted_at__lte=period.moment)),
            closed_at=ExpressionWrapper(F("opens_at") + WINDOW, output_field=DateTimeField()),
        )
        columns = (
            ("Opened", lambda form: local_date(form.opens_at)),
            ("28 days ended", lambda form: local_date(form.closed_at)),
            ("Course", lambda form: form.booking.event.course.title),
            ("Sector", lambda form: form.booking.sector.reporting_sector if form.booking.sector else ""),
            ("Sent", lambda form: local_date(form.issued_at) if form.issued_at else "Not sent"),
        )
        notes = [f"{left_out} more have nobody who could answer, and are left out."] if left_out else []
        return Rows(
            "form", due, columns, dated="closed_at", filters=FORM_FILTERS, notes=notes, order=("opens_at", "pk"),
            for_page=lambda items: items.select_related("booking__event__course", "booking__sector"),
        )  # fmt: skip

    return rows


@dataclass(frozen=True)
class Quarter:
    """A quarter of the year, with its coded examples of impact."""

    first: date
    last: date
    examples: int

    @property
    def is_counted(self) -> bool:
        return self.examples > 0


def quarters_with_impact(period: Period, indicator: Indicator) -> Rows:
    """7C: quarters that are over, with a coded example of impact."""
    dates = list(
        ImpactExample.objects.filter(dated__gte=period.starts_on, dated__lte=period.as_at).values_list(
            "dated", flat=True
        )
    )
    rows = [
        Quarter(first, last, sum(first <= day <= last for day in dates))
        for first, last in quarters_gone(starts_on=period.starts_on, as_at=period.as_at)
        if last <= period.as_at
    ]
    columns = (
        ("Quarter", lambda row: f"{short_day(row.first)} to {short_day(row.last)}"),
        ("Examples", lambda row: row.examples),
    )
    return Rows("quarter", rows, columns, dated="last")


def change_of_confidence(period: Period, indicator: Indicator) -> Rows:
    """7D: people who stated their confidence before and after a delivered event, with what they said 12 weeks on.

    Nobody answers the form of after before the last session: by that the database finds the year's answers quickly.
    """
    said = "evaluation__booking__evaluations"
    pairs = Answer.objects.filter(
        evaluation__kind=Kind.POST, evaluation__submitted_at__gte=period.starts_at,
        evaluation__submitted_at__lte=period.moment,
        evaluation__booking__record__status="counted",
        evaluation__booking__record__completed_on__gte=period.starts_on,
        evaluation__booking__record__completed_on__lte=period.as_at,
        question__measure=Question.Measure.CONFIDENCE, number__isnull=False,
        **{
            f"{said}__kind": Kind.PRE, f"{said}__submitted_at__lte": period.moment,
            f"{said}__answers__question__measure": Question.Measure.CONFIDENCE,
            f"{said}__answers__number__isnull": False,
        },
    ).annotate(before=F(f"{said}__answers__number"))  # fmt: skip
    later = Answer.objects.filter(
        evaluation__booking=OuterRef("evaluation__booking"), evaluation__kind=Kind.IMPACT_LEARNER,
        evaluation__submitted_at__lte=period.moment, question__measure=Question.Measure.CONFIDENCE,
    )  # fmt: skip
    columns = (
        ("Before", lambda pair: pair.before),
        ("After", lambda pair: pair.number),
        ("Change", lambda pair: pair.part),
        ("12 weeks later", lambda pair: "" if pair.later is None else pair.later),
    )
    pairs = pairs.annotate(part=F("number") - F("before"), whole=Value(1), is_counted=Value(True))
    return Rows(
        "person,people", pairs, columns, weighed=True, at_least=_fewest(), notes=[UNNAMED],
        for_page=lambda items: items.annotate(later=Subquery(later.values("number")[:1])),
        order=("before", "number", "pk"),
    )  # fmt: skip


DEFINITIONS = [
    Definition("4C", understood),
    Definition("7A", all_forms_issued, near=Status.NOT_MET),
    Definition("7B1", response_rate(Kind.PRE), near=Status.AT_RISK),
    Definition("7B2", response_rate(Kind.POST), near=Status.AT_RISK),
    Definition("7B3", response_rate(Kind.IMPACT_LEARNER), near=Status.AT_RISK),
    Definition("7B4", response_rate(Kind.IMPACT_MANAGER), near=Status.AT_RISK),
    Definition("7C", quarters_with_impact, near=Status.AT_RISK),
    Definition("7D", change_of_confidence),
    Definition("13B", understood),
]
