"""When who is asked for a return, and when one can be changed. Pure: no queries, no clock."""

from datetime import date, timedelta

REMINDER = timedelta(days=14)  # before the due date
STOPS = timedelta(days=42)  # after the due date nobody is written to any more
INVITE, REMIND, OVERDUE = "invite", "remind", "overdue"


def notice_due(*, opens_on: date, due_on: date, today: date) -> str | None:
    """Return which email an organisation without a return is to have had by `today`, or None: too early or too late.

    After days of not running the notice of the day still goes; those before it are left out.
    """
    if today < opens_on or today > due_on + STOPS:
        return None
    if today > due_on:
        return OVERDUE
    return REMIND if today >= due_on - REMINDER and opens_on < due_on - REMINDER else INVITE


def refusal_to_change(*, is_sent: bool, opens_on: date, today: date) -> str | None:
    """Return why a return can't be written into, or None."""
    if today < opens_on:
        return "This year's return is not open yet."
    if is_sent:
        return "The return was sent. Take it back first if something in it has to change."
    return None


def refusal_to_take_back(*, is_sent: bool, due_on: date, today: date, is_td: bool) -> str | None:
    """Return why a return that was sent can't be opened again, or None. T&D can always hand it back."""
    if not is_sent:
        return "The return has not been sent yet."
    if today > due_on and not is_td:
        return "The date for returns has passed. Ask the Training and Development Service to hand it back to you."
    return None
