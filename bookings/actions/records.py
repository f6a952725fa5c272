"""Training taken elsewhere and online: it counts once a CPD lead or T&D has verified it (§8)."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from bookings import emails, rules
from bookings.actions.places import Refused
from bookings.models import OnlineStart, TrainingRecord
from courses.models import Course
from wscb_training.files import delete_after_commit


@transaction.atomic
def verify_record(*, record: TrainingRecord, by: User, now: datetime) -> TrainingRecord:
    """Let training taken elsewhere count, and tell the person.

    Raises Refused when it was decided before, or when the person themselves would decide.
    """
    return _decide(record, TrainingRecord.Status.COUNTED, by=by, now=now)


@transaction.atomic
def refuse_record(*, record: TrainingRecord, by: User, now: datetime, reason: str) -> TrainingRecord:
    """Do not accept training taken elsewhere, with a reason that the person is told. Raises Refused as above."""
    return _decide(record, TrainingRecord.Status.REFUSED, by=by, now=now, reason=reason.strip())


def _decide(record: TrainingRecord, status: str, *, by: User, now: datetime, reason: str = "") -> TrainingRecord:
    locked = TrainingRecord.objects.select_for_update(of=("self",)).select_related("person__coordinator")
    record = locked.get(pk=record.pk)
    if record.status != TrainingRecord.Status.TO_VERIFY:
        raise Refused(f"Somebody has decided this already: {record.get_status_display().lower()}.")
    if record.person_id == by.pk:
        raise Refused("Somebody else has to verify your own training.")
    record.status, record.decided_at, record.decided_by = status, now, by
    record.decision_reason = reason
    record._history_user = by
    record.save()
    emails.record_decided(record)
    return record


@transaction.atomic
def add_training(
    *,
    person: User,
    by: User,
    completed_on: date,
    evidence,
    course: Course | None = None,
    title: str = "",
    provider: str = "",
    contents=(),
) -> TrainingRecord:
    """Write down training taken elsewhere, or online learning with its certificate; it counts once verified (§8).

    `evidence` is the uploaded file, checked by the form. Where nobody can verify it but T&D (a childminder), T&D does.
    Raises Refused while too many of the person's wait.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if refusal := rules.adding_refusal(waiting=person.training_records.to_verify().count()):
        raise Refused(refusal)
    record = TrainingRecord(
        person=person,
        course=course,
        source=TrainingRecord.Source.ONLINE if course else TrainingRecord.Source.ELSEWHERE,
        status=TrainingRecord.Status.TO_VERIFY,
        title="" if course else title.strip(),
        provider=provider.strip(),
        completed_on=completed_on,
        evidence=evidence,
    )
    record._history_user = by
    record.save()
    record.contents.set(contents)
    return record


@transaction.atomic
def withdraw_training(*, record: TrainingRecord, by: User) -> None:
    """Take back training that was added and is not verified yet, with its file. Raises Refused when it was decided."""
    record = TrainingRecord.objects.select_for_update(of=("self",)).get(pk=record.pk)
    if record.status != TrainingRecord.Status.TO_VERIFY:
        raise Refused("This has been decided, so it can't be taken back.")
    delete_after_commit(record.evidence)
    record.status, record.evidence = TrainingRecord.Status.WITHDRAWN, ""
    record._history_user = by
    record.save()


@transaction.atomic
def start_online(*, course: Course, person: User, now: datetime) -> OnlineStart:
    """Note that a person starts an online course, with their organisation, sector and group of now (§6.3)."""
    organisation = person.organisation
    return OnlineStart.objects.create(
        course=course,
        person=person,
        started_at=now,
        organisation=organisation,
        sector=organisation.sector if organisation else None,
        group=person.group,
    )


@transaction.atomic
def import_completions(*, rows: list[tuple[User, Course, date]], by: User) -> int:
    """Write the provider's completions of online learning but what counts already; return how many are new.

    What the person sent in for the same course and day counts then, whatever became of it: the provider knows.
    """
    new = 0
    for person, course, completed_on in rows:
        same = TrainingRecord.objects.filter(
            person=person, course=course, completed_on=completed_on, source=TrainingRecord.Source.ONLINE
        )
        record = same.counted().first() or same.order_by("pk").first()
        if record and record.counts:
            continue
        record = record or TrainingRecord(
            person=person,
            course=course,
            completed_on=completed_on,
            source=TrainingRecord.Source.ONLINE,
            provider="Imported from the provider",
        )
        record.status = TrainingRecord.Status.COUNTED
        record._history_user = by
        record.save()
        new += 1
    return new
