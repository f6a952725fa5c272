"""Double bookings of a venue or trainer (edge case 29): what clashes, and what T&D's reason was given for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from courses.models import Event, Trainer, Venue

SAY_WHY = "If it is meant so, say why in “Double booked: the reason”."
SAY_WHY_AGAIN = (
    "The reason in “Double booked: the reason” was given for another clash: if this is meant too, change it."
)


@dataclass(frozen=True)
class Clash:
    """A venue or trainer that another event has at the time: `key` tells it from any other, `words` are for people."""

    key: str
    words: str


def clashes(
    sessions: Iterable[tuple[datetime, datetime]], *, venue: Venue | None, trainers: Iterable[Trainer], without: Event
) -> list[Clash]:
    """Return whose time sessions (start, end) overlap that need not be saved yet: the venue's and the trainers'."""
    others = Event.objects.overlapping(sessions).exclude(pk=without.pk).select_related("course")
    found = []
    if venue:
        found += [
            Clash(f"venue {venue.pk} event {other.pk}", f"{venue} is taken by {other} at that time.")
            for other in others.filter(venue=venue)
        ]
    for trainer in trainers:
        found += [
            Clash(f"trainer {trainer.pk} event {other.pk}", f"{trainer} trains at {other} at that time.")
            for other in others.filter(trainers=trainer)
        ]
    return found


def clashes_of(event: Event) -> list[Clash]:
    """Return whose time the event overlaps, as it is saved."""
    sessions = list(event.sessions.values_list("starts_at", "ends_at"))
    return clashes(sessions, venue=event.venue, trainers=event.trainers.all(), without=event)


def without_reason(event: Event, found: Iterable[Clash]) -> list[str]:
    """Return the clashes, in words, that the event's reason was not given for; one just written is for all."""
    reason, given = event.double_booking_reason, event.double_booking_given
    if reason and reason != given.get("reason"):
        return []
    known = set(given.get("for", [])) if reason else ()
    return [clash.words for clash in found if clash.key not in known]


def say_why(event: Event) -> str:
    """Return what T&D can do about a clash without a reason."""
    return SAY_WHY_AGAIN if event.double_booking_reason else SAY_WHY


def tie_reason(event: Event) -> None:
    """Tie a reason just written to what clashes now, so that a later clash asks again; whoever calls this saves."""
    if event.double_booking_reason != event.double_booking_given.get("reason", ""):
        keys = sorted(clash.key for clash in clashes_of(event)) if event.double_booking_reason else []
        event.double_booking_given = {"reason": event.double_booking_reason, "for": keys}
