"""The register: marks, closing it, and the training record that follows (§6, "attended")."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import User
from bookings import rules
from bookings.actions.places import Refused, lock_event
from bookings.actions.trainers import keep_pool
from bookings.models import Attendance, Booking, TrainingRecord
from courses.models import Course, Event, Session
from wscb_training.wording import local_date

Cell = tuple[int, int]  # booking id, session id


@transaction.atomic
def mark_attendance(
    *, event: Event, marks: Mapping[Cell, str], seen: Mapping[Cell, str], by: User, now: datetime
) -> dict[Cell, str]:
    """Write the register's marks; an empty mark removes one. Return the cells that somebody else changed meanwhile.

    `seen` holds the marks that the trainer had before them: where the register says otherwise by now, the cell is
    left as it is and returned with what it says, so that two trainers never overwrite each other silently.
    A cell whose session has not started is refused (Refused). Only confirmed people are on the register.
    """
    event = lock_event(event.pk)
    bookings = {booking.pk: booking for booking in event.bookings.confirmed().select_related("person")}
    sessions = {session.pk: session for session in event.sessions.all()}
    present = {
        (attendance.booking_id, attendance.session_id): attendance
        for attendance in Attendance.objects.filter(booking__event=event)
    }
    conflicts = {}
    for (booking_id, session_id), mark in marks.items():
        if booking_id not in bookings or session_id not in sessions:
            continue
        cell, attendance = (booking_id, session_id), present.get((booking_id, session_id))
        stands = attendance.mark if attendance else ""
        if stands == mark:
            continue
        if stands != seen.get(cell, "") and not (attendance and attendance.is_self_check_in):
            conflicts[cell] = stands
            continue
        if sentence := rules.mark_refusal(starts_at=sessions[session_id].starts_at, now=now):
            raise Refused(sentence)
        _write_mark(bookings[booking_id], sessions[session_id], attendance, mark, by=by, now=now)
    if event.register_closed_at:
        for booking_id in {booking_id for booking_id, _ in marks} & bookings.keys():
            settle_record(bookings[booking_id], event=event, by=by, now=now)
    return conflicts


def _write_mark(booking: Booking, session: Session, attendance: Attendance | None, mark: str, *, by, now) -> None:
    if not mark:
        attendance._history_user = by
        attendance.delete()
        return
    attendance = attendance or Attendance(booking=booking, session=session)
    attendance.mark, attendance.marked_by, attendance.marked_at = mark, by, now
    attendance.is_self_check_in = False
    attendance._history_user = by
    attendance.save()


@transaction.atomic
def check_in(*, booking: Booking, session: Session, by: User, now: datetime) -> Attendance:
    """Mark somebody present at a session by themselves (QR in the room). A trainer's mark stands. Raises Refused."""
    lock_event(booking.event_id)
    booking.refresh_from_db(fields=["status"])
    if not booking.is_confirmed:
        raise Refused("Only people with a confirmed place can check in. Talk to the trainer.")
    if sentence := rules.check_in_refusal(starts_at=session.starts_at, now=now):
        raise Refused(sentence)
    attendance, _ = Attendance.objects.get_or_create(
        booking=booking,
        session=session,
        defaults={
            "mark": Attendance.Mark.ATTENDED,
            "marked_by": by,
            "marked_at": now,
            "is_self_check_in": True,
        },
    )
    return attendance


@transaction.atomic
def close_register(*, event: Event, by: User | None, now: datetime, marks: Mapping[Cell, str] | None = None) -> Event:
    """Close the register of an event that is over: the training records follow. Safe to repeat.

    `marks` answers what was asked about those not marked yet; marks made meanwhile stand.
    Raises Refused while a session is still to come, or marks are missing: the sentence says how many.
    """
    event = lock_event(event.pk)
    if event.register_closed_at:
        return event
    if sentence := rules.close_refusal(event, now=now):
        raise Refused(sentence)
    if marks:
        mark_attendance(event=event, marks=marks, seen={}, by=by, now=now)
    bookings = list(event.bookings.confirmed().select_related("person").prefetch_related("attendances"))
    sessions = event.sessions.count()
    unmarked = sum(len(booking.attendances.all()) < sessions for booking in bookings)
    if unmarked:
        people = "1 person is" if unmarked == 1 else f"{unmarked} people are"
        raise Refused(f"{people} not marked for every session. Mark them before you close the register.")
    event.register_closed_at, event.register_closed_by = now, by
    event.status = Event.Status.COMPLETED
    event._history_user = by
    event.save()
    for booking in bookings:
        settle_record(booking, event=event, by=by, now=now)
    return event


def settle_record(booking: Booking, *, event: Event, by: User | None, now: datetime) -> None:
    """Write the training record of who completed, once; withdraw it when a mark was corrected, and give it back."""
    marks = list(booking.attendances.values_list("mark", flat=True))
    completed = rules.has_completed(marks=marks, sessions=event.sessions.count())
    status = TrainingRecord.Status.COUNTED if completed else TrainingRecord.Status.WITHDRAWN
    record = TrainingRecord.objects.filter(booking=booking).first()
    if record is None and not completed:
        return
    if record is None:
        record = TrainingRecord(
            person=booking.person,
            course=event.course,
            booking=booking,
            source=TrainingRecord.Source.EVENT,
            completed_on=local_date(event.ends_at),
        )
    elif record.status == status:
        return
    record.status = status
    record._history_user = by
    record.save()
    if completed:  # were they absent after all, their CPD lead would hear of it again
        Booking.objects.filter(pk=booking.pk).update(missed_told_at=None)
    if event.course.duty == Course.Duty.TRAIN_THE_TRAINER:
        keep_pool(person=booking.person)
