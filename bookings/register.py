"""The register of an event as pages and paper show it: who is booked, by sessions, with their marks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bookings import rules
from bookings.models import Attendance, Booking
from courses.models import Event, Session


@dataclass(frozen=True)
class Cell:
    """One person at one session; `attendance` is None while unmarked."""

    session: Session
    attendance: Attendance | None

    @property
    def mark(self) -> str:
        """The value of the mark, or ""."""
        return self.attendance.mark if self.attendance else ""


@dataclass(frozen=True)
class Row:
    """One booked person with a cell for each session."""

    booking: Booking
    cells: list[Cell]


@dataclass(frozen=True)
class Register:
    """An event's confirmed people by name, and its sessions by time."""

    event: Event
    sessions: list[Session]
    rows: list[Row]

    @property
    def unmarked(self) -> list[tuple[Booking, Session]]:
        """The people and sessions that have no mark yet."""
        return [(row.booking, cell.session) for row in self.rows for cell in row.cells if not cell.mark]

    @property
    def with_needs(self) -> list[Booking]:
        """The people who told of access or dietary needs."""
        return [row.booking for row in self.rows if row.booking.access_needs or row.booking.dietary_needs]

    def of_session(self, session: Session) -> list[tuple[Booking, Cell]]:
        """Return each person with their cell of one session."""
        index = self.sessions.index(session)
        return [(row.booking, row.cells[index]) for row in self.rows]

    def count(self, session: Session) -> tuple[int, int]:
        """Return how many are present at a session (who came late too) and how many are marked."""
        marks = [cell.mark for _, cell in self.of_session(session)]
        return sum(mark in rules.PRESENT or mark == "left_early" for mark in marks), sum(map(bool, marks))


def registers_of(events: Iterable[Event]) -> list[Register]:
    """Return the registers of events, in their order, with three questions to the database however many they are."""
    events = list(events)
    sessions, bookings, marks = _by_event(events)
    return [
        Register(
            event=event,
            sessions=sessions[event.pk],
            rows=[
                Row(booking, [Cell(session, marks.get((booking.pk, session.pk))) for session in sessions[event.pk]])
                for booking in bookings[event.pk]
            ],
        )
        for event in events
    ]


def register_of(event: Event) -> Register:
    """Return the register of one event."""
    return registers_of([event])[0]


def _by_event(events: list[Event]):
    sessions, bookings = {event.pk: [] for event in events}, {event.pk: [] for event in events}
    for session in Session.objects.filter(event__in=events).order_by("starts_at"):
        sessions[session.event_id].append(session)
    people = Booking.objects.filter(event__in=events).confirmed().select_related("person", "organisation")
    for booking in people.order_by("person__full_name", "pk"):
        bookings[booking.event_id].append(booking)
    found = Attendance.objects.filter(booking__event__in=events).select_related("marked_by")
    return sessions, bookings, {(mark.booking_id, mark.session_id): mark for mark in found}


def session_now(sessions: list[Session], *, now: datetime) -> Session:
    """Return the session that the trainer is at: the last whose check-in has opened, else the first."""
    begun = [session for session in sessions if session.starts_at + rules.CHECK_IN_OPENS <= now]
    return begun[-1] if begun else sessions[0]
