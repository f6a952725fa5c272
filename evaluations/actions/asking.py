"""Asking for answers by email, and reminding twice: once each, one email to a manager for all their staff (§15)."""

from collections.abc import Callable, Iterator
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
    due = Evaluation.objects.due(at=now).standing().filter(issued_at__isnull=True).exclude(respondent_email="")
    due = due.filter(opens_at__gt=now - rules.ISSUED_WITHIN).exclude(kind=Kind.PRE, booking__event__starts_at__lte=now)
    due = due.exclude(respondent__is_active=False).exclude(respondent__bounced_at__isnull=False)
    return _ask(due, stage=0, now=now, mark=lambda forms: forms.update(issued_at=now))


def remind(*, now: datetime) -> int:
    """Remind of every form whose first or second reminder is due; return how many forms. Safe to repeat."""
    policy = Policy.current()
    days, sent = (policy.first_reminder_days, policy.second_reminder_days), 0
    asked = Evaluation.objects.open().standing().exclude(respondent_email="").exclude(kind=Kind.PRE)
    asked = asked.filter(issued_at__gt=now - rules.ANSWERED_WITHIN)
    asked = asked.exclude(respondent__is_active=False).exclude(respondent__bounced_at__isnull=False)
    first = Q(first_reminded_at__isnull=True)
    second = Q(first_reminded_at__isnull=False, second_reminded_at__isnull=True)
    stages = [(first, "first_reminded_at"), (second, "second_reminded_at")]
    for number, (waiting, field) in enumerate(stages):
        due = asked.filter(waiting, issued_at__lt=rules.reminded_if_issued_before(now=now, days=days[number]))
        sent += _ask(due, stage=number + 1, now=now, mark=lambda forms, field=field: forms.update(**{field: now}))
    return sent


def _ask(due: QuerySet[Evaluation], *, stage: int, now: datetime, mark: Callable) -> int:
    """Ask for all that is due, looked for once, some hundreds in a transaction; each asks again whether it still is."""
    learners, managers = due.exclude(kind=Kind.IMPACT_MANAGER), due.filter(kind=Kind.IMPACT_MANAGER)
    forms = list(learners.order_by("pk").values_list("pk", flat=True))
    asked = sum(
        _ask_learners(learners.filter(pk__in=forms[start : start + AT_ONCE]), stage, mark)
        for start in range(0, len(forms), AT_ONCE)
    )
    return asked + sum(_ask_managers(managers.filter(pk__in=some), stage, now, mark) for some in _by_manager(managers))


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
def _ask_learners(due: QuerySet[Evaluation], stage: int, mark: Callable) -> int:
    """Ask learners: their messages and what is noted of them in one transaction."""
    ids = _locked(due, skip=connection.features.has_select_for_update_skip_locked)
    forms = Evaluation.objects.filter(pk__in=ids).for_page().select_related("respondent")
    queue_many([emails.ask(form, stage=stage) for form in forms])
    mark(Evaluation.objects.filter(pk__in=ids))
    return len(ids)


@transaction.atomic
def _ask_managers(due: QuerySet[Evaluation], stage: int, now: datetime, mark: Callable) -> int:
    """Ask some managers, each for all of theirs that are due now in one email."""
    ids = _locked(due)
    forms = Evaluation.objects.filter(pk__in=ids).for_page().select_related("respondent").order_by("opens_at", "pk")
    of_each: dict[str, list[Evaluation]] = {}
    for form in forms:
        of_each.setdefault(form.respondent_email, []).append(form)
    queue_many([emails.ask_manager(address, theirs, stage=stage, now=now) for address, theirs in of_each.items()])
    mark(Evaluation.objects.filter(pk__in=ids))
    return len(ids)


def _locked(due: QuerySet[Evaluation], *, skip: bool = False) -> list[int]:
    """Return the ids with their rows locked. What another worker has in hand is waited for, or with `skip` passed over.

    A manager's forms are waited for: two workers that share them out between themselves would send two emails.
    """
    due = due.order_by("pk")
    return list(due.select_for_update(no_key=True, skip_locked=skip, of=("self",)).values_list("pk", flat=True))
