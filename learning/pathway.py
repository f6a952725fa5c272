"""One learner's pathway with what fills it next, and their passport."""

from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from bookings.models import TrainingRecord
from competence.rules import percent_done
from courses.models import Course, Event
from learning.teams import Cell, pathways
from wscb_training.wording import local_date

NEXT_EVENTS = 3


@dataclass(frozen=True)
class Step:
    """One content of the pathway, and what would fill it: the next events, and online courses."""

    cell: Cell
    events: list[Event]
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


URGENCY = {"expired": 0, "missing": 1, "due": 2, "done": 3}


def my_pathway(person: User, *, now: datetime) -> MyPathway:
    """Return the learner's pathway at `now` with the next bookable events of each content, soonest first (§8)."""
    cells = [cell for cell in pathways([person], today=local_date(now))[person.pk] if cell.needed]
    satisfying = Course.objects.offered().prefetch_related("satisfies").order_by("title")
    courses = {cell.content.pk: [] for cell in cells}
    for course in satisfying:
        for content in course.satisfies.all():
            if content.pk in courses:
                courses[content.pk].append(course)
    ids = {course.pk for listed in courses.values() for course in listed}
    events = list(Event.objects.upcoming(at=now).listed_for(person).filter(course__in=ids).for_list()[:300])
    steps = [_step(cell, courses[cell.content.pk], events) for cell in cells]
    return MyPathway(sorted(steps, key=lambda step: URGENCY[step.cell.state]))


def _step(cell: Cell, courses: list[Course], events: list[Event]) -> Step:
    ids = {course.pk for course in courses}
    return Step(
        cell=cell,
        events=[event for event in events if event.course_id in ids][:NEXT_EVENTS],
        online=[course for course in courses if course.is_online_learning],
        courses=[course for course in courses if not course.is_online_learning],
    )


@dataclass(frozen=True)
class Passport:
    """What a training passport shows."""

    person: User
    today: date
    cells: list[Cell]
    records: list[TrainingRecord]

    @property
    def done(self) -> int:
        return sum(cell.done for cell in self.cells)


def passport_of(person: User, *, today: date) -> Passport:
    """Return the passport of a person: every record that counts, newest first, and their pathway."""
    records = TrainingRecord.objects.counted().filter(person=person).for_page()
    cells = [cell for cell in pathways([person], today=today)[person.pk] if cell.needed]
    return Passport(person=person, today=today, cells=cells, records=list(records))
