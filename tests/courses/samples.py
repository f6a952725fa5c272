"""A small catalogue for the tests, made by the same actions as the real one."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from accounts.models import Organisation, User
from competence.models import CompetenceGroup
from courses.models import Course, Event, Session, Subject, Venue
from tests.factories import GroupFactory, OrganisationFactory, SubjectFactory, UserFactory, VenueFactory, make_event

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 23, 10, tzinfo=LONDON)


def at(day: int, month: int = 1, year: int = 2027, hour: int = 10) -> datetime:
    """Return the hour of a day of January 2027, or of another month."""
    return datetime.combine(date(year, month, day), time(hour), tzinfo=LONDON)


def subject(name: str, **fields) -> Subject:
    return SubjectFactory(name=name, **fields)


def group(number: int) -> CompetenceGroup:
    return GroupFactory(
        number=number, short_name=f"Group of kind {number}", description=f"Who does work number {number}."
    )


def course(title: str = "Complex Neglect", *, subjects=(), groups=(), **fields) -> Course:
    made = Course.objects.create(title=title, slug=slugify(title), **fields)
    made.subjects.set([subject(name) for name in subjects])
    made.target_groups.set([group(number) for number in groups])
    return made


def venue(name: str = "Town Hall", **fields) -> Venue:
    return Venue.objects.filter(name=name).first() or VenueFactory(name=name, **fields)


def event(of=None, *starts: datetime, held=(0, 0), waiting: int = 0, draft: bool = False, **fields) -> Event:
    """Publish an event with a session of three hours at each of `starts` (20 January, if none is given).

    `held` are the places that the voluntary sector and the others hold.
    """
    made = make_event(
        course=of or Course.objects.first() or course(),
        sessions=[(start, start + timedelta(hours=3)) for start in starts or [at(20)]],
        published=not draft,
        now=NOW,
        **{"venue": None if "joining_link" in fields else venue(), **fields},
    )
    Event.objects.filter(pk=made.pk).update(held_vcs=held[0], held_other=held[1], waiting=waiting)
    made.refresh_from_db()
    return made


def many_events(number: int, of: list[Course]) -> None:
    """Publish as many events over the coming months, quickly, without the actions."""
    moments = [at(4, hour=8) + timedelta(hours=step) for step in range(number)]
    made = Event.objects.bulk_create(
        Event(
            reference=f"E-{step:05}",
            course=of[step % len(of)],
            venue=venue(),
            status=Event.Status.PUBLISHED,
            first_published_at=NOW,
            starts_at=moment,
            ends_at=moment + timedelta(hours=3),
            vcs_places=2,
        )
        for step, moment in enumerate(moments)
    )
    Session.objects.bulk_create(Session(event=item, starts_at=item.starts_at, ends_at=item.ends_at) for item in made)


def organisation(name: str = "Riverside School", *, is_vcs: bool = False) -> Organisation:
    return Organisation.objects.filter(name=name).first() or OrganisationFactory(name=name, vcs=is_vcs)


def person(email: str, *, at=None, **fields) -> User:
    return UserFactory(email=email, organisation=at or organisation(), **fields)
