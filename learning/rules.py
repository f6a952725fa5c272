"""Pure decisions: what was typed into the team pages, who gets a certificate, when the weekly email goes."""

import re
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

MOST_ADDRESSES = 200


def read_addresses(text: str) -> tuple[list[str], list[str]]:
    """Return the email addresses in a typed or pasted list, in lower case, and what is wrong with its other lines.

    A line may hold an address with a name beside it: "Ann Lee <ann@school.example>", "Lee; ann@school.example".
    """
    addresses, problems = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        found = [word.strip("<>()\"'.:").lower() for word in re.split(r"[\s,;]+", line) if "@" in word]
        if not found:
            problems.append(f"Line {number}: “{line.strip()[:60]}” has no email address")
        for address in found:
            try:
                validate_email(address)
            except ValidationError:
                problems.append(f"Line {number}: “{address[:60]}” is not an email address")
            else:
                addresses.append(address)
    addresses = list(dict.fromkeys(addresses))
    if len(addresses) > MOST_ADDRESSES:
        problems.append(f"Enter no more than {MOST_ADDRESSES} addresses at a time: you entered {len(addresses)}")
    return addresses, problems


ASKED_WITHIN = timedelta(days=1)  # after the event, everybody who was there has their questions by then


def certificate_refusal(
    *,
    counts: bool,
    of_event: bool,
    is_managed: bool,
    needs_evaluation: bool,
    evaluation: str,
    ended_at: datetime | None,
    now: datetime,
) -> str | None:
    """Return why there is no certificate for a training record, or None (§15).

    `evaluation` says how the questionnaire after the course stands: "" (there is none), "open" or "done". It is not
    waited for from people without email, whose CPD lead prints the certificate, nor where nobody was ever asked.
    """
    if not counts:
        return "This training does not count any more, so its certificate was withdrawn."
    if not of_event:
        return "Whoever gave this training gives its certificate."
    if not needs_evaluation or is_managed or evaluation == "done":
        return None
    if evaluation == "open":
        return "Answer the questions about the course first. It takes three minutes."
    if now < ended_at + ASKED_WITHIN:
        return "You get the questions about the course by email. The certificate is here when you have answered them."
    return None


ALERT_LATEST = timedelta(days=3)  # a week's email that could not go by then is left to the next week's
ALERT_LOOKS_BACK = timedelta(days=7)  # for somebody who never had one


def alert_moment(*, now: datetime, weekday: int, hour: int) -> datetime:
    """Return the last moment of the weekly alert up to `now`: this weekday (Monday is 0) and hour in London (§14)."""
    here = timezone.localtime(now)
    day = here.date() - timedelta(days=(here.weekday() - weekday) % 7)
    moment = datetime.combine(day, time(hour), tzinfo=here.tzinfo)
    return moment if moment <= now else datetime.combine(day - timedelta(days=7), time(hour), tzinfo=here.tzinfo)


def next_alert_moment(*, now: datetime, weekday: int, hour: int) -> datetime:
    """Return the first moment of the weekly alert after `now`."""
    last = alert_moment(now=now, weekday=weekday, hour=hour)
    return datetime.combine(last.date() + timedelta(days=7), time(hour), tzinfo=last.tzinfo)


def week_of(moment: datetime) -> date:
    """Return the Monday of the week of `moment`, in London: nobody gets two alerts in one week."""
    day = timezone.localtime(moment).date()
    return day - timedelta(days=day.weekday())


def is_new(*, published_at: datetime, opens_at: datetime | None, since: datetime, until: datetime) -> bool:
    """Return whether an event became bookable after `since`, up to `until`: published, and its booking open."""
    return since < max(published_at, opens_at or published_at) <= until


# So that a secret that is left lying about can be told for what it is.
TOKEN_PREFIX = "wscb_"  # noqa: S105 - the beginning of every token, no secret


def digest_of_token(secret: str) -> str:
    """Return what is kept of a token's secret. It is random and long, so a plain digest can't be guessed back."""
    return sha256(secret.encode()).hexdigest()
