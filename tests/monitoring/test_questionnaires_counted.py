"""Priorities 4C, 7 and 13B: what people answered, and nothing that would tell who."""

from datetime import date, timedelta

import pytest

from accounts.models import Policy
from courses.models import Event
from evaluations.models import Answer, Evaluation, Kind, Question, Questionnaire
from monitoring.models import ImpactExample, Indicator
from tests.monitoring.world import NOW, YEAR_START, at, attend, book, counted_course, event, person, shown, this_year

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("priorities")]
JUNE = date(2026, 6, 10)
RATES = list(zip(("7B1", "7B2", "7B3", "7B4"), Kind.values, strict=True))


def sheet(kind: str) -> Questionnaire:
    return Questionnaire.objects.get_or_create(kind=kind, version=1)[0]


def form(booking, kind: str, *, answered=True, issued=True, **fields) -> Evaluation:
    opens_at = fields.pop("opens_at", booking.event.ends_at)
    return Evaluation.objects.create(
        **{
            "booking": booking, "kind": kind, "questionnaire": sheet(kind), "opens_at": opens_at,
            "respondent_email": "somebody@school.example", "issued_at": opens_at if issued else None,
            "submitted_at": opens_at + timedelta(hours=1) if answered else None, **fields,
        }
    )  # fmt: skip


def answer(evaluation: Evaluation, number: int, *, text="How confident?", measure="", outcome="") -> None:
    question, _ = Question.objects.get_or_create(
        questionnaire=evaluation.questionnaire, text=text, type="scale", measure=measure
    )
    Answer.objects.create(evaluation=evaluation, question=question, number=number, outcome=outcome)


class TestUnderstanding:
    @pytest.mark.parametrize(("code", "course"), [("4C", "4A"), ("13B", "13B")])
    def test_four_of_five_answers_of_4_or_5(self, code, course):
        question = Indicator.objects.get(code=code).question
        held = event(counted_course(course), JUNE)
        for number in (3, 4, 4, 5):
            answer(form(attend(held, person()), Kind.POST), number, text=question)
        assert (shown(code).value, shown(code).status) == ("No data", "no data")  # fewer than five
        answer(form(attend(held, person()), Kind.POST), 5, text=question)
        assert (shown(code).value, shown(code).detail, shown(code).status) == ("80%", "4 of 5 answers", "met")
        answer(form(attend(held, person()), Kind.POST), 1, text=question)
        assert (shown(code).value, shown(code).status) == ("66.6%", "at risk")

    @pytest.mark.parametrize(("code", "course"), [("4C", "4A"), ("13B", "13B")])
    def test_three_of_five_are_not_met_so_far(self, code, course):
        question = Indicator.objects.get(code=code).question
        held = event(counted_course(course), JUNE)
        for number in (3, 3, 4, 4, 5):
            answer(form(attend(held, person()), Kind.POST), number, text=question)
        assert (shown(code).value, shown(code).status) == ("60%", "not met so far")

    def test_td_can_ask_for_more_answers_before_anything_is_shown(self):
        question = Indicator.objects.get(code="4C").question
        held = event(counted_course("4A"), JUNE)
        for _ in range(6):
            answer(form(attend(held, person()), Kind.POST), 5, text=question)
        assert shown("4C").value == "100%"
        policy = Policy.current()
        policy.suppression_threshold = 7
        policy.save()
        assert shown("4C").value == "No data"

    @pytest.mark.parametrize(("code", "counts"), [("4C", "4A"), ("13B", "13B")])
    def test_left_out_are_other_questions_other_courses_other_years_and_cancelled_events(self, code, counts):
        question = Indicator.objects.get(code=code).question
        course = counted_course(counts)
        for held, text in (
            (event(course, JUNE), "Another question"),
            (event(None, JUNE), question),
            (event(course, date(2026, 3, 31)), question),
            (event(course, JUNE, status=Event.Status.CANCELLED, cancelled_at=at(JUNE)), question),
        ):
            for _ in range(5):
                answer(form(attend(held, person()), Kind.POST), 5, text=text)
        assert shown(code).status == "no data"


class TestFormsIssued:
    def held(self, *, without: str = "", day: date = JUNE):
        booking = attend(event(None, day), person())
        for kind in Kind.values:
            form(booking, kind, issued=kind != without, answered=False)
        return booking

    def test_every_due_form_of_everybody(self):
        self.held()
        assert (shown("7A").value, shown("7A").status) == ("100%", "met")

    @pytest.mark.parametrize("without", Kind.values)
    def test_one_form_that_was_not_sent_takes_the_event_out(self, without):
        for _ in range(9):
            self.held()
        self.held(without=without)
        assert (shown("7A").value, shown("7A").status) == ("90%", "not met")

    def test_a_manager_form_that_nobody_can_answer_is_no_matter(self):
        booking = self.held(without=Kind.IMPACT_MANAGER)
        booking.evaluations.filter(kind=Kind.IMPACT_MANAGER).update(respondent_email="")
        assert shown("7A").value == "100%"

    def test_who_walked_in_is_not_due_the_form_of_before_and_who_did_not_come_is_due_none(self):
        booking = self.held(without=Kind.PRE)
        book(booking.event, person())
        assert shown("7A").value == "0%"
        booking.is_walk_in = True
        booking.save()
        assert shown("7A").value == "100%"

    def test_left_out_are_cancelled_events_and_those_of_last_year(self):
        cancelled = self.held().event
        cancelled.status, cancelled.cancelled_at = Event.Status.CANCELLED, at(date(2026, 6, 1))
        cancelled.save()
        self.held(day=YEAR_START - timedelta(days=1))
        assert (shown("7A").value, shown("7A").status) == ("No data", "no data")
        self.held(day=YEAR_START)
        assert shown("7A").detail == "1 of 1 events"

    def test_events_of_the_last_12_weeks_are_not_due_yet(self):
        self.held(day=date(2026, 9, 1))
        assert shown("7A").value == "No data"
        self.held(day=date(2026, 8, 31))  # 12 weeks before 23 November
        assert shown("7A").detail == "1 of 1 events"


