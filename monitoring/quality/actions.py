"""Writes of quality: reviews and observations, versions of the standards, single-agency training, comments."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import Organisation, User
from courses.models import Course, Event
from monitoring.actions import Refused
from monitoring.models import (
    Consultation,
    Learning,
    QualityReview,
    QualityStandard,
    ReviewAnswer,
    SelfAssessment,
    SingleAgencyTraining,
    StandardSet,
    TrainingComment,
)
from monitoring.quality import emails
from monitoring.quality.due import CHECKS
from monitoring.quality.rules import verdict
from wscb_training.wording import local_date

Answers = dict[QualityStandard, tuple[str, str]]  # statement: (answer, note)


@transaction.atomic
def record_review(
    *,
    by: User,
    reviewed_on: date,
    reviewer: str,
    course: Course | None = None,
    single_agency: SingleAgencyTraining | None = None,
    event: Event | None = None,
    checks: list[str] = (),
    found_current: bool = False,
    standards: StandardSet | None = None,
    answers: Answers | None = None,
    notes: str = "",
) -> QualityReview:
    """Record the review of a course, of a single-agency course, or the observation of an event; return it.

    `checks` are of §6.6: names in `due.CHECKS`. Whether it meets the standards follows from the answers. A review
    with all checks that found the content current dates the course's materials.
    """
    answers = answers or {}
    review = QualityReview(
        course=event.course if event else course, single_agency=single_agency, event=event, reviewed_on=reviewed_on,
        reviewer=reviewer.strip(), found_current=found_current, standard_set=standards if answers else None,
        meets_standards=verdict(answer for answer, _ in answers.values()), notes=notes.strip(), recorded_by=by,
        **{name: name in checks for name in CHECKS},
    )  # fmt: skip
    review._history_user = by
    review.save()
    ReviewAnswer.objects.bulk_create(
        ReviewAnswer(review=review, standard=standard, answer=answer, note=note.strip())
        for standard, (answer, note) in answers.items()
    )
    _date_materials(review, by)
    return review


@transaction.atomic
def correct_review(*, review: QualityReview, by: User) -> QualityReview:
    """Save a review as T&D corrected it, or wrote it down later. What follows from its answers: `settle_review`."""
    return _write_down(review, by)


@transaction.atomic
def settle_review(*, review: QualityReview, by: User) -> QualityReview:
    """Work out what follows from a corrected review: its verdict, where it has answers, and the materials' date."""
    if answers := list(review.answers.values_list("answer", flat=True)):
        found = verdict(answers)
        if found != review.meets_standards:
            review.meets_standards = found
            review._history_user = by
            review.save()
    _date_materials(review, by)
    return review


@transaction.atomic
def record_learning(*, learning: Learning, by: User) -> Learning:
    """Save new learning, or a correction of it: from its date on the courses of its subjects are to be reviewed."""
    learning._history_user = by
    learning.save()
    return learning


@transaction.atomic
def record_consultation(*, consultation: Consultation, by: User) -> Consultation:
    """Save a consultation of service users, or a correction of it (§12)."""
    return _write_down(consultation, by)


def _write_down(what: QualityReview | Consultation, by: User) -> QualityReview | Consultation:
    """Save what somebody recorded, or corrected: who did it first stands on it, who did it now in the history."""
    if what.pk is None:
        what.recorded_by = by
    what._history_user = by
    what.save()
    return what


def _date_materials(review: QualityReview, by: User) -> None:
    """Date the course's materials by a review, not an observation, whose checks all found them current (§6.6)."""
    all_checked = review.found_current and all(getattr(review, name) for name in CHECKS)
    if not review.course_id or review.event_id or not all_checked:
        return
    course = Course.objects.select_for_update().get(pk=review.course_id)
    if course.materials_reviewed_on and course.materials_reviewed_on > review.reviewed_on:
        return
    course.materials_reviewed_on, course.materials_reviewed_by = review.reviewed_on, review.reviewer
    course._history_user = by
    course.save(update_fields=["materials_reviewed_on", "materials_reviewed_by"])


@transaction.atomic
def new_version(*, of: StandardSet, version: str, by: User) -> StandardSet:
    """Make a draft with the same statements under a new version; return it. Raises Refused where the name is taken."""
    if StandardSet.objects.filter(kind=of.kind, version=version).exists():
        raise Refused("There is a version of this name already.")
    made = StandardSet(kind=of.kind, version=version, introduction=of.introduction)
    made._history_user = by
    made.save()
    QualityStandard.objects.bulk_create(
        QualityStandard(standard_set=made, position=each.position, text=each.text) for each in of.standards.all()
    )
    return made


def next_version(of: StandardSet) -> str:
    """Return a name for the next version: "2.0" after "1.0" or "1.4"."""
    numbers = [
        int(name.partition(".")[0])
        for name in StandardSet.objects.of_kind(of.kind).values_list("version", flat=True)
        if name.partition(".")[0].isdecimal()
    ]
    return f"{max(numbers, default=0) + 1}.0"


@transaction.atomic
def record_own_training(
    *, organisation: Organisation, by: User, training: SingleAgencyTraining | None = None, contents=(), **fields
) -> SingleAgencyTraining:
    """Add an organisation's own course or change one; return it. `fields` are the model's own."""
    training = training or SingleAgencyTraining(organisation=organisation)
    if training.pk is None:
        training.recorded_by = by
    training.organisation = organisation
    for name, value in fields.items():
        setattr(training, name, value.strip() if isinstance(value, str) else value)
    training._history_user = by
    training.save()
    training.contents.set(contents)
    return training


@transaction.atomic
def assess_own_training(
    *, training: SingleAgencyTraining, by: User, now: datetime, answers: Answers
) -> SingleAgencyTraining:
    """Keep how the organisation judges its own course by the statements in force; return it.

    What it said before is replaced. Whether it uses the core messages and meets the standards follows.
    """
    training = SingleAgencyTraining.objects.select_for_update().get(pk=training.pk)
    training.self_assessment.all().delete()
    SelfAssessment.objects.bulk_create(
        SelfAssessment(training=training, standard=standard, answer=answer, note=note.strip())
        for standard, (answer, note) in answers.items()
    )
    kinds = StandardSet.Kind
    training.uses_core_messages = _verdict_of(answers, kinds.CORE_MESSAGES)
    training.meets_standards = _verdict_of(answers, kinds.STANDARDS)
    training.assessed_on = local_date(now)
    training._history_user = by
    training.save()
    return training


def _verdict_of(answers: Answers, kind: str) -> bool | None:
    return verdict(answer for standard, (answer, _) in answers.items() if standard.standard_set.kind == kind)


@transaction.atomic
def comment(*, training: SingleAgencyTraining, by: User, now: datetime, text: str) -> TrainingComment:
    """Say something about an organisation's own course; its CPD leads are told by email."""
    made = TrainingComment.objects.create(training=training, text=text.strip(), made_by=by, made_at=now)
    emails.commented(made)
    return made
