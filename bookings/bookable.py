"""Who may book which of some events: what `Booking.objects.facts` tells of one, for many in a few queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from bookings import rules
from bookings.models import Booking, TrainingRecord
from courses.models import Course, Event, Session

Times = list[tuple[datetime, datetime]]


@dataclass(frozen=True)
class EventSide:
    """What the rules ask of some events, by the event's id; the prerequisites by the course's."""

    times: dict[int, Times]
    sectors: dict[int, set[int]]
    organisations: dict[int, set[int]]
    prerequisites: dict[int, dict[int, str]]


@dataclass(frozen=True)
class PeopleSide:
    """What the rules ask of some people, by the person's id."""

    booked: dict[tuple[int, int], str]  # (person, event): status of the live booking
    busy: dict[int, list[tuple[datetime, datetime, int, str]]]  # start, end, event, title of the course
    done: dict[int, set[int]]  # courses


def event_side(events: Collection[Event]) -> EventSide:
    """Return what the rules ask of these events."""
    ids, courses = [event.pk for event in events], {event.course_id for event in events}
    times, prerequisites = defaultdict(list), defaultdict(dict)
    for event, *time in Session.objects.filter(event__in=ids).values_list("event", "starts_at", "ends_at"):
        times[event].append(tuple(time))
    needed = Course.prerequisites.through.objects.filter(from_course__in=courses)
    for course, wanted, title in needed.values_list("from_course", "to_course", "to_course__title"):
        prerequisites[course][wanted] = title
    return EventSide(
        times=times,
        sectors=_related(Event.sectors.through, "sector", ids),
        organisations=_related(Event.organisations.through, "organisation", ids),
        prerequisites=prerequisites,
    )


def _related(through, name: str, events: list[int]) -> dict[int, set[int]]:
    found = defaultdict(set)
    for event, other in through.objects.filter(event__in=events).values_list("event", name):
        found[event].add(other)
    return found


def people_side(people: Iterable[User], events: Collection[Event], side: EventSide) -> PeopleSide:
    """Return what the rules ask of these people about these events."""
    ids = [person.pk for person in people]
    live = Booking.objects.live().filter(person__in=ids, event__in=[event.pk for event in events])
    booked = {(person, event): status for person, event, status in live.values_list("person", "event", "status")}
    busy, done = defaultdict(list), defaultdict(set)
    if side.times:
        first = min(start for times in side.times.values() for start, _ in times)
        last = max(end for times in side.times.values() for _, end in times)
        held = Session.objects.filter(
            event__bookings__person__in=ids, event__bookings__status__in=Booking.HOLDING,
            starts_at__lt=last, ends_at__gt=first,
        )  # fmt: skip
        columns = ("event__bookings__person", "starts_at", "ends_at", "event", "event__course__title")
        for person, *rest in held.order_by("starts_at").values_list(*columns):
            busy[person].append(tuple(rest))
    if side.prerequisites:
        wanted = {course for needed in side.prerequisites.values() for course in needed}
        records = TrainingRecord.objects.counted().filter(person__in=ids, course__in=wanted)
        for person, course in records.values_list("person", "course"):
            done[person].add(course)
    return PeopleSide(booked=booked, busy=busy, done=done)


def refusal(event: Event, person: User, events: EventSide, people: PeopleSide, *, now: datetime) -> str | None:
    """Return in one sentence why the person can't book the event at `now`, or None when they may (§6.9)."""
    return rules.refusal(event, facts(event, person, events, people), now=now)


def facts(event: Event, person: User, events: EventSide, people: PeopleSide) -> rules.PersonFacts:
    """Return what the rules ask about this person for this event, without a query. The sector must be fetched."""
    done = people.done[person.pk]
    return rules.PersonFacts(
        is_active=person.is_active,
        profile_complete=person.profile_complete,
        in_audience=_in_audience(event, person, events),
        booked_as=people.booked.get((person.pk, event.pk), ""),
        clashes_with=clash(event, person, events, people),
        missing_prerequisites=[
            title for course, title in events.prerequisites[event.course_id].items() if course not in done
        ],
    )


def clash(event: Event, person: User, events: EventSide, people: PeopleSide) -> str:
    """Return the course on which they hold a place at the time of one of the event's sessions, or ""."""
    titles = (
        title
        for starts_at, ends_at, other, title in people.busy[person.pk]
        if other != event.pk and any(starts_at < end and ends_at > start for start, end in events.times[event.pk])
    )
    return next(titles, "")


def _in_audience(event: Event, person: User, events: EventSide) -> bool:
    if event.audience == Event.Audience.SECTORS:
        return person.organisation is not None and person.organisation.sector_id in events.sectors[event.pk]
    if event.audience == Event.Audience.ORGANISATIONS:
        return person.organisation_id in events.organisations[event.pk]
    return True
