"""The events, attendances and sectors that several indicators count: what "delivered" and "attended" mean (§6)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    Field,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Coalesce

from accounts.models import Membership, Organisation
from bookings.models import OnlineStart, TrainingRecord
from courses.models import Course, Event
from monitoring.indicators.base import Rows
from monitoring.models import Indicator
from monitoring.rules import Period
from wscb_training.wording import count, local_date

FACE_TO_FACE = Q(course__delivery__in=[Course.Delivery.FACE_TO_FACE, Course.Delivery.CONFERENCE], venue__isnull=False)
OPEN_TO_ALL = Q(audience=Event.Audience.ALL)
NOWHERE = "No sector"
ATTENDED = Q(status=TrainingRecord.Status.COUNTED)


def yes(condition) -> ExpressionWrapper:
    """Return a condition as something to annotate rows with."""
    return ExpressionWrapper(condition, output_field=BooleanField())


def standing(period: Period) -> QuerySet[Event]:
    """Return the events whose last session lies in the year, published and not cancelled as at the day."""
    return Event.objects.filter(
        Q(status__in=[Event.Status.PUBLISHED, Event.Status.COMPLETED]) | Q(cancelled_at__gt=period.moment),
        first_published_at__lte=period.moment,
        ends_at__gte=period.starts_at,
        ends_at__lt=period.ends_at,
    )


def attended() -> Exists:
    """Return whether anybody attended the event: was present at every required session."""
    return Exists(TrainingRecord.objects.filter(ATTENDED, booking__event=OuterRef("pk")))


def delivered(period: Period) -> QuerySet[Event]:
    """Return the events delivered: not cancelled, last session in the year and past, at least one attender."""
    return standing(period).filter(attended(), ends_at__lte=period.moment)


def of_indicator(indicator: Indicator, field: str = "course") -> Q:
    """Return the condition that something is of a course that T&D lets count for the indicator."""
    courses = Course.objects.filter(
        Q(pk__in=indicator.courses.through.objects.filter(indicator=indicator).values("course"))
        | Q(subjects__in=indicator.subjects.through.objects.filter(indicator=indicator).values("subject"))
    )
    return Q(**{f"{field}__in": courses.values("pk")})


def attendances(period: Period) -> QuerySet[TrainingRecord]:
    """Return who attended an event by the day, in the year in which its last session was."""
    return TrainingRecord.objects.filter(
        ATTENDED,
        source=TrainingRecord.Source.EVENT,
        completed_on__gte=period.starts_on,
        completed_on__lte=period.as_at,
    )


def take_up(period: Period) -> QuerySet[TrainingRecord]:
    """Return attendances and online completions, each with `reporting_sector`: the one they had then."""
    return TrainingRecord.objects.filter(
        ATTENDED,
        source__in=[TrainingRecord.Source.EVENT, TrainingRecord.Source.ONLINE],
        completed_on__gte=period.starts_on,
        completed_on__lte=period.as_at,
    ).annotate(reporting_sector=Coalesce(as_it_was("sector__reporting_sector"), Value(NOWHERE)))


def as_it_was(path: str, of: type[Field] = CharField) -> Case:
    """Return something of the organisation ("organisation__kind") or sector that a person had when they trained.

    Of an event the booking knows it; of online learning the last start of the course, else whom they worked for then.
    """
    start = OnlineStart.objects.filter(
        person=OuterRef("person"), course=OuterRef("course"), sector__isnull=False,
    ).filter(started_at__date__lte=OuterRef("completed_on"))  # fmt: skip
    then = Membership.objects.filter(person=OuterRef("person"), started_on__lte=OuterRef("completed_on")).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=OuterRef("completed_on"))
    )
    of_member = path if path.startswith("organisation__") else f"organisation__{path}"
    online = Coalesce(
        Subquery(start.order_by("-started_at").values(path)[:1]),
        Subquery(then.order_by("-started_on").values(of_member)[:1]),
        output_field=of(),
    )
    event = When(source=TrainingRecord.Source.EVENT, then=f"booking__{path}")
    return Case(event, default=online, output_field=of())


def with_attenders(events: QuerySet[Event]) -> QuerySet[Event]:
    """Annotate `attenders`: how many attended."""
    there = TrainingRecord.objects.filter(ATTENDED, booking__event=OuterRef("pk")).order_by()
    number = there.values("booking__event").annotate(number=Count("pk")).values("number")
    return events.annotate(attenders=Coalesce(Subquery(number, output_field=IntegerField()), 0))


def state(event: Event) -> str:
    """Return what became of an event, in a few words."""
    if event.is_counted:
        return "Delivered"
    if event.coming:
        return "To come"
    if event.register_closed_at is None:
        return "Held; the register is not closed yet"
    return "Held; nobody attended"


EVENT = (
    ("Event", lambda event: event),
    ("Course", lambda event: event.course.title),
    ("Last session", lambda event: local_date(event.ends_at)),
    ("For", lambda event: event.get_audience_display()),
)
ATTENDERS = ("Attended", lambda event: event.attenders)
EVENT_FILTERS = {"course": ("Course", "course__title")}


def for_event_page(events: QuerySet[Event]) -> QuerySet[Event]:
    """Return the events with what a row shows."""
    return with_attenders(events).select_related("course", "venue")


def number_of_events(period: Period, condition: Q) -> Rows:
    """Return the rows of a number of events: those delivered count, those published to come may still."""
    events = standing(period).filter(condition)
    past = Q(ends_at__lte=period.moment)
    events = events.annotate(
        is_counted=yes(past & Q(attended())),
        coming=yes(Q(ends_at__gt=period.moment, status=Event.Status.PUBLISHED)),
    )
    columns = (*EVENT, ATTENDERS, ("What became of it", state))
    return Rows(
        "event", events, columns, dated="ends_at", has_coming=True, filters=EVENT_FILTERS, for_page=for_event_page,
        order=("ends_at", "pk"),
    )  # fmt: skip


@dataclass
class SectorRow:
    """One reporting sector with an active organisation."""

    name: str
    organisations: int
    number: int = 0
    first_on: date | None = None
    before: int | None = None

    @property
    def is_counted(self) -> bool:
        if self.before is not None:
            return self.number > self.before
        return self.number > 0


def active_sectors() -> list[SectorRow]:
    """Return the reporting sectors with an active organisation, by name."""
    found = Organisation.objects.open_to_join().order_by("sector__reporting_sector")
    return [
        SectorRow(name, number)
        for name, number in found.values_list("sector__reporting_sector").annotate(number=Count("pk"))
    ]


def sectors_reached(what: QuerySet, *, sector: str, day: str, noun: str) -> Rows:
    """Return the active sectors, each with how many of `what` it has and when the first was; one group query."""
    rows = active_sectors()
    lines = what.order_by().values(sector).annotate(number=Count("pk"), first=Min(day))
    by_name = {line[sector] or NOWHERE: line for line in lines}
    for row in rows:
        if line := by_name.pop(row.name, None):
            row.number, row.first_on = line["number"], line["first"]
    notes = [f"{name}: {count(line['number'], noun)}, not counted: no active organisation there." for name, line in
             sorted(by_name.items())]  # fmt: skip
    columns = (
        ("Sector", lambda row: row.name),
        ("Active organisations", lambda row: row.organisations),
        (noun.capitalize() + "s", lambda row: row.number),
        ("First", lambda row: _day(row.first_on)),
    )
    return Rows("sector", rows, columns, dated="first_on", notes=notes)


def _day(value):
    return local_date(value) if hasattr(value, "hour") else value or ""
