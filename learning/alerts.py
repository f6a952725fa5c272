"""The weekly email of new events (§14): which events are new to whom, and which of them come first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import User
from bookings import bookable
from courses.models import Course, Event
from learning import rules
from learning.models import AlertChoice
from learning.teams import pathways
from wscb_training.wording import local_date


@dataclass(frozen=True)
class NewEvent:
    """An event with what decides whom it is for."""

    event: Event
    satisfies: dict[str, str]  # content: its short name
    subjects: set[int]
    groups: set[int]


@dataclass(frozen=True)
class News:
    """The events that became bookable in a time, soonest first, and what the rules ask of them."""

    events: list[NewEvent]
    side: bookable.EventSide
    until: datetime


@dataclass(frozen=True)
class Pick:
    """One event of somebody's email: the gaps of their pathway that it fills, and whether their group is meant."""

    event: Event
    fills: tuple[str, ...]
    for_group: bool

    @property
    def order(self) -> tuple:
        """Gaps first, then the group's, then the soonest."""
        return not self.fills, not self.for_group, self.event.starts_at, self.event.pk


def news(*, since: datetime, until: datetime) -> News:
    """Return the events that can be booked at `until` and could not before `since`; in a fixed number of queries."""
    fresh = Q(first_published_at__gt=since) | Q(booking_opens_at__gt=since)
    events = list(Event.objects.upcoming(at=until).filter(fresh).for_list())
    ids = {event.course_id for event in events}
    courses = Course.objects.offered().filter(pk__in=ids).prefetch_related("satisfies", "subjects", "target_groups")
    about = {course.pk: course for course in courses}
    found = [_new(event, about[event.course_id]) for event in events if event.course_id in about]
    return News(found, bookable.event_side([new.event for new in found]), until)


def _new(event: Event, course: Course) -> NewEvent:
    return NewEvent(
        event=event,
        satisfies={content.pk: content.short_name for content in course.satisfies.all()},
        subjects={subject.pk for subject in course.subjects.all()},
        groups={group.pk for group in course.target_groups.all()},
    )


def picks(choices: Collection[AlertChoice], fresh: News, *, since: dict[int, datetime]) -> dict[int, list[Pick]]:
    """Return what each of these people may book that is new to them since `since`, most useful first, by person.

    The choices come with their people, organisations and sets (`with_people`). A fixed number of queries.
    """
    people = [choice.person for choice in choices]
    gaps = _gaps(people, today=local_date(fresh.until))
    theirs = bookable.people_side(people, [new.event for new in fresh.events], fresh.side)
    found = {}
    for choice in choices:
        person = choice.person
        mine = [
            Pick(new.event, tuple(new.satisfies[code] for code in new.satisfies if code in gaps[person.pk]),
                 person.group_id in new.groups)
            for new in fresh.events
            if _is_wanted(new, choice) and _is_new(new.event, since[person.pk], fresh.until)
            and bookable.refusal(new.event, person, fresh.side, theirs, now=fresh.until) is None
        ]  # fmt: skip
        found[person.pk] = sorted(mine, key=lambda pick: pick.order)
    return found


def with_people(choices):
    """Return the choices (a queryset) with all that `picks` reads of them."""
    return choices.select_related("person__organisation", "person__group").prefetch_related("subjects", "groups")


def begins(person: User, *, moment: datetime) -> datetime:
    """Return from when somebody who was never told is told of new events: the week before, since they joined."""
    return max(person.date_joined, moment - rules.ALERT_LOOKS_BACK)


def preview(person: User, *, now: datetime, moment: datetime) -> list[Pick]:
    """Return what the person's next email would list if it went now."""
    choice = with_people(AlertChoice.objects.filter(person=person)).first() or _Unsaved(person)
    since = choice.told_until or begins(person, moment=moment)
    return picks([choice], news(since=since, until=now), since={person.pk: since})[person.pk]


class _Unsaved:
    """Somebody who has chosen nothing yet."""

    told_until, deliveries = None, ()

    def __init__(self, person: User):
        self.person = person
        self.subjects = self.groups = User.objects.none()


def _is_new(event: Event, since: datetime, until: datetime) -> bool:
    return rules.is_new(
        published_at=event.first_published_at, opens_at=event.booking_opens_at, since=since, until=until
    )


def _is_wanted(new: NewEvent, choice: AlertChoice) -> bool:
    """Return whether an event is of the chosen subjects, groups and ways to learn; an empty choice is no limit."""
    subjects, groups = ({each.pk for each in chosen.all()} for chosen in (choice.subjects, choice.groups))
    return (
        (not subjects or bool(subjects & new.subjects))
        and (not groups or not new.groups or bool(groups & new.groups))
        and (not choice.deliveries or new.event.course.delivery in choice.deliveries)
    )


def _gaps(people: list[User], *, today) -> dict[int, set[str]]:
    """Return the contents that each person needs and has not, or that run out within three months."""
    return {
        person: {cell.content.pk for cell in cells if cell.needed and cell.state != "done"}
        for person, cells in pathways(people, today=today).items()
    }
