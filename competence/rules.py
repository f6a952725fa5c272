"""The arithmetic of a pathway (Appendix 4): what is needed, what is done, until when. Pure: no queries, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

DUE_SOON = relativedelta(months=3)
DONE, DUE, EXPIRED, MISSING, NOT_NEEDED = "done", "due", "expired", "missing", "not_needed"
WORDS = {DONE: "Done", DUE: "Due soon", EXPIRED: "Expired", MISSING: "Missing", NOT_NEEDED: "Not needed"}


@dataclass(frozen=True)
class Completion:
    """Training that satisfies a content: when, until when (None: for good), and by which course."""

    completed_on: date
    valid_until: date | None
    by: str

    @property
    def lasts(self) -> date:
        return self.valid_until or date.max


def valid_until(*, completed_on: date, refresher_months: int | None) -> date | None:
    """Return the last day on which training counts; None when it lasts for good."""
    return completed_on + relativedelta(months=refresher_months) if refresher_months else None


def best(completions: Iterable[Completion]) -> Completion | None:
    """Return the completion that counts: the one valid longest, of these the newest."""
    return max(completions, key=lambda completion: (completion.lasts, completion.completed_on), default=None)


def state(completion: Completion | None, *, needed: bool, today: date) -> str:
    """Return how a content stands: done, due again within three months, expired, missing, or not needed."""
    if not needed:
        return NOT_NEEDED
    if completion is None:
        return MISSING
    if completion.lasts < today:
        return EXPIRED
    if completion.valid_until and completion.valid_until <= today + DUE_SOON:
        return DUE
    return DONE


def percent_done(*, done: int, required: int) -> int:
    """Return how much of a pathway is done, rounded down: 100 only when all of it is."""
    return done * 100 // required if required else 100
