"""One learner's pathway with what fills it next, and the groups that they have been in."""

from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from bookings import bookable
from bookings.models import Booking
from competence.rules import percent_done
from courses.models import Course, Event
from learning.teams import Cell, pathways
from wscb_training.wording import local_date

NEXT_EVENTS = 3


@dataclass(frozen=True)
class Step:
    """One content of the pathway, and what would fill it: what is booked, the next events, and online courses."""

    cell: Cell
    booked: list[Booking]
    events: list[Event]  # bookable by this person now, soonest first
    online: list[Course]
    courses: list[Course]  # all that satisfy it, with or without a date

    @property
    def needs_training(self) -> bool:
        """Whether it is missing, expired, or due again within three months."""
        return self.cell.state != "done"


@dataclass(frozen=True)
class MyPathway:
    """The needed contents of a learner, most urgent first, and how far they are."""

    steps: list[Step]

    @property
    def required(self) -> int:
        return len(self.steps)

    @property
    def done(self) -> int:
        return sum(step.cell.done for step in self.steps)

    @property
    def percent(self) -> int:
        return percent_done(done=self.done, required=self.required)

    def number(self, state: str) -> int:
        """Return how many contents stand so: done, due, expired or missing."""
        return sum(step.cell.state == state for step in self.steps)


URGENCY = {"expired": 0, "missing": 1, "due": 2, "done": 3}


def my_pathway(person: User, *, now: datetime) -> MyPathway:
    """Return the learner's pathway at `now`: for each content what is booked, and the next events that they can book,
    soonest first (§8). A fixed number of queries.
    """
    cells = [cell for cell in pathways([person], today=local_date(now))[person.pk] if cell.needed]
    satisfying = Course.objects.offered().prefetch_related("satisfies").order_by("title")
    courses = {cell.content.pk: [] for cell in cells}
    for course in satisfying:
        for content in course.satisfies.all():
            if content.pk in courses:
                courses[content.pk].append(course)
    ids = {course.pk for listed in courses.values() for course in listed}
    booked = Booking.objects.live().filter(person=person, event__course__in=ids, event__ends_at__gt=now)
    booked = list(booked.for_page().order_by("event__starts_at"))
    events = _bookable(person, ids, now=now)
    steps = [_step(cell, courses[cell.content.pk], booked, events) for cell in cells]
    return MyPathway(sorted(steps, key=lambda step: URGENCY[step.cell.state]))


def _bookable(person: User, courses: set[int], *, now: datetime) -> list[Event]:
    """Return the events to come of these courses that the person can book, or wait for, soonest first."""
    events = list(Event.objects.upcoming(at=now).listed_for(person).filter(course__in=courses).for_list()[:300])
    side = bookable.event_side(events)
    people = bookable.people_side([person], events, side)
    return [event for event in events if bookable.refusal(event, person, side, people, now=now) is None]


def _step(cell: Cell, courses: list[Course], booked: list[Booking], events: list[Event]) -> Step:
    ids = {course.pk for course in courses}
    return Step(
        cell=cell,
        booked=[booking for booking in booked if booking.event.course_id in ids],
        events=[event for event in events if event.course_id in ids][:NEXT_EVENTS],
        online=[course for course in courses if course.is_online_learning],
        courses=[course for course in courses if not course.is_online_learning],
    )


@dataclass(frozen=True)
class GroupStep:
    """The competence group somebody was put in on a date, and why."""

    number: int
    since: date
    reason: str


def groups_of(person: User) -> list[GroupStep]:
    """Return the competence groups that somebody has been in, newest first, with the reasons given for a change."""
    steps, last = [], None
    history = person.history.order_by("history_date", "history_id")
    for group, at, reason in history.values_list("group", "history_date", "history_change_reason"):
        if group and group != last:
            steps.append(GroupStep(group, local_date(at), reason or ""))
        last = group
    return steps[::-1]
