"""Asking for answers by email, and reminding twice: once each, one email to a manager for all their staff (§15)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from accounts.models import Policy
from evaluations import emails, rules
from evaluations.models import Evaluation, Kind

AT_ONCE = 200


def invite(*, now: datetime) -> int:
    """Send the link of every form that is due and was not sent; return how many forms. Safe to repeat."""
    due = Evaluation.objects.due(at=now).filter(issued_at__isnull=True).exclude(respondent_email="")
    due = due.filter(opens_at__gt=now - rules.ANSWERED_WITHIN).exclude(
        kind=Kind.PRE, booking__event__starts_at__lte=now
    )
    return _ask(due, stage=0, now=now, mark=lambda forms: forms.update(issued_at=now))


def remind(*, now: datetime) -> int:
    """Remind of every form whose first or second reminder is due; return how many forms. Safe to repeat."""
    policy = Policy.current()
    days, sent = (policy.first_reminder_days, policy.second_reminder_days), 0
    asked = Evaluation.objects.open().exclude(respondent_email="").exclude(kind=Kind.PRE)
    asked = asked.filter(opens_at__gt=now - rules.ANSWERED_WITHIN, issued_at__isnull=False)
    # Local dates decide; one day more here leaves the rest to the rule.
    early = [now - timedelta(days=number - 1) for number in days]
    first = Q(first_reminded_at__isnull=True, issued_at__lte=early[0])
    second = Q(first_reminded_at__isnull=False, second_reminded_at__isnull=True, issued_at__lte=early[1])
    stages = [(first, "first_reminded_at"), (second, "second_reminded_at")]
    for number, (waiting, field) in enumerate(stages):
        due = [
            form.pk
            for form in asked.filter(waiting).only("issued_at")
            if rules.reminder_due(issued_at=form.issued_at, reminded=number, now=now, days=days)
        ]
        rows = asked.filter(waiting, pk__in=due)
        sent += _ask(rows, stage=number + 1, now=now, mark=lambda forms, field=field: forms.update(**{field: now}))
    return sent


def _ask(due: QuerySet[Evaluation], *, stage: int, now: datetime, mark: Callable) -> int:
    asked = 0
    managers = due.filter(kind=Kind.IMPACT_MANAGER)
    while number := _ask_learners(due.exclude(kind=Kind.IMPACT_MANAGER), stage, mark):
        asked += number
    while number := _ask_a_manager(managers, stage, now, mark):
        asked += number
    return asked


@transaction.atomic
def _ask_learners(due: QuerySet[Evaluation], stage: int, mark: Callable) -> int:
    ids = _locked(due.order_by("pk"), AT_ONCE)
    for form in Evaluation.objects.filter(pk__in=ids).for_page().select_related("respondent"):
        emails.ask(form, stage=stage)
    mark(Evaluation.objects.filter(pk__in=ids))
    return len(ids)


@transaction.atomic
def _ask_a_manager(due: QuerySet[Evaluation], stage: int, now: datetime, mark: Callable) -> int:
    """Ask one manager for all of theirs that are due now, in one email."""
    address = due.order_by("respondent_email").values_list("respondent_email", flat=True).first()
    if address is None:
        return 0
    ids = _locked(due.filter(respondent_email=address).order_by("pk"), None)
    forms = list(Evaluation.objects.filter(pk__in=ids).for_page().select_related("respondent"))
    if forms:
        emails.ask_manager(address, forms, stage=stage, now=now)
    mark(Evaluation.objects.filter(pk__in=ids))
    return len(ids) or 0


def _locked(due: QuerySet[Evaluation], most: int | None) -> list[int]:
    skip = connection.features.has_select_for_update_skip_locked
    rows = due.select_for_update(no_key=True, skip_locked=skip, of=("self",)).values_list("pk", flat=True)
    return list(rows[:most] if most else rows)
