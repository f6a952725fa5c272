"""How dates and times are worded."""

from datetime import UTC, datetime

from courses.models import Session
from wscb_training.wording import deadline


def test_a_midnight_is_the_end_of_the_day_before():
    """A place held to midnight after Friday read "until Saturday 10 January 2026 at midnight": a day too much."""
    assert deadline(datetime(2026, 1, 10, 0, 0, tzinfo=UTC)) == "the end of Friday 9 January 2026"
    assert deadline(datetime(2026, 7, 10, 23, 0, tzinfo=UTC)) == "the end of Friday 10 July 2026"  # summer time
    assert deadline(datetime(2026, 1, 10, 9, 30, tzinfo=UTC)) == "Saturday 10 January 2026 at 9:30am"


def test_a_session_says_when_it_begins_in_london():
    """In the admin and in all that is held about somebody it said the time in UTC: an hour too early all summer."""
    assert str(Session(starts_at=datetime(2026, 7, 6, 8, 30, tzinfo=UTC))) == "Monday 6 July 2026 at 9:30am"
