"""What the programme delivered: courses, places, who came and who did not, by course and by agency (§16)."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from bookings.models import Attendance, Booking, TrainingRecord
from courses.models import Event
from monitoring.indicators.populations import NOWHERE, delivered, take_up
from monitoring.report.part import NO_DATA, Part, percentage
from monitoring.rules import Period

REGISTERS = "Closed registers"
NO_REASON, OTHER_REASONS = "No reason given", "Other reasons, each given by fewer than five people"
FEWEST = 5  # people who gave a reason, so that none of them is recognised by it

LATE = Q(is_late=True)
CLOSED = Q(event__register_closed_at__isnull=False)
BOOKED = CLOSED & Q(status=Booking.Status.CONFIRMED, is_walk_in=False)
PRESENT = Q(record__status=TrainingRecord.Status.COUNTED)
NUMBERS = {
    "booked": Count("pk", filter=BOOKED),
    "attended": Count("pk", filter=BOOKED & PRESENT),
    "in_part": Count("pk", filter=BOOKED & ~PRESENT & Q(was_there=True)),
    "no_shows": Count("pk", filter=BOOKED & ~PRESENT & Q(was_there=False)),
    "late": Count("pk", filter=LATE),
    "walk_ins": Count("pk", filter=PRESENT & Q(status=Booking.Status.CONFIRMED, is_walk_in=True)),
}


def parts(period: Period) -> list[Part]:
    """Return the tables of this chapter, of the period and the same days of last year."""
    before = period.year_before()
    this, last = bookings(period), bookings(before)
    return [
        _whole(period, before, this, last),
        _by_agency(period, this, last),
        _by_course(period, this),
        _reasons(period, this),
    ]


def bookings(period: Period) -> QuerySet[Booking]:
    """Return the bookings of the events delivered in the period, with whether the person was there at all."""
    marks = Attendance.objects.filter(booking=OuterRef("pk")).exclude(mark=Attendance.Mark.ABSENT)
    found = Booking.objects.filter(event__in=delivered(period).order_by().values("pk"))
    return found.annotate(was_there=Exists(marks)).order_by()


def _whole(period: Period, before: Period, this: QuerySet, last: QuerySet) -> Part:
    now, then = _facts(period, this), _facts(before, last)
    lines = [
        ("Events delivered", "events"),
        ("Events cancelled", "cancelled"),
        ("Courses that ran at these events", "courses"),
        ("Places at these events", "places"),
        ("Places booked when the event took place", "booked"),
        ("Of these attended in full", "attended"),
        ("Attendance rate (% of places booked)", "rate"),
        ("Of these attended in part", "in_part"),
        ("Of these not used: did not come", "no_shows"),
        ("Cancelled late", "late"),
        ("Walk-ins who attended in full", "walk_ins"),
        ("Online courses completed", "online"),
        ("People trained, each counted once", "people"),
    ]
    none = not then["events"] and not then["online"]
    rows = [[name, now[key], NO_DATA if none else then[key]] for name, key in lines]
    note = "Late is within the notice that the Board asks for. Booked places are those of confirmed bookings; walk-ins "
    note += "are counted apart. Places booked and attended are known once a register is closed"
    note += f"; {now['open']} of these events have an open one." if now["open"] else "."
    return Part(
        "delivery", "Delivery", "What was delivered", ["Number of", "This year", "Same days last year"], rows,
        period.in_words, f"Events, bookings, training records; {REGISTERS.lower()}", note=note, compared=1,
    )  # fmt: skip


def _facts(period: Period, found: QuerySet) -> dict:
    events = delivered(period)
    facts = {
        **events.aggregate(
            events=Count("pk"), places=Sum("capacity", default=0), courses=Count("course", distinct=True),
            open=Count("pk", filter=Q(register_closed_at__isnull=True)),
        ),
        **found.aggregate(**NUMBERS),
        **take_up(period).order_by().aggregate(
            people=Count("person", distinct=True), online=Count("pk", filter=Q(source="online"))
        ),
    }  # fmt: skip
    facts["rate"] = percentage(facts["attended"], facts["booked"])
    facts["cancelled"] = Event.objects.filter(
        status=Event.Status.CANCELLED, cancelled_at__lte=period.moment, first_published_at__isnull=False,
        ends_at__gte=period.starts_at, ends_at__lte=period.moment,
    ).count()  # fmt: skip
    return facts


def _by_agency(period: Period, this: QuerySet, last: QuerySet) -> Part:
    now, then = (_grouped(found, "sector__reporting_sector") for found in (this, last))
    rows = [
        [name or NOWHERE, *_line(now.get(name)), then[name]["attended"] + then[name]["walk_ins"] if name in then else 0]
        for name in sorted(now.keys() | then.keys(), key=lambda name: (name is None, name))
    ]
    headings = ["Agency (reporting sector)", *HEADINGS, "Attended, same days last year"]
    note = "People count in the sector of their organisation when they booked. Attended includes walk-ins."
    return Part(
        "agencies", "By agency", "Attendance by agency", headings, rows, period.in_words, REGISTERS, note=note,
        drawn=[2, len(headings) - 1], empty="Nobody has attended an event yet.",
    )  # fmt: skip


def _by_course(period: Period, this: QuerySet) -> Part:
    lines = _grouped(this, "event__course__title")
    events = delivered(period).order_by().values("course__title")
    held = {row.pop("course__title"): row for row in events.annotate(events=Count("pk"), places=Sum("capacity"))}
    rows = [[title, held[title]["events"], held[title]["places"], *_line(lines.get(title))] for title in sorted(held)]
    return Part(
        "courses", "By course", "Courses", ["Course", "Events", "Places", *HEADINGS], rows, period.in_words,
        f"Events delivered, {REGISTERS.lower()}", note="Attended includes walk-ins.",
        empty="No event has been delivered yet.",
    )  # fmt: skip


HEADINGS = ["Booked", "Attended", "Attendance rate (%)", "Did not come", "Cancelled late", "Walk-ins"]


def _line(numbers: dict | None) -> list:
    if numbers is None:
        return [0, 0, None, 0, 0, 0]
    return [
        numbers["booked"], numbers["attended"] + numbers["walk_ins"],
        percentage(numbers["attended"], numbers["booked"]), numbers["no_shows"], numbers["late"], numbers["walk_ins"],
    ]  # fmt: skip


def _grouped(found: QuerySet, field: str) -> dict:
    return {row.pop(field): row for row in found.values(field).annotate(**NUMBERS)}


def _reasons(period: Period, this: QuerySet) -> Part:
    late = this.filter(LATE).values_list("absence_reason", "end_reason")
    absent = this.filter(BOOKED & ~PRESENT).values_list("absence_reason", flat=True)
    rows = [["Cancelled late", *line] for line in counted_reasons(noted or own for noted, own in late)]
    rows += [["Did not come, or not to all of it", *line] for line in counted_reasons(absent)]
    note = "As people gave it when they cancelled, or their CPD lead noted it. What fewer than five people gave stands "
    note += "among the others."
    return Part(
        "reasons", "Reasons", "Why places were not used", ["What happened", "Reason", "People"], rows, period.in_words,
        "Cancellations, and reasons noted by CPD leads and the Training and Development Service", note=note,
        empty="Every place that was booked was used.",
    )  # fmt: skip


def counted_reasons(reasons: Iterable[str]) -> list[list]:
    """Return each reason that five people or more gave, with how many, most first; then the others, and none given."""
    counted, words = Counter(), {}
    for reason in reasons:
        text = " ".join(reason.split()).rstrip(".")
        words.setdefault(text.casefold(), text)
        counted[text.casefold()] += 1
    none = counted.pop("", 0)
    often = sorted((-number, words[key]) for key, number in counted.items() if number >= FEWEST)
    others = sum(number for number in counted.values() if number < FEWEST)
    lines = [[reason, -number] for number, reason in often]
    lines += [[OTHER_REASONS, others]] if others else []
    return [*lines, [NO_REASON, none]] if none else lines
