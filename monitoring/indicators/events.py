"""Priorities 1, 2, 4, 5, 9, 11 and 14, as far as they count events and places."""

from django.db.models import Count, F, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Lower, NullIf, Trim

from bookings.models import Booking
from courses.models import Course, Event
from monitoring.indicators.base import Definition, Rows
from monitoring.indicators.populations import (
    ATTENDERS,
    EVENT,
    EVENT_FILTERS,
    FACE_TO_FACE,
    OPEN_TO_ALL,
    attendances,
    delivered,
    for_event_page,
    number_of_events,
    of_indicator,
    standing,
    yes,
)  # fmt: skip
from monitoring.models import Indicator
from monitoring.rules import Period

SAFEGUARDING_LEAD = Q(course__duty=Course.Duty.SAFEGUARDING_LEAD)


def conferences(period: Period, indicator: Indicator) -> Rows:
    """1A: conferences on reviews."""
    return number_of_events(period, Q(kind=Event.Kind.REVIEW_CONFERENCE))


def case_audits(period: Period, indicator: Indicator) -> Rows:
    """1B: multi-agency events on case audits; an event has one kind, so none counts as a conference too."""
    return number_of_events(period, OPEN_TO_ALL & Q(kind=Event.Kind.CASE_AUDIT))


def _mixed(period: Period, course: Q) -> Rows:
    """Return events with two attenders or more; those with two roles and two competence groups count.

    Two different ones are there when the first and the last differ: all events are looked at in one pass.
    """
    role = NullIf(Lower(Trim("booking__job_role")), Value(""))
    there = attendances(period).filter(course).order_by().values("booking__event").annotate(number=Count("pk"))
    two = there.filter(number__gte=2)
    mixed = two.annotate(first=Min(role), last=Max(role), low=Min("booking__group"), high=Max("booking__group"))
    mixed = mixed.filter(first__lt=F("last"), low__lt=F("high"))
    events = standing(period).filter(FACE_TO_FACE, course, ends_at__lte=period.moment)
    events = events.filter(pk__in=two.values("booking__event"))
    return Rows(
        "event",
        events.annotate(is_counted=yes(Q(pk__in=mixed.values("booking__event")))),
        (*EVENT, ATTENDERS, ("Job roles", lambda at: at.roles), ("Competence groups", lambda at: at.levels)),
        dated="ends_at",
        filters=EVENT_FILTERS,
        for_page=_with_roles_and_levels,
        order=("ends_at", "pk"),
    )


def _with_roles_and_levels(events: QuerySet[Event]) -> QuerySet[Event]:
    there = Booking.objects.filter(event=OuterRef("pk"), record__status="counted").order_by().values("event")

    def number(field):
        found = there.annotate(number=Count(field, distinct=True)).values("number")
        return Coalesce(Subquery(found, output_field=IntegerField()), 0)

    roles = number(NullIf(Lower(Trim("job_role")), Value("")))
    return for_event_page(events).annotate(roles=roles, levels=number("group"))


def signs_of_safety(period: Period, indicator: Indicator) -> Rows:
    """2A: Signs of Safety events with a mixed audience."""
    return _mixed(period, of_indicator(indicator))


def all_mixed(period: Period, indicator: Indicator) -> Rows:
    """2B: all events with a mixed audience."""
    return _mixed(period, Q())


def allegations(period: Period, indicator: Indicator) -> Rows:
    """4A: events for all agencies on managing allegations."""
    return number_of_events(period, OPEN_TO_ALL & of_indicator(indicator))


def allegations_for_some(period: Period, indicator: Indicator) -> Rows:
    """4D: those for some sectors or organisations."""
    return number_of_events(period, ~OPEN_TO_ALL & of_indicator(indicator))


def open_to_all(period: Period, indicator: Indicator) -> Rows:
    """5A: events for everyone, of all delivered face to face."""
    events = delivered(period).filter(FACE_TO_FACE).annotate(is_counted=yes(OPEN_TO_ALL))
    return Rows(
        "event", events, (*EVENT, ATTENDERS), dated="ends_at", filters=EVENT_FILTERS, for_page=for_event_page,
        order=("ends_at", "pk"),
    )  # fmt: skip


