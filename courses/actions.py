"""Writes of the catalogue: an event's times and quota, publishing it, interest in a course."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Policy, User
from courses import rules
from courses.clashes import clashes_of, say_why, tie_reason, without_reason
from courses.models import Course, Event, Interest, Trainer, Venue


class NotReady(Exception):
    """An event can't be published yet; `missing` names what it lacks."""

    def __init__(self, missing: list[str]):
        self.missing = missing
        super().__init__(f"Before it can be published, the event needs {', '.join(missing)}.")


class DoubleBooked(Exception):
    """The venue or a trainer has another event at that time; `clashes` names them, a sentence each."""

    def __init__(self, clashes: list[str], *, say_why: str):
        self.clashes = clashes
        super().__init__(f"{' '.join(clashes)} {say_why}")


class TrainersRefused(Exception):
    """Trainers can't be put on an event; `reasons` says why, a sentence for each (§5)."""

    def __init__(self, reasons: list[str]):
        self.reasons = reasons
        super().__init__(" ".join(reasons))


def new_reference() -> str:
    """Return a short reference for an event, easy to read out on the phone: "E-7KMPQ"."""
    return "E-" + "".join(secrets.choice(rules.CLEAR_LETTERS) for _ in range(5))


@transaction.atomic
def create_event(*, course: Course, by: User | None, sessions: list[tuple[datetime, datetime]], **fields) -> Event:
    """Make a draft event of the course with its sessions (start, end) and its quota worked out; return it.

    `fields` are the model's own; `trainers`, `sectors` and `organisations` take lists. Raises TrainersRefused.
    """
    trainers = fields.pop("trainers", [])
    related = {name: fields.pop(name) for name in ("sectors", "organisations") if name in fields}
    event = Event(course=course, reference=new_reference(), created_by=by, **fields)
    event._history_user = by
    event.save()
    for name, values in related.items():
        getattr(event, name).set(values)
    assign_trainers(event=event, trainers=trainers)
    for starts_at, ends_at in sessions:
        event.sessions.create(starts_at=starts_at, ends_at=ends_at)
    return settle(event=event, by=by)


@transaction.atomic
def record_venue(*, venue: Venue | None, by: User, **fields) -> Venue:
    """Add a venue or change one; return it. `fields` are the model's own."""
    venue = venue or Venue()
    for name, value in fields.items():
        setattr(venue, name, value)
    venue._history_user = by
    venue.save()
    return venue


COPIED = (
    "kind", "venue", "joining_link", "joining_instructions", "audience", "capacity", "minimum", "vcs_share",
    "releases_places", "hosted_in_community", "service_users_in_design", "service_users_in_delivery",
)  # fmt: skip


@transaction.atomic
def clone_event(*, event: Event, first_day: date, by: User | None) -> Event:
    """Make a draft like this event that begins on another day; return it.

    All is copied but dates, bookings and publication (edge case 31); its sessions keep their distances and their
    London times. Nothing is sent. Raises TrainersRefused.
    """
    return create_event(
        course=event.course, by=by, sessions=moved_sessions(event, first_day=first_day),
        trainers=event.trainers.all(), sectors=event.sectors.all(), organisations=event.organisations.all(),
        **{name: getattr(event, name) for name in COPIED},
    )  # fmt: skip


def moved_sessions(event: Event, *, first_day: date) -> list[tuple[datetime, datetime]]:
    """Return the event's sessions as they would be if it began on `first_day`, at the same times in London."""
    times = [
        (timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)) for session in event.sessions.all()
    ]
    shift = first_day - times[0][0].date() if times else timedelta()
    return [(_on(start, start.date() + shift), _on(end, end.date() + shift)) for start, end in times]


def _on(moment: datetime, day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, moment.time()), timezone.get_default_timezone())


