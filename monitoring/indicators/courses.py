"""Priorities 6, 11 (schools), 12 and 15: courses, schools and single-agency training."""

from dataclasses import dataclass, field
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery

from accounts.models import Organisation
from bookings.models import OnlineStart, TrainingRecord
from courses.models import Course
from learning import schools
from monitoring.indicators.base import Definition, Rows
from monitoring.indicators.populations import delivered, standing, yes
from monitoring.models import Indicator, Learning, QualityReview, SingleAgencyTraining, StandardSet
from monitoring.rules import Period, Status

REVIEW_LASTS = relativedelta(months=12)
LEAD_TRAINING_LASTS = relativedelta(months=24)
COURSE_FILTERS = {"course": ("Course", "title")}


def _took_place_online(period: Period):
    started = OnlineStart.objects.filter(
        course=OuterRef("pk"), started_at__gte=period.starts_at, started_at__lte=period.moment
    )
    completed = TrainingRecord.objects.filter(
        course=OuterRef("pk"), source="online", status="counted",
        completed_on__gte=period.starts_on, completed_on__lte=period.as_at,
    )  # fmt: skip
    return Q(Exists(started)) | Q(Exists(completed))


def reviewed_content(period: Period, indicator: Indicator) -> Rows:
    """6A: active courses that run this year, with a review of 12 months that answers all four checks.

    A later review that found the content not current undoes it, however incomplete. Observations of single events say
    nothing of the content.
    """
    events = standing(period).filter(course=OuterRef("pk"))
    latest = QualityReview.objects.filter(course=OuterRef("pk"), event__isnull=True, reviewed_on__lte=period.as_at)
    latest = latest.order_by("-reviewed_on", "-pk")
    full = latest.filter(
        reviewed_on__gt=period.as_at - REVIEW_LASTS, checked_scrs=True, checked_partnership_reviews=True,
        checked_case_audits=True, checked_policy=True,
    )  # fmt: skip
    learning = Learning.objects.filter(subjects__courses=OuterRef("pk"), dated__lte=period.as_at)
    courses = Course.objects.offered().filter(Q(Exists(events)) | _took_place_online(period))
    courses = courses.annotate(
        reviewed_on=Subquery(full.values("reviewed_on")[:1]),
        reviewed_last=Subquery(latest.values("reviewed_on")[:1]),
        found_current=Subquery(latest.values("found_current")[:1]),  # not the full one's: a later one may undo it
        was_found_current=Subquery(full.values("found_current")[:1]),
        learned_on=Subquery(
            learning.order_by().values("subjects__courses").annotate(newest=Max("dated")).values("newest")[:1]
        ),
    )
    current = Q(was_found_current=True, found_current=True) & (
        Q(learned_on__isnull=True) | Q(reviewed_on__gte=F("learned_on"))
    )
    columns = (
        ("Course", lambda course: course.title),
        ("Last reviewed", lambda course: course.reviewed_last or ""),
        ("Newest learning on its subjects", lambda course: course.learned_on or ""),
        ("What is missing", what_a_review_lacks),
    )
    return Rows("course", courses.annotate(is_counted=yes(current)), columns, filters=COURSE_FILTERS, order=("title",))


def what_a_review_lacks(course: Course) -> str:
    """Return why a course does not count as current, or ""."""
    if course.is_counted:
        return ""
    if course.reviewed_last is None:
        return "Never reviewed"
    if course.reviewed_on is None:
        return "No review with all four checks in the last 12 months"
    if not (course.found_current and course.was_found_current):
        return "Found not current"
    return "To be reviewed: there is newer learning"


@dataclass
class SchoolRow:
    """One school with what priority 11 asks."""

    organisation: Organisation
    leads: int
    trained: int
    whole_school_until: date | None
    missing: list[str] = field(default_factory=list)

    @property
    def is_counted(self) -> bool:
        return not self.missing

    @property
    def kind(self) -> str:
        return self.organisation.get_kind_display()


def schools_up_to_date(period: Period, indicator: Indicator) -> Rows:
    """11C: active schools with every lead and deputy trained in 24 months, and whole-school training in date."""
    listed = Organisation.objects.filter(is_active=True, kind__in=Organisation.SCHOOLS)
    rows = [_school(at, period.as_at) for at in schools.standings(list(listed), today=period.as_at)]
    columns = (
        ("School or college", lambda row: row.organisation.name),
        ("Kind", lambda row: row.kind),
        ("Leads and deputies", lambda row: row.leads),
        ("Trained in 24 months", lambda row: row.trained),
        ("All staff in date until", lambda row: row.whole_school_until or ""),
        ("What is missing", lambda row: " ".join(row.missing)),
    )
    return Rows("school", rows, columns, filters={"kind": ("Kind", "kind")})


