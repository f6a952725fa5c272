"""What is due for review, and what answers add up to. Pure: no queries, no clock."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

REVIEW_LASTS = relativedelta(months=12)
SOON = timedelta(days=60)


class State(StrEnum):
    """How a course stands to its yearly review (§6.6, §6.15); in order, the most urgent first."""

    LEARNING = "learning"
    NEVER = "never"
    OVERDUE = "overdue"
    NOT_CURRENT = "not_current"
    INCOMPLETE = "incomplete"
    SOON = "soon"
    REVIEWED = "reviewed"

    @property
    def words(self) -> str:
        """What the page says of it."""
        return {
            State.LEARNING: "To be reviewed: new learning", State.NEVER: "Never reviewed",
            State.OVERDUE: "Review overdue", State.NOT_CURRENT: "Found not current",
            State.INCOMPLETE: "Review incomplete", State.SOON: "Review due soon", State.REVIEWED: "Reviewed",
        }[self]  # fmt: skip

    @property
    def colour(self) -> str:
        """The colour of its tag."""
        return {State.REVIEWED: "green", State.SOON: "yellow", State.LEARNING: "red"}.get(self, "orange")

    @property
    def is_due(self) -> bool:
        """Whether somebody has to review it now."""
        return self not in (State.SOON, State.REVIEWED)


def state(
    *, reviewed_on: date | None, is_complete: bool, found_current: bool, learned_on: date | None, today: date
) -> State:
    """Return how a course stands: by its last review, the newest learning on its subjects, and the day.

    `is_complete`: all four checks of §6.6 were made. Learning of the same day as the review counts as worked in.
    """
    if reviewed_on is None:
        return State.NEVER
    if learned_on and learned_on > reviewed_on:
        return State.LEARNING
    if reviewed_on <= today - REVIEW_LASTS:
        return State.OVERDUE
    if not is_complete:
        return State.INCOMPLETE
    if not found_current:
        return State.NOT_CURRENT
    return State.SOON if reviewed_on <= today + SOON - REVIEW_LASTS else State.REVIEWED


def verdict(answers: Iterable[str]) -> bool | None:
    """Return whether all statements are met; False where one is met in part or not; None where none was answered."""
    answers = list(answers)
    return all(answer == "met" for answer in answers) if answers else None


def why_fixed(*, is_agreed: bool, is_used: bool) -> str | None:
    """Return why a set of standards or core messages can't be altered any more, or None."""
    if is_agreed and is_used:
        return "Courses were assessed against this version, so it stays as it is. Make a new version from it."
    return None
