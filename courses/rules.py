"""Places of an event (§6.9) and what an event needs before it is published: pure decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal

from django.utils import timezone

from wscb_training.wording import clock, count, day, local_date

CLEAR_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # for codes: none that is read as another


@dataclass(frozen=True)
class Places:
    """The places of an event as they stand: counts of people."""

    capacity: int
    kept: int  # for the voluntary sector; 0 once released
    held_vcs: int
    held_other: int
    waiting: int = 0

    @property
    def left(self) -> int:
        """Places that nobody holds."""
        return max(0, self.capacity - self.held_vcs - self.held_other)

    @property
    def left_for_others(self) -> int:
        """Places that somebody outside the voluntary sector may take."""
        return max(0, min(self.left, self.capacity - self.kept - self.held_other))

    @property
    def left_for_vcs_only(self) -> int:
        """Places left that are kept for the voluntary sector."""
        return self.left - self.left_for_others

    def left_for(self, *, is_vcs: bool) -> int:
        """Places that somebody of that side may take."""
        return self.left if is_vcs else self.left_for_others


def vcs_quota(*, capacity: int, share: Decimal) -> int:
    """Return how many of `capacity` places are kept for the Voluntary and Community Sector (§6.9).

    `share` is a fraction (0.1 is 10%). Rounded up, and never less than 1 while there is a place at all.
    """
    if capacity < 1:
        return 0
    return min(capacity, max(1, int((capacity * share).to_integral_value(rounding=ROUND_CEILING))))


def effective_share(*, event_share: Decimal | None, policy_share: Decimal) -> Decimal:
    """Return the share an event keeps: its own where it is more than the policy's, else the policy's."""
    return policy_share if event_share is None else max(event_share, policy_share)


def release_moment(*, starts_at: datetime, release_days: int) -> datetime:
    """Return when kept places are released by default: the beginning of the London day, `release_days` before."""
    day = local_date(starts_at) - timedelta(days=release_days)
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def places_in_words(places: Places) -> str:
    """Return "6 places", "2 places for voluntary sector", "Full", "Full, 4 waiting"."""
    if places.left_for_others and not places.waiting:
        return count(places.left_for_others, "place")
    if places.left_for_vcs_only:
        return f"{count(places.left_for_vcs_only, 'place')} for voluntary sector"
    return f"Full, {places.waiting} waiting" if places.waiting else "Full"


def missing_to_publish(
    *,
    has_session: bool,
    has_place: bool,
    has_trainer: bool,
    capacity: int | None,
    starts_at: datetime | None,
    now: datetime,
) -> list[str]:
    """Return what an event lacks before it can be published, each as a person would say it; empty when ready."""
    missing = []
    if not has_session:
        missing.append("a session with its date and times")
    elif starts_at and starts_at <= now:
        missing.append("a first session that is still to come")
    if not has_place:
        missing.append("a venue, or a joining link for a virtual classroom")
    if not has_trainer:
        missing.append("a trainer")
    if not capacity:
        missing.append("a capacity of 1 or more")
    return missing


def interest_refusal(*, is_online_learning: bool, has_open_event: bool) -> str | None:
    """Return why nobody registers interest in a course now, or None: it is for courses without an open event."""
    if is_online_learning:
        return "This course is online: start it whenever you like."
    if has_open_event:
        return "There are dates for this course: book one of them, or join its waiting list."
    return None


@dataclass(frozen=True)
class Outline:
    """When and where an event is: what people booked must be told about when it changes."""

    sessions: tuple[tuple[datetime, datetime], ...]
    place: str
    joining_link: str = ""


def changes_in_words(before: Outline, after: Outline) -> list[str]:
    """Return what changed between two outlines of an event, a sentence each, naming only what changed."""
    words, number = [], max(len(before.sessions), len(after.sessions))
    for at in range(number):
        old = before.sessions[at] if at < len(before.sessions) else None
        new = after.sessions[at] if at < len(after.sessions) else None
        if old == new:
            continue
        name = f"Session {at + 1}" if number > 1 else "The event"
        if new is None:
            words.append(f"{name} on {day(old[0])} is dropped.")
        elif old is None:
            words.append(f"{name} is added: {_span(new)}.")
        else:
            words.append(f"{name} is now {_span(new)}. It was {_span(old)}.")
    if before.place != after.place:
        words.append(f"The place is now: {after.place}. It was: {before.place}.")
    if before.joining_link != after.joining_link and after.joining_link:
        words.append(f"The joining link is now {after.joining_link}")
    return words


def _span(session: tuple[datetime, datetime]) -> str:
    return f"{day(session[0])}, {clock(session[0])} to {clock(session[1])}"


def trainer_refusal(
    *,
    name: str,
    kind: str,
    is_active: bool,
    trained: bool,
    is_multi_agency: bool,
    specialist_subjects: Sequence[str],
    expertise: Sequence[str],
) -> str | None:
    """Return why a trainer can't be put on an event, or None: the gate of §5.

    `trained`: whether an internal trainer has completed a train-the-trainer programme. The others bring recorded
    expertise for a specialist subject of the course, where it has any.
    """
    if not is_active:
        return f"{name} is not in the pool of trainers any more."
    if kind == "internal":
        if is_multi_agency and not trained:
            return (
                f"{name} is an internal trainer without a completed train-the-trainer programme, so can't be put on a "
                "multi-agency event. Record the programme on their page, or have them complete Training the Trainers."
            )
        return None
    if specialist_subjects and not set(specialist_subjects) & set(expertise):
        return f"{name} has no recorded expertise in {' or '.join(specialist_subjects)}. Record it on their page first."
    return None