@transaction.atomic
def assign_trainers(*, event: Event, trainers: Iterable[Trainer]) -> None:
    """Put these trainers on the event, and nobody else. Nothing else writes them, so no path passes the gate (§5).

    Raises TrainersRefused with a sentence for each who can't be put on it.
    """
    trainers = list(trainers)
    if reasons := refused_trainers(trainers, course=event.course, is_multi_agency=event.is_multi_agency):
        raise TrainersRefused(reasons)
    event.trainers.set(trainers)


def refused_trainers(trainers: Iterable[Trainer], *, course: Course, is_multi_agency: bool) -> list[str]:
    """Return why some of these trainers can't be put on an event of the course; empty when all can."""
    refusals = (trainer.refusal(course=course, is_multi_agency=is_multi_agency) for trainer in trainers)
    return [sentence for sentence in refusals if sentence]


@transaction.atomic
def settle(*, event: Event, by: User | None, reason: str = "") -> Event:
    """Work out what follows from an event's sessions and capacity: its span, quota and release date (§6.9).

    A reason for a double booking that was just written is tied to what clashes now.

    `reason` stands in the history: what changed in the event's relations, which have none of their own.
    """
    event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    policy = Policy.current()
    times = list(event.sessions.values_list("starts_at", "ends_at"))
    event.starts_at = min((start for start, _ in times), default=None)
    event.ends_at = max((end for _, end in times), default=None)
    share = rules.effective_share(event_share=event.vcs_share, policy_share=policy.vcs_share)
    event.vcs_places = rules.vcs_quota(capacity=event.capacity, share=share)
    if event.starts_at and event.release_at is None:
        event.release_at = rules.release_moment(starts_at=event.starts_at, release_days=policy.release_days)
    tie_reason(event)
    event._history_user, event._change_reason = by, reason or None
    event.save()
    return event


@transaction.atomic
def publish(*, event: Event, by: User, now: datetime) -> Event:
    """Show a draft event to everyone and open it for booking.

    Raises NotReady with what is missing, TrainersRefused, and DoubleBooked unless T&D gave a reason for this clash.
    """
    event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    if event.status != Event.Status.DRAFT:
        return event
    if refusal := publish_refusal(event, now=now):
        raise refusal
    tie_reason(event)
    event.status = Event.Status.PUBLISHED
    event.first_published_at = event.first_published_at or now
    event._history_user = by
    event.save()
    return event


def publish_refusal(event: Event, *, now: datetime) -> NotReady | TrainersRefused | DoubleBooked | None:
    """Return what `publish` would raise for a draft event, or None: what is missing, the gate, then the clashes."""
    if missing := missing_to_publish(event, now=now):
        return NotReady(missing)
    trainers = event.trainers.all()
    if reasons := refused_trainers(trainers, course=event.course, is_multi_agency=event.is_multi_agency):
        return TrainersRefused(reasons)
    if words := without_reason(event, clashes_of(event)):
        return DoubleBooked(words, say_why=say_why(event))
    return None


def missing_to_publish(event: Event, *, now: datetime) -> list[str]:
    """Return what the event lacks before it can be published, in words; empty when ready."""
    return rules.missing_to_publish(
        has_session=event.starts_at is not None,
        has_place=bool(event.venue_id or event.joining_link),
        has_trainer=event.trainers.exists(),
        capacity=event.capacity,
        starts_at=event.starts_at,
        now=now,
    )


def register_interest(*, course: Course, person: User, now: datetime) -> bool:
    """Note that the person would come to an event of the course; return False when they had said so already."""
    interest, created = Interest.objects.get_or_create(course=course, person=person, defaults={"registered_at": now})
    if interest.told_at:  # of an event by which nothing came of it: they may ask again
        interest.registered_at, interest.told_at = now, None
        interest.save()
        return True
    return created


def withdraw_interest(*, course: Course, person: User) -> None:
    """Forget that the person would come to the course."""
    Interest.objects.filter(course=course, person=person).delete()