def attendances_open_to_all(period: Period, indicator: Indicator) -> Rows:
    """5B: the same counted in who attended."""
    there = attendances(period).filter(booking__event__in=standing(period).filter(FACE_TO_FACE).order_by().values("pk"))
    there = there.annotate(is_counted=yes(Q(booking__event__audience=Event.Audience.ALL)))
    columns = (
        ("Date", lambda record: record.completed_on),
        ("Event", lambda record: record.booking.event),
        ("Course", lambda record: record.course.title),
        ("For", lambda record: record.booking.event.get_audience_display()),
        ("Sector then", lambda record: record.booking.sector.reporting_sector if record.booking.sector else ""),
    )
    return Rows(
        "attendance", there, columns, dated="completed_on", order=("completed_on", "pk"),
        filters={"course": ("Course", "course__title"), "sector": ("Sector", "booking__sector__reporting_sector")},
        for_page=lambda items: items.select_related("course", "booking__event__course", "booking__sector"),
    )  # fmt: skip


def _places(period: Period, part, heading: str) -> Rows:
    events = standing(period).filter(FACE_TO_FACE).annotate(whole=F("capacity"), part=part)
    columns = (*EVENT, ("Places", lambda at: at.whole), (heading, lambda at: at.part))
    return Rows(
        "event", events.annotate(is_counted=yes(Q(part__gt=0))), columns, dated="ends_at", weighed=True,
        filters=EVENT_FILTERS, for_page=lambda items: items.select_related("course"), order=("ends_at", "pk"),
    )  # fmt: skip


def places_held(period: Period, indicator: Indicator) -> Rows:
    """9A: places that voluntary sector staff held on the day, of all places face to face."""
    held = Booking.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=period.moment), event=OuterRef("pk"), is_vcs=True,
        confirmed_at__lte=period.moment,
    )  # fmt: skip
    number = held.order_by().values("event").annotate(number=Count("pk")).values("number")
    return _places(period, Coalesce(Subquery(number, output_field=IntegerField()), 0), "Held by the voluntary sector")


def face_to_face_places(period: Period) -> Rows:
    """Return the places at events held face to face, and of these those kept for the voluntary sector."""
    return _places(period, F("vcs_places"), "Kept for the voluntary sector")


def places_reserved(period: Period, indicator: Indicator) -> Rows:
    """9B: places kept for the voluntary sector."""
    return face_to_face_places(period)


def in_the_community(period: Period, indicator: Indicator) -> Rows:
    """9C: events hosted in the community."""
    return number_of_events(period, Q(hosted_in_community=True))


def lead_events(period: Period, indicator: Indicator) -> Rows:
    """11A: Designated Safeguarding Lead events."""
    return number_of_events(period, SAFEGUARDING_LEAD)


def lead_events_at(level: str):
    """Return the rows of 11B: Designated Safeguarding Lead events at a level."""
    return lambda period, indicator: number_of_events(period, SAFEGUARDING_LEAD & Q(course__level__iexact=level))


def designed_with_service_users(period: Period, indicator: Indicator) -> Rows:
    """14A: service users in the design."""
    return number_of_events(period, Q(service_users_in_design=True))


def delivered_with_service_users(period: Period, indicator: Indicator) -> Rows:
    """14B: service users in the delivery."""
    return number_of_events(period, Q(service_users_in_delivery=True))


DEFINITIONS = [
    Definition("1A", conferences),
    Definition("1B", case_audits),
    Definition("2A", signs_of_safety),
    Definition("2B", all_mixed),
    Definition("4A", allegations),
    Definition("4D", allegations_for_some),
    Definition("5A", open_to_all),
    Definition("5B", attendances_open_to_all),
    Definition("9A", places_held),
    Definition("9B", places_reserved),
    Definition("9C", in_the_community),
    Definition("11A", lead_events),
    Definition("11B1", lead_events_at("basic")),
    Definition("11B2", lead_events_at("advanced")),
    Definition("14A", designed_with_service_users),
    Definition("14B", delivered_with_service_users),
]
