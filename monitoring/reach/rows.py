"""The rows behind each number of reach: what a press on it opens, and what its file holds."""

from collections.abc import Callable
from dataclasses import replace

from dateutil.relativedelta import relativedelta
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Coalesce, Concat, StrIndex, Substr, TruncMonth, Upper

from accounts.models import Organisation, User
from bookings.models import Booking, OnlineStart, TrainingRecord
from courses.models import Course
from monitoring.indicators import Rows
from monitoring.indicators.events import face_to_face_places
from monitoring.indicators.populations import (
    FACE_TO_FACE,
    as_it_was,
    number_of_events,
    standing,
    take_up,
    yes,
)  # fmt: skip
from monitoring.rules import Period
from wscb_training.wording import local_date

YES = Value(True, output_field=BooleanField())
EVENT = TrainingRecord.Source.EVENT
KINDS = dict(Organisation.Kind.choices)
DELIVERIES = dict(Course.Delivery.choices)
NOT_KNOWN, ELSEWHERE = "not known", "elsewhere"
# The postcode districts of the borough by the name that people know them by, and where each lies: column, row.
DISTRICTS = {
    "SW4": ("Clapham", 3, 1), "SW8": ("South Lambeth", 3, 0), "SW11": ("Battersea", 2, 0), "SW12": ("Balham", 2, 1),
    "SW15": ("Putney, Roehampton", 0, 1), "SW16": ("Streatham", 3, 2), "SW17": ("Tooting", 2, 2),
    "SW18": ("Wandsworth", 1, 1), "SW19": ("Wimbledon", 1, 2),
}  # fmt: skip
STATES = {"attended": "Attended", "missed": "Not attended", "open": "To come, or the register is not closed yet"}


def taken(period: Period) -> QuerySet[TrainingRecord]:
    """Return attendances and online completions with where, how and by whom, as it was then.

    Annotated: `reporting_sector`, `group_then` (0: not known), `kind_then`, `district_then` ("SW17"), `area` (the same,
    or "elsewhere" outside the borough or without a postcode), `month` (its first day), `hosted` ("community" or
    "other"), `delivered_as` (an event without a venue was held in a virtual classroom, whatever its course is by rule).
    """
    start = OnlineStart.objects.filter(
        person=OuterRef("person"), course=OuterRef("course"), started_at__date__lte=OuterRef("completed_on")
    ).order_by("-started_at")
    group = Case(
        When(source=EVENT, then="booking__group__number"),
        default=Coalesce(Subquery(start.values("group__number")[:1]), "person__group__number"),
        output_field=IntegerField(),
    )
    delivered_as = Case(
        When(~Q(source=EVENT), then=Value(Course.Delivery.ONLINE)),
        When(booking__event__venue__isnull=True, then=Value(Course.Delivery.VIRTUAL)),
        default=F("course__delivery"),
    )
    in_community = Case(When(booking__event__hosted_in_community=True, then=Value("community")), default=Value("other"))
    return take_up(period).annotate(
        month=TruncMonth("completed_on"),
        hosted=in_community,
        group_then=Coalesce(group, Value(0)),
        kind_then=Coalesce(as_it_was("organisation__kind"), Value(NOT_KNOWN)),
        postcode_then=Coalesce(as_it_was("organisation__postcode"), Value("")),
        district_then=district("postcode_then"),
        area=Case(
            When(district_then__in=DISTRICTS, then="district_then"), default=Value(ELSEWHERE), output_field=CharField()
        ),
        delivered_as=delivered_as,
    )


def district(postcode: str):
    """Return the district of a postcode in the database: "SW17" of "SW17 0QT", "" where there is none."""
    return Upper(Substr(postcode, 1, StrIndex(Concat(postcode, Value(" ")), Value(" ")) - 1))


def take_up_rows(period: Period) -> Rows:
    """Return attendances at events and completions of online courses."""
    columns = (
        ("Date", lambda record: record.completed_on),
        ("Course", lambda record: record.course.title),
        ("How", lambda record: DELIVERIES[record.delivered_as]),
        ("Sector then", lambda record: record.reporting_sector),
        ("Group then", lambda record: group_words(record.group_then)),
        ("Organisation then", lambda record: KINDS.get(record.kind_then, "Not known")),
        ("Postcode district", lambda record: record.district_then),
    )
    filters = {
        "sector": ("Sector", "reporting_sector"),
        "group": ("Group", "group_then", GROUPS),
        "kind": ("Kind of organisation", "kind_then", KINDS),
        "subject": ("Subject", "course__subjects__name"),
        "delivery": ("Delivery", "delivered_as", DELIVERIES),
        "district": ("Postcode district", "area", {ELSEWHERE: "Elsewhere, or no postcode known"}),
        "hosted": ("Where", "hosted", {"community": "At an event in the community", "other": "Anywhere else"}),
        "month": ("Month", "month", _months(period)),
        "course": ("Course", "course__title"),
    }
    return Rows(
        "attendance or completion,attendances and completions", taken(period).annotate(is_counted=YES), columns,
        dated="completed_on", filters=filters, for_page=lambda items: items.select_related("course"),
        order=("-completed_on", "-pk"),
    )  # fmt: skip


def _months(period: Period) -> dict:
    firsts = (period.starts_on + relativedelta(months=number) for number in range(12))
    return {first: f"{first:%B %Y}" for first in firsts}


GROUPS = {number: f"Group {number}" for number in range(1, 9)} | {0: "Not known"}


def group_words(number: int) -> str:
    """Return "Group 3", or "Not known"."""
    return GROUPS.get(number, f"Group {number}")


