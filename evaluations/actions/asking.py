"""Asking for answers by email, and reminding twice: once each, one email to a manager for all their staff (§15)."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from accounts.models import Policy
from evaluations import emails, rules
from evaluations.models import Evaluation, Kind
from notifications.actions import queue_many

AT_ONCE = 200  # forms asked for in one transaction
MANAGERS_AT_ONCE = 50


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
    learners, managers, asked = due.exclude(kind=Kind.IMPACT_MANAGER), due.filter(kind=Kind.IMPACT_MANAGER), 0
    while number := _ask_learners(learners, stage, mark):
        asked += number
    while number := _ask_managers(managers, stage, now, mark):
        asked += number
    return asked


@transaction.atomic
def _ask_learners(due: QuerySet[Evaluation], stage: int, mark: Callable) -> int:
    """Ask some hundreds of learners: their messages and what is noted of them in one transaction."""
    ids = _locked(due.order_by("pk")[:AT_ONCE], skip=connection.features.has_select_for_update_skip_locked)
    forms = Evaluation.objects.filter(pk__in=ids).for_page().select_related("respondent")
    queue_many([emails.ask(form, stage=stage) for form in forms])
    mark(Evaluation.objects.filter(pk__in=ids))
    return len(ids)


@transaction.atomic
def _ask_managers(due: QuerySet[Evaluation], stage: int, now: datetime, mark: Callable) -> int:
    """Ask some managers, each for all of theirs that are due now in one email."""
    addresses = (
        due.order_by("respondent_email").values_list("respondent_email", flat=True).distinct()[:MANAGERS_AT_ONCE]
    )
    ids = _locked(due.filter(respondent_email__in=list(addresses)).order_by("pk"))
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
    return list(due.select_for_update(no_key=True, skip_locked=skip, of=("self",)).values_list("pk", flat=True))
