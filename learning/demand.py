"""What training people ask for and what their pathways lack: the demand that T&D plans events by (§6.10)."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from accounts.models import User
from competence.models import TrainingContent
from courses.models import Course, Event, Interest, Subject
from learning.coverage import lacking


@dataclass
class Demand:
    """One course: who asked for it, by sector and group, and how many people's pathway it would fill."""

    course: Course
    would_fill: int = 0
    coming: int = 0  # published events to come
    sectors: Counter = field(default_factory=Counter)
    groups: Counter = field(default_factory=Counter)

    @property
    def asked(self) -> int:
        return sum(self.sectors.values())

    @property
    def by_sector(self) -> list[tuple[str, int]]:
        return self.sectors.most_common()

    @property
    def by_group(self) -> list[tuple[int | None, int]]:
        return sorted(self.groups.items(), key=lambda pair: pair[0] or 99)


def demand(*, now, today: date) -> list[Demand]:
    """Return every course that somebody asks for or whose contents somebody lacks, the most asked for first.

    Asked: the interest of active people who were not told of an event yet. A fixed number of queries.
    """
    found = {course.pk: Demand(course) for course in Course.objects.offered()}
    waiting = Interest.objects.filter(told_at__isnull=True, person__is_active=True)
    for course, sector, group in waiting.values_list(
        "course", "person__organisation__sector__reporting_sector", "person__group"
    ):
        if course in found:
            found[course].sectors[sector or "No organisation"] += 1
            found[course].groups[group] += 1
    for course in Event.objects.upcoming(at=now).values_list("course", flat=True):
        if course in found:
            found[course].coming += 1
    lacked = lacking(User.objects.filter(is_active=True, group__isnull=False), on=today)
    satisfied = defaultdict(set)
    for course, content in Course.satisfies.through.objects.values_list("course", "trainingcontent"):
        satisfied[course] |= lacked.get(content, set())
    for pk, each in found.items():
        each.would_fill = len(satisfied[pk])
    listed = [each for each in found.values() if each.asked or each.would_fill]
    return sorted(listed, key=lambda each: (-each.asked, -each.would_fill, each.course.title))


def gaps() -> tuple[list[TrainingContent], list[Subject]]:
    """Return the pathway contents that no course offered satisfies, and the subjects without a course (App. 2, 4)."""
    offered = Course.objects.offered()
    unsatisfied = TrainingContent.objects.exclude(satisfying_courses__in=offered)
    return list(unsatisfied), list(Subject.objects.exclude(courses__in=offered))
