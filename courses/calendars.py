"""Calendar entries (.ics) of events."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from icalendar import Calendar, vCalAddress
from icalendar import Event as Entry

from courses.models import Event


def calendar(entries: Iterable[Entry], *, method: str = "PUBLISH") -> str:
    """Return the text of an .ics file with these entries; `method` is PUBLISH, REQUEST or CANCEL."""
    result = Calendar()
    result.add("prodid", f"-//{settings.BOARD_SHORT_NAME}//Training//EN")
    result.add("version", "2.0")
    result.add("method", method)
    for entry in entries:
        result.add_component(entry)
    return result.to_ical().decode()


def event_entries(event: Event, *, uid: str, stamp: datetime, sequence: int = 0, attendee=None, cancelled=False):
    """Return one calendar entry a session, in UTC, so that a clock change can't move it.

    `uid` names the event or the booking and stays the same for life; `sequence` grows with each change.
    `attendee` is the person whom an invitation is for: they alone get the link by which a virtual classroom is joined.
    """
    sessions = list(event.sessions.all())
    for number, session in enumerate(sessions, start=1):
        entry = Entry()
        entry.add("uid", f"{uid}-{number}@{settings.CONTACT_EMAIL.partition('@')[2]}")
        entry.add("sequence", sequence)
        entry.add("dtstamp", stamp)
        entry.add("dtstart", session.starts_at)
        entry.add("dtend", session.ends_at)
        part = f" (session {number} of {len(sessions)})" if len(sessions) > 1 else ""
        entry.add("summary", f"{event.course.title}{part}")
        entry.add("location", location(event))
        entry.add("url", settings.BASE_URL + event.get_absolute_url())
        join = f"\nJoin at {event.joining_link}" if attendee and event.joining_link and not cancelled else ""
        entry.add("description", f"{settings.SERVICE_NAME}, event {event.reference}{join}")
        entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
        if attendee and attendee.message_email:
            _invite(entry, attendee)
        yield entry


def location(event: Event) -> str:
    """Return where the event is, on one line."""
    venue = event.venue
    return f"{venue.name}, {venue.address}, {venue.postcode}" if venue else "Online"


def _invite(entry: Entry, person) -> None:
    organiser = vCalAddress(f"mailto:{settings.CONTACT_EMAIL}")
    organiser.params["cn"] = settings.SERVICE_NAME
    attendee = vCalAddress(f"mailto:{person.message_email}")
    attendee.params["cn"] = str(person)
    attendee.params["partstat"] = "ACCEPTED"
    entry.add("organizer", organiser, encode=0)
    entry.add("attendee", attendee, encode=0)
