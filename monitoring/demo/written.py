"""Events that are over, who booked and who came: collected, then written in bulk as the site's actions leave them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Model
from simple_history.utils import bulk_create_with_history

from accounts.models import Organisation, Policy, Sector, User
from bookings.models import Attendance, Booking, TrainingRecord
from bookings.rules import has_completed
from courses import rules
from courses.models import Event, Session, Trainer
from wscb_training.wording import local_date

Times = Sequence[tuple[datetime, datetime]]
Marks = Sequence[tuple[Session, str]]  # one a session


@dataclass
class Written:
    """What `write` writes. Rows may refer to one another before they have keys."""

    events: list[Event] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    trainers: list[tuple[Event, Trainer]] = field(default_factory=list)
    sectors: list[tuple[Event, Sector]] = field(default_factory=list)
    organisations: list[tuple[Event, Organisation]] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)
    asked: list[tuple[Booking, Booking]] = field(default_factory=list)  # served later, and what it was when asked for
    attendances: list[Attendance] = field(default_factory=list)
    records: list[TrainingRecord] = field(default_factory=list)

    def add_event(
        self, *, times: Times, policy: Policy, trainers: Iterable[Trainer], sectors: Iterable[Sector] = (),
        organisations: Iterable[Organisation] = (), **fields,
    ) -> Event:  # fmt: skip
        """Add an event with its span, quota and release date worked out (§6.9); `fields` are the model's own."""
        share = rules.effective_share(event_share=fields.get("vcs_share"), policy_share=policy.vcs_share)
        starts_at = times[0][0]
        event = Event(
            starts_at=starts_at, ends_at=times[-1][1],
            vcs_places=rules.vcs_quota(capacity=fields["capacity"], share=share),
            release_at=rules.release_moment(starts_at=starts_at, release_days=policy.release_days), **fields,
        )  # fmt: skip
        self.events.append(event)
        self.sessions += [Session(event=event, starts_at=start, ends_at=end) for start, end in times]
        self.trainers += [(event, trainer) for trainer in trainers]
        self.sectors += [(event, sector) for sector in sectors]
        self.organisations += [(event, organisation) for organisation in organisations]
        return event

    def mark(self, booking: Booking, marks: Marks, *, by: User | None, at: datetime, closed: bool) -> bool:
        """Add the marks of a confirmed booking and, where the register is closed, the record (§6).

        Return whether the person has completed by them.
        """
        rows: list[Model] = [
            Attendance(booking=booking, session=session, mark=mark, marked_by=by, marked_at=at)
            for session, mark in marks
        ]
        self.attendances += rows
        completed = closed and has_completed(marks=[mark for _, mark in marks], sessions=len(marks))
        if completed:
            record = TrainingRecord(
                person=booking.person, course=booking.event.course, booking=booking,
                completed_on=local_date(booking.event.ends_at), source=TrainingRecord.Source.EVENT,
            )  # fmt: skip
            self.records.append(record)
            rows.append(record)
        for row in rows:
            row._history_user = by
        return completed

    def write(self) -> None:
        """Write all that was added, with its history, and begin anew."""
        _create(Event, self.events)
        _create(Session, self.sessions)
        _relate("trainer", self.trainers)
        _relate("sector", self.sectors)
        _relate("organisation", self.organisations)
        self._write_bookings()
        _create(Attendance, self.attendances)
        _create(TrainingRecord, self.records)
        self.__init__()

    def _write_bookings(self) -> None:
        Booking.objects.bulk_create(self.bookings)
        before = {id(booking): was for booking, was in self.asked}
        for booking, was in self.asked:
            was.pk = booking.pk
        first = [before.get(id(booking), booking) for booking in self.bookings]
        for rows, later in ((first, False), ([booking for booking, _ in self.asked], True)):
            Booking.history.bulk_history_create(rows, update=later, default_change_reason=None)


def _create(model: type[Model], rows: list) -> None:
    if rows:
        bulk_create_with_history(rows, model)


def _relate(name: str, pairs: list[tuple]) -> None:
    through = getattr(Event, f"{name}s").through
    through.objects.bulk_create(through(event=event, **{name: other}) for event, other in pairs)
