"""Asking for answers by email, and reminding twice: once each, one email to a manager for all their staff (§15)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from accounts.models import Policy
from evaluations import emails, rules
from evaluations.models import Evaluation, Kind
from notifications.actions import queue_many

AT_ONCE = 200  # forms asked for in one transaction


def invite(*, now: datetime) -> int:
    """Send the link of every form that is due and was not sent; return how many forms. Safe to repeat."""
    due = Evaluation.objects.due(at=now).standing().exclude(respondent_email="")
    due = due.filter(opens_at__gt=now - rules.ISSUED_WITHIN).exclude(kind=Kind.PRE, booking__event__starts_at__lte=now)
    due = due.exclude(respondent__is_active=False).exclude(respondent__bounced_at__isnull=False)
    return _ask(due, Stage(0, Q(issued_at__isnull=True), "issued_at"), now=now)


def remind(*, now: datetime) -> int:
    """Remind of every form whose first or second reminder is due; return how many forms. Safe to repeat."""
    policy = Policy.current()
    days, sent = (policy.first_reminder_days, policy.second_reminder_days), 0
    asked = Evaluation.objects.open().standing().exclude(respondent_email="").exclude(kind=Kind.PRE)
    asked = asked.filter(issued_at__gt=now - rules.ANSWERED_WITHIN)
    asked = asked.exclude(respondent__is_active=False).exclude(respondent__bounced_at__isnull=False)
    first = Q(first_reminded_at__isnull=True)
    second = Q(first_reminded_at__isnull=False, second_reminded_at__isnull=True)
    for number, (waiting, field) in enumerate([(first, "first_reminded_at"), (second, "second_reminded_at")]):
        due = asked.filter(issued_at__lt=rules.reminded_if_issued_before(now=now, days=days[number]))
        sent += _ask(due, Stage(number + 1, waiting, field), now=now)
    return sent


@dataclass(frozen=True)
class Stage:
    """The invitation (0) or one of the two reminders: what a form that waits for it looks like, what it sets."""

    number: int
    waiting: Q
    field: str


def _ask(due: QuerySet[Evaluation], stage: Stage, *, now: datetime) -> int:
    """Ask for all that is due, looked for once, some hundreds in a transaction; return how many forms."""
    due = due.filter(stage.waiting)
    learners = list(due.exclude(kind=Kind.IMPACT_MANAGER).order_by("pk").values_list("pk", flat=True))
    asked = sum(
        _ask_learners(learners[start : start + AT_ONCE], stage, now) for start in range(0, len(learners), AT_ONCE)
    )
    return asked + sum(_ask_managers(ids, stage, now) for ids in _by_manager(due.filter(kind=Kind.IMPACT_MANAGER)))


def _by_manager(due: QuerySet[Evaluation]) -> Iterator[list[int]]:
    """Return the ids of managers' forms in parts of some hundreds, all of one manager in one part."""
    part: list[int] = []
    of_each = groupby(due.order_by("respondent_email", "pk").values_list("respondent_email", "pk"), key=itemgetter(0))
    for _, theirs in of_each:
        part += [pk for _, pk in theirs]
        if len(part) >= AT_ONCE:
            yield part
            part = []
    if part:
        yield part


@transaction.atomic
def _ask_learners(ids: list[int], stage: Stage, now: datetime) -> int:
    """Ask learners: their messages and what is noted of them in one transaction."""
    # What another worker has in hand is passed over.
    forms = _in_hand(ids, stage, skip_locked=connection.features.has_select_for_update_skip_locked)
    queue_many([emails.ask(form, stage=stage.number) for form in forms])
    return _noted(forms, stage, now)


@transaction.atomic
def _ask_managers(ids: list[int], stage: Stage, now: datetime) -> int:
    """Ask some managers, each for all of theirs that are due now in one email."""
    # What another worker has in hand is waited for: two that share a manager's forms would send two emails.
    forms = _in_hand(ids, stage, skip_locked=False)
    of_each: dict[str, list[Evaluation]] = {}
    for form in forms:
        of_each.setdefault(form.respondent_email, []).append(form)
    queue_many([emails.ask_manager(at, theirs, stage=stage.number, now=now) for at, theirs in of_each.items()])
    return _noted(forms, stage, now)


def _in_hand(ids: list[int], stage: Stage, *, skip_locked: bool) -> list[Evaluation]:
    """Return those of the forms that still wait and still stand, locked.

    Locked by their ids alone: with all that "due" asks, the database reads 10,000 new forms for each part.
    """
    waiting = Evaluation.objects.open().filter(stage.waiting, pk__in=ids).order_by("pk")
    locked = list(waiting.select_for_update(no_key=True, skip_locked=skip_locked).values_list("pk", flat=True))
    forms = Evaluation.objects.filter(pk__in=locked).standing().for_page().select_related("respondent")
    return list(forms.order_by("opens_at", "pk"))


def _noted(forms: list[Evaluation], stage: Stage, now: datetime) -> int:
    """Note on the forms that they were asked for; return how many."""
    return Evaluation.objects.filter(pk__in=[form.pk for form in forms]).update(**{stage.field: now})
