"""Organisations with their staff and CPD leads, and events to book them on: what the tests of team pages start from."""

import itertools
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import CPDLead, Membership, Organisation, Sector, User
from bookings.models import TrainingRecord
from competence.models import CompetenceGroup
from courses import actions as courses
from courses.models import Course, Event, Trainer, Venue

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.get_default_timezone())
TODAY = NOW.date()
numbers = itertools.count(1)


def group(number: int = 3) -> CompetenceGroup:
    return CompetenceGroup.objects.get_or_create(
        number=number, defaults={"short_name": f"Group {number}", "description": "…", "example_roles": "Teacher"}
    )[0]


def organisation(name: str = "Balham Park School", *, vcs: bool = False, **fields) -> Organisation:
    sector, _ = Sector.objects.get_or_create(
        name="Voluntary" if vcs else "Maintained school",
        defaults={"reporting_sector": "Voluntary" if vcs else "Education", "counts_as_vcs": vcs},
    )
    fields.setdefault("kind", Organisation.Kind.CHARITY if vcs else Organisation.Kind.MAINTAINED_SCHOOL)
    return Organisation.objects.create(name=name, sector=sector, confirmed_at=NOW, **fields)


def person(name: str = "", *, at: Organisation | None = None, email: str | None = "", confirmed=True, **fields) -> User:
    number = next(numbers)
    fields.setdefault("group", group())
    fields.setdefault("job_role", "Teacher")
    email = f"person{number}@school.example" if email == "" else email
    someone = User.objects.create_user(
        email, "long enough words", full_name=name or f"Person {number}", organisation=at, **fields
    )
    if at:
        Membership.objects.create(
            person=someone,
            organisation=at,
            started_on=NOW.date() - timedelta(days=400),
            confirmed_at=NOW if confirmed else None,
        )
    return someone


def lead(*organisations: Organisation, name: str = "", **fields) -> User:
    someone = person(name or f"Lead {next(numbers)}", at=organisations[0], **fields)
    for each in organisations:
        CPDLead.objects.create(organisation=each, person=someone)
    return someone


def course(title: str = "", **fields) -> Course:
    number = next(numbers)
    return Course.objects.create(title=title or f"Course {number}", slug=f"course-{number}", **fields)


def event(of: Course | None = None, *, capacity: int = 20, days: int = 30, hours: int = 0, **fields) -> Event:
    """Return a published event `days` from NOW, its voluntary sector places released so that all can be had."""
    starts_at = NOW + timedelta(days=days, hours=hours)
    number = next(numbers)
    made = courses.create_event(
        course=of or course(),
        by=None,
        sessions=[(starts_at, starts_at + timedelta(hours=3))],
        capacity=capacity,
        venue=Venue.objects.create(name=f"Hall {number}", address="1 High Street", postcode="SW18 1AA", capacity=99),
        trainers=[Trainer.objects.create(name=f"Trainer {number}", kind=Trainer.Kind.EXTERNAL)],
        **fields,
    )
    courses.publish(event=made, by=None, now=NOW - timedelta(days=1))
    Event.objects.filter(pk=made.pk).update(released_at=NOW - timedelta(hours=1))
    return Event.objects.get(pk=made.pk)


def completed(person, *contents, days_ago=10, months=None, **fields) -> TrainingRecord:
    """Return a record of the person of a course, lasting so many months, that satisfies the contents."""
    through = course(refresher_months=months)
    through.satisfies.set(contents)
    fields = {"course": through, "source": "online", **fields}
    return TrainingRecord.objects.create(person=person, completed_on=TODAY - timedelta(days=days_ago), **fields)
