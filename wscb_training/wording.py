"""How dates, times and counts are worded on every page, in every email and document.

Times go in as stored (UTC) and come out as people in Wandsworth read them (Europe/London).
"""

from datetime import date, datetime, timedelta

from django.utils import timezone


def local_date(moment: datetime) -> date:
    """Return the London date of `moment`. Weeks and working days are counted on it."""
    return timezone.localtime(moment).date()


def day(value: date | datetime) -> str:
    """Return "Monday 12 January 2026"."""
    value = timezone.localtime(value) if isinstance(value, datetime) else value
    return f"{value:%A} {value.day} {value:%B %Y}"


def short_day(value: date | datetime) -> str:
    """Return "12 January 2026", where the weekday would crowd a table."""
    value = timezone.localtime(value) if isinstance(value, datetime) else value
    return f"{value.day} {value:%B %Y}"


def clock(moment: datetime) -> str:
    """Return "9:30am", "2pm", "midday" or "midnight"."""
    moment = timezone.localtime(moment)
    if moment.minute == 0 and moment.hour in (0, 12):
        return "midday" if moment.hour else "midnight"
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def day_and_clock(moment: datetime) -> str:
    """Return "Monday 12 January 2026 at 9:30am"."""
    return f"{day(moment)} at {clock(moment)}"


def deadline(moment: datetime) -> str:
    """Return "Monday 12 January 2026 at 9:30am", or "the end of Friday 9 January 2026" for the midnight after it.

    "Until Saturday at midnight" reads as a day more than there is.
    """
    moment = timezone.localtime(moment)
    if (moment.hour, moment.minute) == (0, 0):
        return f"the end of {day(moment.date() - timedelta(days=1))}"
    return day_and_clock(moment)


def count(number: int, singular: str, plural: str = "") -> str:
    """Return "1 place", "6 places"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
