"""When each questionnaire opens, and when it is reminded of (§15): pure decisions."""

import re
from collections.abc import Hashable, Iterable, Mapping
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from wscb_training.wording import local_date

PRE_OPENS_BEFORE = timedelta(days=1)
ISSUED_WITHIN = timedelta(weeks=26)  # after that a form not sent yet is not sent any more: nobody remembers


def pre_opens_at(*, starts_at: datetime) -> datetime:
    """Return when the questionnaire before the course opens: a day before the first session."""
    return starts_at - PRE_OPENS_BEFORE


def impact_date(*, ends_at: datetime, weeks: int) -> date:
    """Return the London date of the impact questionnaires: `weeks` (never under 12) after the last session.

    A weekend or bank holiday does not move it earlier. 12 weeks after 4 December is 26 February.
    """
    return local_date(ends_at) + timedelta(weeks=max(12, weeks))


def impact_opens_at(*, ends_at: datetime, weeks: int) -> datetime:
    """Return the moment of the impact questionnaires: 8am London time on their date."""
    day = impact_date(ends_at=ends_at, weeks=weeks)
    return timezone.make_aware(datetime.combine(day, time(8)), timezone.get_default_timezone())


def reminded_if_issued_before(*, now: datetime, days: int) -> datetime:
    """Return the London midnight before which a form must have been issued to be reminded of `days` on, at `now`."""
    day = local_date(now) - timedelta(days=days - 1)
    return timezone.make_aware(datetime.combine(day, time()), timezone.get_default_timezone())


ANSWERED_WITHIN = timedelta(weeks=8)
PRE_LASTS = timedelta(minutes=30)  # of the first session: who comes late answers in the room


def closes_at(form) -> datetime:
    """Return until when a form may be answered: before the course until it has begun, others eight weeks.

    The weeks count from when the link was sent: a mark made late, or somebody named late, takes nobody's time away.
    """
    if form.kind == "pre":
        return form.booking.event.starts_at + PRE_LASTS
    return max(form.opens_at, form.issued_at or form.opens_at) + ANSWERED_WITHIN


def answer_refusal(form, *, now: datetime) -> str | None:
    """Return why a form can't be answered at `now`, or None: once, while it is open."""
    if form.submitted_at:
        return "You have answered these questions already. Thank you."
    if form.withdrawn_at:
        return "These questions are not asked any more: the booking or the attendance was changed."
    if form.opens_at > now:
        return "These questions are not open yet."
    if now > closes_at(form):
        if form.kind == "pre":
            return "The course has begun. These questions were for before it."
        return "The time to answer these questions has run out."
    return None


def shown_parts(counts: Mapping[Hashable, int], *, threshold: int) -> set:
    """Return the parts of a whole whose figures may stand beside the whole's, given how many people each is of.

    A part of fewer than `threshold` is hidden. Where all hidden ones together are fewer too, the whole less the others
    would tell it: then the smallest of the others is hidden as well.
    """
    shown = {key for key, number in counts.items() if number >= threshold}
    hidden = sum(number for key, number in counts.items() if key not in shown)
    if 0 < hidden < threshold and shown:
        shown.discard(min(shown, key=lambda key: (counts[key], str(key))))
    return shown


def without_names(text: str, names: Iterable[str]) -> str:
    """Return what somebody wrote with these people's names left out, whole or in part, as trainers read it (§15).

    A part counts from three letters and with its capital, so that "mark" in a sentence stays.
    """
    parts = {part for name in names for part in (name, *name.split()) if len(part) > 2 and part[:1].isupper()}
    if not parts:
        return text
    longest_first = sorted(parts, key=len, reverse=True)
    return re.sub(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", "[name]", text)
