"""What people said: who answered, what changed in the same people, what came of it after 12 weeks, themes (§15)."""

from accounts.models import Policy
from bookings.models import Booking
from evaluations.changes import STAGES, Change
from evaluations.models import Kind
from evaluations.results import Results, results
from monitoring.indicators.populations import delivered
from monitoring.models import ImpactExample
from monitoring.report.part import TOO_FEW, Part
from monitoring.rules import Period
from wscb_training.wording import short_day

AFTER_TWELVE_WEEKS = (Kind.IMPACT_LEARNER, Kind.IMPACT_MANAGER)
ANSWERED = "Questionnaires answered"


def parts(period: Period) -> list[Part]:
    """Return the tables of this chapter. Nothing is worked out of fewer answers than the threshold."""
    threshold = max(5, Policy.current().suppression_threshold)
    found, last = (_results(each, threshold) for each in (period, period.year_before()))
    return [
        _rates(period, found, last),
        _changes(period, found),
        _after_twelve_weeks(period, found),
        _quotes(period),
        _themes(period, found),
    ]


def _results(period: Period, threshold: int) -> Results:
    there = Booking.objects.filter(event__in=delivered(period).order_by().values("pk"))
    return results(there, threshold=threshold, now=period.moment, by_outcome=False)


def _rates(period: Period, found: Results, last: Results) -> Part:
    before = {rate.kind: rate.percent for rate in last.rates}
    rows = [
        [rate.name, rate.asked, rate.answered, rate.percent, before.get(rate.kind), rate.nobody] for rate in found.rates
    ]
    headings = ["Questionnaire", "Asked", "Answered", "Rate (%)", "Rate, same days last year (%)", "Nobody to ask"]
    note = "Of the forms of events delivered this year that are open by now. Priority 7 counts only forms that were "
    note += "open for 28 days. Nobody to ask: a childminder, for example, has no manager."
    return Part(
        "rates", "Response rates", "How many answered", headings, rows, period.in_words, "Questionnaires sent",
        note=note, compared=3,
    )  # fmt: skip


def _changes(period: Period, found: Results) -> Part:
    rows = [
        [change.name, stage, *_pair(change, number)]
        for change in found.changes
        for number, (_, stage) in enumerate(STAGES)
        if change.pairs[number].number
    ]
    headings = ["What was asked", "Compared with before", "People", "Before", "Then", "Change"]
    note = "Averages on a scale of 1 to 5, of the same people, who answered both times. Knowledge can honestly fall "
    note += "after a course: people see how much there is to know. Nothing is shown for fewer than "
    note += f"{found.threshold} people."
    return Part(
        "change", "Change", "What changed in the people who came", headings, rows, period.in_words, ANSWERED,
        note=note, empty="Nobody has answered both before and after yet.", drawn=[5], series=1,
    )  # fmt: skip


def _pair(change: Change, number: int) -> list:
    pair = change.pairs[number]
    if pair.before is None:
        return [pair.number, TOO_FEW, TOO_FEW, TOO_FEW]
    return [pair.number, pair.before, pair.then, pair.change]


def _after_twelve_weeks(period: Period, found: Results) -> Part:
    rows = [
        [spread.kind_name.rpartition(": ")[2].capitalize(), spread.question, choice, number, spread.number]
        for spread in found.spreads
        if spread.kind in AFTER_TWELVE_WEEKS and spread.average is None
        for choice, number in spread.counts or [(TOO_FEW, None)]
    ]
    headings = ["Who answered", "Question", "Answer", "Number", "Of answers"]
    note = f"Nothing is shown for fewer than {found.threshold} answers. To some questions people gave several answers."
    return Part(
        "impact", "12 weeks on", "What came of it after 12 weeks", headings, rows, period.in_words, ANSWERED, note=note,
        empty="No questionnaire of 12 weeks on has been answered yet.",
    )  # fmt: skip


def _quotes(period: Period) -> Part:
    examples = ImpactExample.objects.filter(dated__gte=period.starts_on, dated__lte=period.as_at)
    examples = examples.select_related("course").order_by("theme", "dated", "pk")
    rows = [
        [each.theme, each.text, each.course.title if each.course else "", short_day(each.dated)] for each in examples
    ]
    note = "Chosen, and worded so that nobody can be recognised, by the Training and Development Service. What people "
    note += "wrote into their questionnaires is not quoted."
    return Part(
        "examples", "Examples of impact", "Examples of impact", ["Theme", "Example", "Course", "Date"], rows,
        period.in_words, "Examples coded by the Training and Development Service", note=note,
        empty="No example of impact has been coded yet.",
    )  # fmt: skip


def _themes(period: Period, found: Results) -> Part:
    rows = [
        [comments.kind_name, comments.question.replace("[pledge].", "…"), theme, number, comments.number]
        for comments in found.comments
        for theme, number in comments.themes
    ]
    headings = ["Questionnaire", "Question", "Theme", "Answers with it", "Of answers"]
    note = f"Seen by the Training and Development Service in what people wrote, of {found.threshold} answers or more."
    return Part(
        "themes", "Themes", "Themes in what people wrote", headings, rows, period.in_words, ANSWERED, note=note,
        empty="No theme has been noted yet.",
    )  # fmt: skip
