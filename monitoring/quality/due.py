"""Which courses wait for a review, and why (§6.6, §6.15): read by T&D's pages, the catalogue's admin and Today."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import Max, OuterRef, QuerySet, Subquery

from courses.models import Course
from monitoring.models import Learning, QualityReview, SingleAgencyTraining
from monitoring.quality.rules import REVIEW_LASTS, State, state
from wscb_training.tables import Table

CHECKS = ("checked_scrs", "checked_partnership_reviews", "checked_case_audits", "checked_policy")


def with_reviews(courses: QuerySet[Course], *, today: date) -> QuerySet[Course]:
    """Annotate the last review (observations of single events apart), what it found, and the newest learning."""
    reviews = QualityReview.objects.filter(course=OuterRef("pk"), event__isnull=True, reviewed_on__lte=today)
    last = reviews.order_by("-reviewed_on", "-pk")
    observed = QualityReview.objects.filter(course=OuterRef("pk"), event__isnull=False, reviewed_on__lte=today)
    learned = Learning.objects.filter(subjects__courses=OuterRef("pk"), dated__lte=today).order_by()
    return courses.annotate(
        last_review=Subquery(last.values("reviewed_on")[:1]),
        last_reviewer=Subquery(last.values("reviewer")[:1]),
        last_found_current=Subquery(last.values("found_current")[:1]),
        last_meets=Subquery(last.values("meets_standards")[:1]),
        **{f"last_{name}": Subquery(last.values(name)[:1]) for name in CHECKS},
        last_observed=Subquery(observed.order_by("-reviewed_on").values("reviewed_on")[:1]),
        learned_on=Subquery(
            learned.values("subjects__courses").annotate(newest=Max("dated")).values("newest")[:1]
        ),
    )  # fmt: skip


def state_of(course: Course, *, today: date) -> State:
    """Return how a course annotated by `with_reviews` stands."""
    return state(
        reviewed_on=course.last_review,
        is_complete=all(getattr(course, f"last_{name}") for name in CHECKS),
        found_current=bool(course.last_found_current),
        learned_on=course.learned_on,
        today=today,
    )


@dataclass(frozen=True)
class Standing:
    """A course of the catalogue and how it stands to its review."""

    course: Course
    state: State

    @property
    def review_by(self) -> date | None:
        """The day by which it is to be reviewed again, from its last review."""
        return self.course.last_review + REVIEW_LASTS if self.course.last_review else None


def standings(*, today: date) -> list[Standing]:
    """Return the courses offered, the most urgent first; one query."""
    found = with_reviews(Course.objects.offered(), today=today)
    listed = [Standing(course, state_of(course, today=today)) for course in found]
    order = list(State)
    return sorted(listed, key=lambda each: (order.index(each.state), each.review_by or date.min, each.course.title))


def courses_in(wanted: State, *, today: date) -> list[int]:
    """Return the ids of the courses, offered or not, that stand so."""
    found = with_reviews(Course.objects.all(), today=today)
    return [course.pk for course in found if state_of(course, today=today) == wanted]


def counted(listed: list[Standing]) -> list[tuple[State, int]]:
    """Return how many courses stand how, the most urgent first."""
    numbers = Counter(each.state for each in listed)
    return [(each, numbers[each]) for each in State if numbers[each]]


def own_to_review(*, today: date) -> QuerySet[SingleAgencyTraining]:
    """Return the single-agency courses held in the last 12 months without a review in them."""
    year_ago = today - relativedelta(months=12)
    reviewed = QualityReview.objects.filter(single_agency__isnull=False, reviewed_on__gt=year_ago)
    held = SingleAgencyTraining.objects.filter(held_on__gt=year_ago, held_on__lte=today)
    return held.exclude(pk__in=reviewed.values("single_agency")).select_related("organisation")


def table(listed: list[Standing]) -> Table:
    """Return the courses and their reviews as a table for a file."""
    headings = [
        "Course", "Programme", "State", "Last reviewed", "By", "Review again by", "Newest learning on its subjects",
        "Meets the standards", "Last observed",
    ]  # fmt: skip
    words = {True: "Yes", False: "No", None: ""}
    rows = [
        [
            each.course.title, each.course.get_programme_display(), each.state.words, each.course.last_review or "",
            each.course.last_reviewer or "", each.review_by or "", each.course.learned_on or "",
            words[each.course.last_meets], each.course.last_observed or "",
        ]
        for each in listed
    ]  # fmt: skip
    return Table("Reviews", headings, rows)