def people_rows(period: Period) -> Rows:
    """Return the people who took part, a row each, with how often; nobody is named or told by sector."""
    records = TrainingRecord.objects.filter(pk__in=take_up(period).order_by().values("pk"))
    own = records.filter(person=OuterRef("pk")).order_by().values("person")

    def number(**of_source):
        found = own.filter(**of_source).annotate(number=Count("pk")).values("number")
        return Coalesce(Subquery(found, output_field=IntegerField()), 0)

    def with_numbers(people: QuerySet[User]) -> QuerySet[User]:
        return people.annotate(
            events=number(source=EVENT), online=number(source=TrainingRecord.Source.ONLINE),
            last_on=Subquery(own.annotate(last=Max("completed_on")).values("last")),
        )  # fmt: skip

    columns = (
        ("Last took part", lambda person: person.last_on),
        ("Events attended", lambda person: person.events),
        ("Online courses completed", lambda person: person.online),
    )
    people = User.objects.filter(pk__in=records.order_by().values("person")).annotate(is_counted=YES)
    notes = ["Each row is one person. Nobody is named, and neither sector nor course is shown, so that nobody can be "
             "recognised."]  # fmt: skip
    return Rows("person,people", people, columns, for_page=with_numbers, notes=notes, order=("pk",))


def places_rows(period: Period) -> Rows:
    """Return the events held face to face with their places, and those kept for the voluntary sector (as 9B)."""
    return face_to_face_places(period)


def voluntary_rows(period: Period) -> Rows:
    """Return the places that voluntary sector staff secured at events held face to face (§6.9).

    The same bookings as priority 9A, with what became of them: confirmed by the day and not given back.
    """
    there = Exists(TrainingRecord.objects.counted().filter(booking=OuterRef("pk")))
    over = Q(event__register_closed_at__lte=period.moment)
    secured = Booking.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=period.moment),
        is_vcs=True, confirmed_at__lte=period.moment,
        event__in=standing(period).filter(FACE_TO_FACE).order_by().values("pk"),
    )  # fmt: skip
    past = Q(event__ends_at__lte=period.moment)
    state = Case(When(Q(there) & past, then=Value("attended")), When(over, then=Value("missed")), default=Value("open"))
    columns = (
        ("Event", lambda booking: booking.event),
        ("Course", lambda booking: booking.event.course.title),
        ("Last session", lambda booking: local_date(booking.event.ends_at)),
        ("Organisation then", lambda booking: booking.organisation.name if booking.organisation else ""),
        ("What became of it", lambda booking: STATES[booking.state]),
    )
    filters = {
        "state": ("What became of it", "state", STATES),
        "course": ("Course", "event__course__title"),
        "organisation": ("Organisation", "organisation__name"),
    }
    return Rows(
        "place", secured.annotate(state=state, is_counted=YES), columns, dated="event__ends_at", filters=filters,
        for_page=lambda items: items.select_related("event__course", "organisation"), order=("event__ends_at", "pk"),
    )  # fmt: skip


def organisation_rows(period: Period) -> Rows:
    """Return the active organisations; those count from which somebody took part, with whom they worked for then."""
    came = taken(period).annotate(organisation_then=as_it_was("organisation__pk", BigIntegerField))
    came = came.filter(organisation_then__isnull=False).order_by().values("organisation_then")
    organisations = Organisation.objects.open_to_join().annotate(
        is_counted=yes(Q(pk__in=came)), district=district("postcode"), sector_name=F("sector__reporting_sector"),
        is_vcs=F("sector__counts_as_vcs"),
    )  # fmt: skip
    columns = (
        # A childminder's organisation has the name of a person.
        ("Organisation", lambda row: "A childminder" if row.kind == Organisation.Kind.CHILDMINDER else row.name),
        ("Kind", lambda row: row.get_kind_display()),
        ("Sector", lambda row: row.sector_name),
        ("Postcode district", lambda row: row.district),
    )
    filters = {
        "sector": ("Sector", "sector_name"),
        "kind": ("Kind", "kind", KINDS),
        "district": ("Postcode district", "district"),
        "voluntary": ("Voluntary sector", "is_vcs", {True: "Voluntary sector", False: "Other sectors"}),
    }
    return Rows("organisation", organisations, columns, filters=filters, order=("name", "pk"))


def community_rows(period: Period) -> Rows:
    """Return the events hosted in the community: delivered ones count, published ones are to come (as priority 9C)."""
    rows = number_of_events(period, Q(hosted_in_community=True))
    more = {
        "district": ("Postcode district", "district"),
        "coming": ("When", "coming", {True: "Still to come this year", False: "Past"}),
    }
    return replace(
        rows, items=rows.items.annotate(district=district("venue__postcode")), filters={**rows.filters, **more}
    )


TRAINED = "Closed registers and records of online learning"
# By its name in addresses: the title, the rows of a period, where they come from.
ROWS: dict[str, tuple[str, Callable[[Period], Rows], str]] = {
    "take-up": ("Attendances and online completions", take_up_rows, TRAINED),
    "people": ("People who took part", people_rows, TRAINED),
    "places": ("Places at events held face to face", places_rows, "Events, published and not cancelled"),
    "voluntary-sector": (
        "Places secured by the voluntary sector", voluntary_rows, "Confirmed bookings and closed registers",
    ),
    "organisations": (
        "Organisations from which somebody took part", organisation_rows, f"Active organisations. {TRAINED}",
    ),
    "community": ("Events hosted in the community", community_rows, "Events, their venues and closed registers"),
}  # fmt: skip
