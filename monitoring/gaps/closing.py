"""Which courses would close most of the gaps (§6.10), and what of them is planned."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from bookings.models import Booking
from competence.models import TrainingContent
from courses.models import Course, Event
from monitoring.gaps.counted import Gaps, Part

NOTHING = frozenset()


@dataclass(frozen=True)
class Running:
    """An event to come that would close gaps: whose pathway it fills of those who may come, and its places left."""

    event: Event
    would_fill: int
    places_left: int
    is_proposed: bool  # a draft: nobody can book it yet


@dataclass(frozen=True)
class Closing:
    """A course that would close gaps, the most people first, with what of it is planned."""

    course: Course
    contents: list[TrainingContent]
    would_fill: int  # people who lack at least one content that it completes
    contents_filled: int  # contents that they lack and it completes, added up
    booked: int  # of these people, those with a place on an event of it to come
    events: list[Running] = field(default_factory=list)

    @property
    def places_left(self) -> int:
        """Places left at events that can be booked."""
        return sum(running.places_left for running in self.events if not running.is_proposed)

    @property
    def places_proposed(self) -> int:
        """Places of events that are drafts."""
        return sum(running.places_left for running in self.events if running.is_proposed)

    @property
    def places_short(self) -> int:
        """People for whom no place is planned; 0 where it is taken online, which has room for all."""
        if self.course.is_online_learning:
            return 0
        return max(0, self.would_fill - self.booked - self.places_left - self.places_proposed)


@dataclass(frozen=True)
class _Audience:
    """Whom an event is for: everybody, or the people of these sectors or organisations."""

    everybody: bool
    sectors: frozenset[int] = frozenset()
    organisations: frozenset[int] = frozenset()

    def admits(self, part: Part) -> bool:
        """Whether these people may come."""
        return self.everybody or part.sector_pk in self.sectors or part.organisation in self.organisations


def closing_courses(gaps: Gaps, *, now: datetime) -> list[Closing]:
    """Return the courses offered that would close gaps, those that fill most people's pathway first.

    Events that can still be booked and drafts stand with each; seven queries.
    """
    events, booked, found = _events_to_come(now), _booked(now), []
    sets = Counter()
    for part in gaps.parts:
        sets[part.lacks] += part.people
    for course in Course.objects.offered().prefetch_related("satisfies"):
        completes = {content.code for content in course.satisfies.all()}
        filled = {lacks: number for lacks, number in sets.items() if lacks & completes}
        if not filled:
            continue
        missing = set().union(*filled) & completes
        found.append(
            Closing(
                course=course,
                contents=[content for content in course.satisfies.all() if content.code in missing],
                would_fill=sum(filled.values()),
                contents_filled=sum(number * len(lacks & completes) for lacks, number in filled.items()),
                booked=sum(gaps.lacks.get(pk, NOTHING) in filled for pk in booked.get(course.pk, ())),
                events=[_running(gaps, event, audience, filled) for event, audience in events.get(course.pk, ())],
            )
        )
    return sorted(found, key=lambda each: (-each.would_fill, -each.contents_filled, each.course.title))


def _running(gaps: Gaps, event: Event, audience: _Audience, filled: dict[frozenset[str], int]) -> Running:
    if audience.everybody:
        would_fill = sum(filled.values())
    else:
        would_fill = sum(part.people for part in gaps.parts if part.lacks in filled and audience.admits(part))
    left = max(0, event.capacity - event.held_vcs - event.held_other)
    return Running(event, would_fill, left, event.status == Event.Status.DRAFT)


def _events_to_come(now: datetime) -> dict[int, list[tuple[Event, _Audience]]]:
    """Return by course the events that can still be booked, and the drafts that have not begun."""
    events = Event.objects.filter(status__in=[Event.Status.PUBLISHED, Event.Status.DRAFT]).exclude(starts_at__lte=now)
    events = events.exclude(booking_closes_at__lte=now).order_by("starts_at", "pk").select_related("course", "venue")
    found = defaultdict(list)
    for event in events.prefetch_related("sectors", "organisations"):
        audience = _Audience(
            event.audience == Event.Audience.ALL,
            frozenset(each.pk for each in event.sectors.all() if event.audience == Event.Audience.SECTORS),
            frozenset(each.pk for each in event.organisations.all() if event.audience == Event.Audience.ORGANISATIONS),
        )
        found[event.course_id].append((event, audience))
    return found


def _booked(now: datetime) -> dict[int, set[int]]:
    """Return by course who holds a place on an event of it to come."""
    found = defaultdict(set)
    coming = Booking.objects.holding().filter(event__status=Event.Status.PUBLISHED, event__starts_at__gt=now)
    for course, person in coming.order_by().values_list("event__course", "person").distinct():
        found[course].add(person)
    return found