class TestResponseRates:
    @pytest.mark.parametrize(("code", "kind"), RATES)
    def test_the_share_answered_of_those_open_for_28_days(self, code, kind):
        held = event(None, JUNE)
        for number in range(10):
            form(attend(held, person()), kind, answered=number < 7)
        form(attend(held, person()), kind, answered=False, opens_at=NOW - timedelta(days=27))
        form(attend(held, person()), kind, answered=False, withdrawn_at=NOW)
        form(attend(held, person()), kind, answered=False, opens_at=at(date(2026, 3, 1)))  # last year
        assert (shown(code).value, shown(code).detail, shown(code).status) == ("70%", "7 of 10 forms", "met")
        Indicator.objects.filter(code=code).update(target=71)
        assert shown(code).status == "at risk"

    @pytest.mark.parametrize(
        ("code", "kind", "target"), [(*rate, target) for rate, target in zip(RATES, (7, 7, 4, 4), strict=True)]
    )
    def test_exactly_the_target_meets_it_and_one_answer_fewer_is_at_risk(self, code, kind, target):
        assert (shown(code).value, shown(code).status) == ("No data", "no data")
        held = event(None, JUNE)
        forms = [form(attend(held, person()), kind, answered=number < target) for number in range(10)]
        assert (shown(code).value, shown(code).status) == (f"{target}0%", "met")
        forms[0].submitted_at = None
        forms[0].save()
        assert (shown(code).value, shown(code).status) == (f"{target - 1}0%", "at risk")

    def test_a_form_counts_in_the_year_in_which_its_28_days_end_and_in_no_other(self):
        booking = attend(event(None, JUNE), person())
        form(booking, Kind.POST, opens_at=at(date(2026, 3, 3)))  # 28 days later it is 31 March
        form(attend(booking.event, person()), Kind.POST, opens_at=at(date(2026, 3, 4)), answered=False)
        form(attend(booking.event, person()), Kind.POST, opens_at=NOW - timedelta(days=28), answered=False)
        assert shown("7B2", this_year(year=2025)).detail == "1 of 1 forms"
        assert shown("7B2").detail == "0 of 2 forms"
        assert [day for day, _ in shown("7B2").line] == [date(2026, 4, 1), date(2026, 11, 1)]

    def test_who_has_nobody_to_ask_leaves_the_managers_forms_and_is_named(self):
        held = event(None, JUNE)
        form(attend(held, person()), Kind.IMPACT_MANAGER)
        form(attend(held, person()), Kind.IMPACT_MANAGER, answered=False, respondent_email="")
        assert shown("7B4").detail == "1 of 1 forms"
        assert shown("7B4").counted.notes == ("1 more have nobody who could answer, and are left out.",)


def test_an_example_of_impact_in_every_quarter_that_is_over():
    ImpactExample.objects.create(dated=date(2026, 6, 30), theme="Referrals", text="Earlier.")
    assert (shown("7C").detail, shown("7C").status) == ("1 of 2 quarters", "at risk")
    ImpactExample.objects.create(dated=date(2026, 7, 1), theme="Referrals", text="Earlier.")
    assert (shown("7C").detail, shown("7C").status) == ("2 of 2 quarters", "met")


def test_without_a_quarter_that_is_over_there_is_no_data_and_last_years_examples_do_not_count():
    ImpactExample.objects.create(dated=date(2026, 3, 31), theme="Referrals", text="Earlier.")
    ImpactExample.objects.create(dated=date(2026, 4, 1), theme="Referrals", text="Earlier.")
    assert shown("7C", this_year(date(2026, 6, 29))).status == "no data"
    assert shown("7C", this_year(date(2026, 6, 30))).detail == "1 of 1 quarters"
    assert shown("7C", this_year(date(2026, 9, 30))).detail == "1 of 2 quarters"


def test_a_fall_of_confidence_is_shown_and_never_marked_as_failure_and_other_years_are_left_out():
    for day, before, after in ((JUNE, 4, 3), (date(2026, 3, 31), 1, 5)):
        held = event(None, day)
        for _ in range(5):
            booking = attend(held, person())
            answer(form(booking, Kind.PRE), before, measure="confidence")
            answer(form(booking, Kind.POST), after, measure="confidence")
    assert (shown("7D").value, shown("7D").detail, shown("7D").status) == ("−1.0", "from 5 people", "for information")


def test_confidence_changes_by_pairs_of_one_person_and_fewer_than_five_are_not_shown():
    held = event(None, JUNE)
    for number, (before, after) in enumerate([(2, 4), (3, 4), (3, 3), (4, 3), (2, 4)]):
        booking = attend(held, person())
        assert number < 4 or shown("7D").value == "No data"
        answer(form(booking, Kind.PRE), before, measure="confidence")
        answer(form(booking, Kind.POST), after, measure="confidence")
    answer(form(attend(held, person()), Kind.POST), 5, measure="confidence")  # nothing to compare with
    found = shown("7D")
    assert (found.value, found.detail, found.status) == ("+0.8", "from 5 people", "for information")