def _school(at: schools.Standing, today: date) -> SchoolRow:
    recent = [holder for holder in at.holders if holder.training and holder.training.on > today - LEAD_TRAINING_LASTS]
    missing = [] if at.leads else ["No Designated Safeguarding Lead is named."]
    if len(recent) < len(at.holders):
        missing.append("A lead or deputy was not trained in the last 24 months.")
    if at.whole_school is None or at.whole_school.has_expired(today):
        missing.append("Training of all staff is missing or ran out.")
    until = at.whole_school.until if at.whole_school else None
    return SchoolRow(at.organisation, len(at.holders), len(recent), until, missing)


def _single_agency(period: Period):
    return SingleAgencyTraining.objects.filter(held_on__gte=period.starts_on, held_on__lte=period.as_at)


def _words(value: bool | None) -> str:
    return {True: "Yes", False: "No", None: "Not said"}[value]


SINGLE = (
    ("Course", lambda row: row.title),
    ("Organisation", lambda row: row.organisation.name),
    ("Last held", lambda row: row.held_on),
)
SINGLE_FILTERS = {"sector": ("Sector", "organisation__sector__reporting_sector")}


def confirmed_core_messages(period: Period, indicator: Indicator) -> Rows:
    """12B: single-agency courses of the year that use the core messages and meet the standards."""
    rows = _single_agency(period).annotate(is_counted=yes(Q(uses_core_messages=True, meets_standards=True)))
    columns = (
        *SINGLE,
        ("Uses the core messages", lambda row: _words(row.uses_core_messages)),
        ("Meets the standards", lambda row: _words(row.meets_standards)),
    )
    return Rows(
        "course", rows, columns, dated="held_on", filters=SINGLE_FILTERS, order=("title", "pk"),
        for_page=lambda items: items.select_related("organisation"),
    )  # fmt: skip


def _reviews(period: Period):
    return QualityReview.objects.filter(
        reviewed_on__gte=period.starts_on, reviewed_on__lte=period.as_at, standard_set__agreed_on__lte=period.as_at
    ).order_by("-reviewed_on")


def courses_reviewed(period: Period, indicator: Indicator) -> Rows:
    """15A: courses that ran this year, reviewed in it against the agreed standards."""
    reviews = _reviews(period).filter(course=OuterRef("pk"))
    ran = Exists(delivered(period).filter(course=OuterRef("pk")))
    courses = Course.objects.filter(Q(ran) | _took_place_online(period))
    courses = courses.annotate(
        reviewed_on=Subquery(reviews.values("reviewed_on")[:1]), met=Subquery(reviews.values("meets_standards")[:1])
    )
    columns = (
        ("Course", lambda row: row.title),
        ("Programme", lambda row: row.get_programme_display()),
        ("Reviewed against the standards", lambda row: row.reviewed_on or ""),
        ("Meets them", lambda row: _words(row.met) if row.reviewed_on else ""),
    )
    courses = courses.annotate(is_counted=yes(Q(reviewed_on__isnull=False)))
    return Rows("course", courses, columns, filters=COURSE_FILTERS, order=("title",))


def single_agency_reviewed(period: Period, indicator: Indicator) -> Rows:
    """15B: single-agency courses of the year, reviewed in it against the agreed standards."""
    reviews = _reviews(period).filter(single_agency=OuterRef("pk"))
    rows = _single_agency(period).annotate(reviewed_on=Subquery(reviews.values("reviewed_on")[:1]))
    columns = (*SINGLE, ("Reviewed against the standards", lambda row: row.reviewed_on or ""))
    return Rows(
        "course", rows.annotate(is_counted=yes(Q(reviewed_on__isnull=False))), columns, dated="held_on",
        filters=SINGLE_FILTERS, order=("title", "pk"), for_page=lambda items: items.select_related("organisation"),
    )  # fmt: skip


def no_standards(period: Period) -> str:
    """Return why priority 15 is not met whatever was reviewed: no set of standards is agreed yet."""
    if StandardSet.objects.of_kind(StandardSet.Kind.STANDARDS).agreed(on=period.as_at).exists():
        return ""
    return "No set of quality standards is agreed."


DEFINITIONS = [
    Definition("6A", reviewed_content),
    Definition("11C", schools_up_to_date),
    Definition("12B", confirmed_core_messages, near=Status.AT_RISK),
    Definition("15A", courses_reviewed, override=no_standards),
    Definition("15B", single_agency_reviewed, override=no_standards),
]
