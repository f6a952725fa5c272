"""Where the training does not reach yet: what people lack, what would close it, who found no place (§6.10)."""

from django.db.models import Count, Q

from bookings.models import Booking
from courses.models import Interest
from monitoring.gaps import Closing, Gaps, Line, closing_courses, gap_analysis
from monitoring.indicators.populations import delivered
from monitoring.report.part import Part
from monitoring.rules import Period
from wscb_training.wording import short_day


def parts(period: Period) -> list[Part]:
    """Return the tables of this chapter."""
    found = gap_analysis(on=period.as_at)
    return [_contents(found, period), _by_sector(found, period), _by_group(found, period), _closing(found, period),
            _waited(period)]  # fmt: skip


def _on(period: Period) -> str:
    return f"On {short_day(period.as_at)}"


PATHWAYS = "Training pathways (Appendix 4), people registered, training records"
TODAY = "People count where they work, and in the group they have, on the day of counting."
MOST_COURSES = 12


def _contents(found: Gaps, period: Period) -> Part:
    rows = [
        [str(cell.content), cell.needed, cell.have, cell.missing, cell.percent, cell.own] for cell in found.total.cells
    ]
    headings = ["Training content", "People who need it", "Have it", "Lack it", "Met (%)", "Own courses in 12 months"]
    note = f"{TODAY} Own courses are the single-agency ones that cover the content, as organisations recorded them."
    if found.without_group:
        note += f" {found.without_group:,} more have no competence group yet, so that nobody knows what they need."
    return Part(
        "contents", "Gaps by content", "What people lack of their pathway", headings, rows, _on(period), PATHWAYS,
        note=note, drawn=[3], compared=3,
    )  # fmt: skip


def _by_sector(found: Gaps, period: Period) -> Part:
    return _lines("gaps-sector", "Gaps by sector", "Gaps by sector", "Sector", found.by_sector(), period)


def _by_group(found: Gaps, period: Period) -> Part:
    return _lines("gaps-group", "Gaps by group", "Gaps by competence group", "Group", found.by_group(), period)


def _lines(name: str, sheet: str, title: str, heading: str, lines: list[Line], period: Period) -> Part:
    rows = [[line.name, line.people, line.needed, line.have, line.missing, line.percent] for line in lines]
    headings = [heading, "People", "Contents needed", "Of these there", "Missing", "Met (%)"]
    return Part(
        name, sheet, title, headings, rows, _on(period), PATHWAYS, compared=4,
        note=f"Contents are added up over the people. {TODAY}", empty="Nobody is registered with a group yet.",
    )  # fmt: skip


def _closing(found: Gaps, period: Period) -> Part:
    closing = closing_courses(found, now=period.moment)
    headings = ["Course", "Would fill a gap of", "Of these booked", "Places left", "Places at drafts", "No place for"]
    note = "People; of the courses offered, those that would fill a gap of most. Places are those of events to come."
    return Part(
        "closing", "Closing the gaps", "Courses that would close most", headings,
        [_course(each) for each in closing[:MOST_COURSES]], _on(period), f"{PATHWAYS}, events to come", note=note,
        empty="Nobody lacks anything that a course offered would fill.",
    )  # fmt: skip


def _course(each: Closing) -> list:
    return [
        each.course.title, each.would_fill, each.booked, each.places_left, each.places_proposed, each.places_short
    ]  # fmt: skip


def _waited(period: Period) -> Part:
    events = delivered(period).order_by().values("pk")
    waited = Booking.objects.filter(event__in=events).order_by().values_list("event__course__title")
    waited = dict(waited.annotate(number=Count("pk", filter=Q(status=Booking.Status.WAITING))).filter(number__gt=0))
    asked = Interest.objects.filter(registered_at__lte=period.moment).order_by().values_list("course__title")
    asked = dict(asked.annotate(number=Count("pk")))
    rows = [
        [title, waited.get(title, 0), asked.get(title, 0)]
        for title in sorted(waited.keys() | asked.keys(), key=lambda t: (-waited.get(t, 0) - asked.get(t, 0), t))
    ]
    headings = ["Course", "Waited, and got no place", "Ask for a date now"]
    return Part(
        "demand", "Unmet demand", "People who found no place", headings, rows, period.in_words,
        "Waiting lists of events delivered, and registrations of interest",
        note="Somebody who waited for two events counts twice.", empty="Everybody who asked for a place has had one.",
    )  # fmt: skip
