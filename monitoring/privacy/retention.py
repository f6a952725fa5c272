"""What goes by schedule: each step deletes or empties what the policy's periods have run out for, and counts it."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Invitation, Policy
from bookings.models import Booking, Charge, TrainingRecord
from evaluations.models import Answer, Evaluation
from monitoring.models import RetentionRun
from monitoring.privacy import leaving
from notifications.models import Message

log = logging.getLogger(__name__)

AT_ONCE = 1000
ERASED, TOLD = "People erased", "People told that they will be"
FAILED = "failed, see the log"


def old_messages(policy: Policy, now: datetime) -> QuerySet[Message]:
    """Return the emails that went out, or failed, longer ago than they are kept, and still say something."""
    before = now - relativedelta(months=policy.messages_months)
    return Message.objects.filter(status__in=["sent", "failed"], created_at__lt=before).exclude(to="")


def old_invitations(policy: Policy, now: datetime) -> QuerySet[Invitation]:
    """Return the invitations that were sent longer ago than they are kept."""
    return Invitation.objects.filter(sent_at__lt=now - relativedelta(months=policy.invitations_months))


def old_words(policy: Policy, now: datetime) -> list[tuple[QuerySet, dict]]:
    """Return the rows with words older than they are kept, each with what they are emptied to."""
    before = now - relativedelta(years=policy.words_years)
    reasons = Booking.objects.filter(event__ends_at__lt=before)
    reasons = reasons.exclude(end_reason="", absence_reason="", override_reason="")
    decisions = TrainingRecord.objects.filter(decided_at__lt=before).exclude(decision_reason="")
    waived = Charge.objects.filter(waived_at__lt=before).exclude(waived_reason="")
    drafts = Evaluation.objects.filter(opens_at__lt=before).exclude(draft={})
    answers = Answer.objects.filter(evaluation__submitted_at__lt=before).exclude(text="")
    return [
        (reasons, {"end_reason": "", "absence_reason": "", "override_reason": ""}),
        (decisions, {"decision_reason": ""}), (waived, {"waived_reason": ""}), (drafts, {"draft": {}}),
        (answers, {"text": ""}),
    ]  # fmt: skip


def _messages(policy: Policy, now: datetime) -> int:
    """Empty them: the row with its key stays, so that no email ever goes a second time."""
    nothing = dict.fromkeys(["to", "subject", "text", "html", "calendar", "last_error"], "")
    return old_messages(policy, now).update(**nothing, recipient=None, headers={})


def _invitations(policy: Policy, now: datetime) -> int:
    return _delete(old_invitations(policy, now))


def _sessions(policy: Policy, now: datetime) -> int:
    return Session.objects.filter(expire_date__lt=now).delete()[0]


def _words(policy: Policy, now: datetime) -> int:
    return sum(rows.update(**empty) for rows, empty in old_words(policy, now))


def _history(policy: Policy, now: datetime) -> int:
    before = now - relativedelta(years=policy.history_years)
    histories = [model for model in apps.get_models() if hasattr(model, "history_date")]
    return sum(_delete(model.objects.filter(history_date__lt=before)) for model in histories)


def _delete(rows: QuerySet) -> int:
    number = 0
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        rows.model.objects.filter(pk__in=ids).delete()
        number += len(ids)
    return number


STEPS: dict[str, Callable[[Policy, datetime], int]] = {
    "Emails emptied": _messages,
    "Invitations deleted": _invitations,
    "Sessions that ran out deleted": _sessions,
    "Texts emptied": _words,
    "Earlier versions deleted": _history,
    TOLD: leaving.tell,
}


def keep_to_retention(*, now: datetime) -> RetentionRun:
    """Delete and empty what the policy's periods have run out for; write and return the report. Harmless to repeat.

    Each step is a transaction of its own, so that one that fails does not keep the others from being done; the report
    and the log say which.
    """
    policy, done = Policy.current(), {}
    for name, step in STEPS.items():
        try:
            with transaction.atomic():
                done[name] = step(policy, now)
        except Exception:
            log.exception("Retention failed: %s", name)
            done[name] = FAILED
    done[ERASED], left = leaving.erase(policy, now)
    return RetentionRun.objects.create(ran_at=now, done=done, left=left)


def due(policy: Policy, leavers: Iterable[leaving.Leaver], now: datetime) -> dict[str, int]:
    """Return how much is due to go by `now`: what the next run takes, of the people who come up."""
    return {
        "Emails": old_messages(policy, now).count(),
        "Invitations": old_invitations(policy, now).count(),
        "Texts": sum(rows.count() for rows, _ in old_words(policy, now)),
        "People": len(leaving.due(leavers, now)),
    }
