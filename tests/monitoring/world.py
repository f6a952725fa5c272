"""Small worlds for the priorities: events that were delivered, people who came, all by hand and by date."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.models import Organisation, Sector, User
from bookings.models import Booking, OnlineStart, TrainingRecord
from competence.models import CompetenceGroup
from courses.models import Course, Event, Session, Subject
from monitoring.figures import Figure, figure
from monitoring.models import Indicator
from monitoring.rules import Period, period
from tests.factories import CourseFactory, OrganisationFactory, UserFactory, VenueFactory

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.get_default_timezone())
YEAR_START, YEAR_END = date(2026, 4, 1), date(2027, 3, 31)


def at(day: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)), timezone.get_default_timezone())


def this_year(as_at: date | None = None, *, now: datetime = NOW, year: int | None = 2026) -> Period:
    return period(year=year, as_at=as_at, now=now, starts_month=4)


def shown(code: str, when: Period | None = None) -> Figure:
    """Return a figure of this year as at NOW; its rows must add up to it."""
    found, rows = figure(Indicator.objects.get(code=code), when or this_year())
    items = list(rows.items)
    if rows.weighed:
        assert found.tally.part == sum(row.part for row in items) or len(items) < rows.at_least
    elif len(items) >= rows.at_least:
        assert found.tally.part == sum(bool(row.is_counted) for row in items)
        assert found.tally.whole == len(items)
    return found


def organisation(reporting_sector: str, *, vcs: bool = False, **fields) -> Organisation:
    sector, _ = Sector.objects.get_or_create(
        name=f"{reporting_sector} sector", defaults={"reporting_sector": reporting_sector, "counts_as_vcs": vcs}
    )
    return OrganisationFactory(sector=sector, **fields)


def person(works_at: Organisation | None = None, *, group: int = 3, role: str = "Teacher") -> User:
    level, _ = CompetenceGroup.objects.get_or_create(
        number=group, defaults={"short_name": f"Group {group}", "description": "…", "example_roles": "…"}
    )
    works_at = works_at or Organisation.objects.order_by("pk").first() or organisation("Education")
    return UserFactory(organisation=works_at, group=level, job_role=role)


def counted_course(code: str, **fields) -> Course:
    """Return a course on the subject that counts for the indicator."""
    made = CourseFactory(**fields)
    made.subjects.add(Indicator.objects.get(code=code).subjects.get())
    return made


def subject(name: str) -> Subject:
    return Subject.objects.get_or_create(name=name, defaults={"category": "general"})[0]


def event(course: Course | None = None, day: date = date(2026, 6, 10), *, came=(), booked=(), **fields) -> Event:
    """Return an event of one session on `day` with its register closed where it is past; `came` attended it."""
    past = at(day) < NOW
    fields.setdefault("status", Event.Status.COMPLETED if past else Event.Status.PUBLISHED)
    if "venue" not in fields:
        fields["venue"] = VenueFactory()
    number = Event.objects.count() + 1
    made = Event.objects.create(
        course=course or CourseFactory(),
        reference=f"E-{number:05}",
        starts_at=at(day, 9),
        ends_at=at(day, 12),
        first_published_at=at(min(day, NOW.date()) - timedelta(days=60)),
        register_closed_at=at(day, 13) if past else None,
        **fields,
    )
    Session.objects.create(event=made, starts_at=made.starts_at, ends_at=made.ends_at)
    for someone in came:
        attend(made, someone)
    for someone in booked:
        book(made, someone)
    return made


def conference(day: date, *, course: Course | None = None, **fields) -> Event:
    """Return a conference on serious case reviews."""
    return event(course, day, kind=Event.Kind.REVIEW_CONFERENCE, **fields)


def book(event: Event, someone: User, **fields) -> Booking:
    """Return a confirmed booking with the organisation, sector, role and group of this moment."""
    works_at = someone.organisation
    return Booking.objects.create(
        **{
            "event": event, "person": someone, "status": Booking.Status.CONFIRMED,
            "requested_at": event.first_published_at, "confirmed_at": event.first_published_at,
            "organisation": works_at, "sector": works_at.sector, "group": someone.group,
            "job_role": someone.job_role, "is_vcs": works_at.sector.counts_as_vcs, **fields,
        }
    )  # fmt: skip


def attend(event: Event, someone: User) -> Booking:
    """Book somebody who then is present at every session."""
    booking = book(event, someone)
    TrainingRecord.objects.create(
        person=someone, course=event.course, booking=booking, source="event",
        completed_on=timezone.localdate(event.ends_at),
    )  # fmt: skip
    return booking


def online(course: Course, someone: User, day: date, *, completed: date | None = None) -> None:
    """Somebody starts an online course, and perhaps completes it."""
    works_at = someone.organisation
    OnlineStart.objects.create(
        course=course, person=someone, organisation=works_at, sector=works_at.sector, started_at=at(day)
    )
    if completed:
        TrainingRecord.objects.create(person=someone, course=course, source="online", completed_on=completed)
