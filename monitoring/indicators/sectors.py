"""Priorities 3, 4, 8 and 13, as far as they count sectors, online learning and take-up."""

from collections import Counter

from django.db.models import BooleanField, Count, Value

from bookings.models import OnlineStart, TrainingRecord
from monitoring.indicators.base import Definition, Rows, Tally
from monitoring.indicators.populations import (
    NOWHERE,
    OPEN_TO_ALL,
    active_sectors,
    attendances,
    delivered,
    of_indicator,
    sectors_reached,
    take_up,
)  # fmt: skip
from monitoring.models import Baseline, Indicator
from monitoring.rules import Period, Status, pro_rata

COUNTS = Value(True, output_field=BooleanField())
RECORD = (
    ("Date", lambda record: record.completed_on),
    ("Course", lambda record: record.course.title),
    ("How", lambda record: record.get_source_display()),
    ("Sector then", lambda record: record.reporting_sector),
)
RECORD_FILTERS = {"sector": ("Sector", "reporting_sector"), "course": ("Course", "course__title")}


def online_starts(period: Period, indicator: Indicator) -> Rows:
    """3A: sectors with an online start in the year."""
    starts = OnlineStart.objects.filter(started_at__gte=period.starts_at, started_at__lte=period.moment)
    return sectors_reached(starts, sector="sector__reporting_sector", day="started_at", noun="start")


def online_completions(period: Period, indicator: Indicator) -> Rows:
    """3B: online courses completed."""
    return _records(take_up(period).filter(source=TrainingRecord.Source.ONLINE))


def _records(records) -> Rows:
    return Rows(
        "record", records.annotate(is_counted=COUNTS), RECORD, dated="completed_on", filters=RECORD_FILTERS,
        for_page=lambda items: items.select_related("course"), order=("-completed_on", "-pk"),
    )  # fmt: skip


def _attended_of(period: Period, events) -> Rows:
    there = attendances(period).filter(booking__event__in=events.order_by().values("pk"))
    return sectors_reached(there, sector="booking__sector__reporting_sector", day="completed_on", noun="attendance")


def sectors_at_allegations(period: Period, indicator: Indicator) -> Rows:
    """4B: sectors of which somebody attended an event on allegations for all agencies."""
    return _attended_of(period, delivered(period).filter(OPEN_TO_ALL & of_indicator(indicator)))


def sectors_at_prevent(period: Period, indicator: Indicator) -> Rows:
    """13A: sectors of which somebody attended a Prevent workshop."""
    return _attended_of(period, delivered(period).filter(of_indicator(indicator)))


def all_take_up(period: Period, indicator: Indicator) -> Rows:
    """8A: attendances and online completions."""
    return _records(take_up(period))


def take_up_by_sector(period: Period) -> Counter:
    """Return the take-up of each sector: the baseline's where one was imported, in proportion to the days gone."""
    imported = dict(Baseline.objects.filter(year=period.year).values_list("reporting_sector", "take_up"))
    if imported:
        return Counter({sector: pro_rata(number, period.share_gone) for sector, number in imported.items()})
    counted = Counter()
    for records, sector in (
        (attendances(period), "booking__sector__reporting_sector"),
        (take_up(period).filter(source=TrainingRecord.Source.ONLINE), "reporting_sector"),
    ):
        for name, number in records.order_by().values_list(sector).annotate(number=Count("pk")):
            counted[name or NOWHERE] += number
    return counted


def take_up_last_year(period: Period, indicator: Indicator) -> Tally:
    """8A's number to grow from."""
    last = period.year_before()
    if Baseline.objects.filter(year=last.year).exists():
        return Tally(part=take_up_by_sector(last).total())
    return Tally(part=take_up(last).count())


def not_compared(period: Period, indicator: Indicator) -> Tally:
    """8B is a comparison with last year already; it is not compared with last year's own comparison."""
    return Tally()


def sectors_up(period: Period, indicator: Indicator) -> Rows:
    """8B: sectors with more take-up than on the same days of last year; no rows where last year has none at all."""
    this, last = take_up_by_sector(period), take_up_by_sector(period.year_before())
    rows = active_sectors() if last.total() else []
    for row in rows:
        row.number, row.before = this.pop(row.name, 0), last.pop(row.name, 0)
    notes = [] if rows else ["There is nothing to compare with: no training record and no baseline of last year."]
    notes += [f"{name}: {this[name]}, not counted: no active organisation there." for name in sorted(this) if rows]
    columns = (
        ("Sector", lambda row: row.name),
        ("Active organisations", lambda row: row.organisations),
        ("This year", lambda row: row.number),
        ("Same days last year", lambda row: row.before),
        ("Change", lambda row: row.number - row.before),
    )
    return Rows("sector", rows, columns, notes=notes)


DEFINITIONS = [
    Definition("3A", online_starts),
    Definition("3B", online_completions),
    Definition("4B", sectors_at_allegations),
    Definition("8A", all_take_up, last_year=take_up_last_year),
    Definition("8B", sectors_up, near=Status.AT_RISK, last_year=not_compared),
    Definition("13A", sectors_at_prevent),
]
