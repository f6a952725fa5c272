"""Two accounts turn out to be one person: everything of the one moves to the other, nothing is lost or doubled."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import CPDLead, User
from bookings.actions import Refused
from bookings.actions.places import bring_up_to_date, lock_event, lock_people, move
from bookings.models import Booking, TrainingRecord
from learning.actions.alerting import forget_choice
from wscb_training.wording import local_date

REASON = "Two accounts of one person were merged."
# The best of two bookings of one event is kept.
RANK = {Booking.Status.CONFIRMED: 0, Booking.Status.AWAITING_APPROVAL: 1, Booking.Status.WAITING: 2}


def merging_refusal(*, keep: User, gone: User) -> str | None:
    """Return why these two accounts can't be merged, or None."""
    if keep.pk == gone.pk:
        return "These are the same account."
    if keep.erased_at or gone.erased_at:
        return "An erased account can't be merged."
    if keep.merged_into_id or gone.merged_into_id:
        return "One of these accounts was merged into another before."
    if gone.is_staff or gone.is_superuser:
        return "An account that may open the administration can't be merged away. Keep that one."
    return None


@transaction.atomic
def merge_accounts(*, keep: User, gone: User, by: User, now: datetime) -> User:
    """Move all that belongs to `gone` to `keep`, close `gone` and return `keep`. Raises Refused (edge case 23).

    Bookings keep the organisation under which they were made. Of two bookings of one event the better one stays. The
    password and email that open the account are those of `keep`, unless it had none. Roles are not moved.
    """
    bookings = Booking.objects.filter(person__in=[keep, gone]).live()
    for event_id in sorted(set(bookings.values_list("event", flat=True))):
        _keep_one_booking(event_id, keep, gone, by=by, now=now)
    people = lock_people([keep.pk, gone.pk])
    keep, gone = people[keep.pk], people[gone.pk]  # as they stand now: what was changed since the page was read stays
    if sentence := merging_refusal(keep=keep, gone=gone):
        raise Refused(sentence)
    _give_way(keep, gone, by=by, now=now)
    _move_everything(keep, gone, by=by)
    _withdraw_doubles(keep, by=by)
    return _close(keep, gone, by=by)


def _keep_one_booking(event_id: int, keep: User, gone: User, *, by: User, now: datetime) -> None:
    """End the lesser of two live bookings of an event, and let the waiting list have its place."""
    event = lock_event(event_id)
    both = event.bookings.live().filter(person__in=[keep, gone]).select_related("record")
    if len(both) < 2:
        return
    best, lesser = sorted(both, key=lambda booking: (not _is_counted(booking), RANK[booking.status], booking.pk))
    move(lesser, Booking.Status.CANCELLED, event=event, by=by, now=now, reason=REASON)
    if _is_counted(lesser) and _is_counted(best):
        _withdraw(lesser.record, by=by)
    if event.is_published and event.starts_at > now:
        bring_up_to_date(event, now=now)


def _is_counted(booking: Booking) -> bool:
    record = getattr(booking, "record", None)
    return bool(record and record.status == TrainingRecord.Status.COUNTED)


def _withdraw(record: TrainingRecord, *, by: User) -> None:
    record.status = TrainingRecord.Status.WITHDRAWN
    record.decision_reason = REASON
    record._history_user = by
    record.save()


def _give_way(keep: User, gone: User, *, by: User, now: datetime) -> None:
    """Take away what both have and only one may have: membership, leadership, role, interest, trainer's account."""
    today = local_date(now)
    if keep.organisation_id or keep.memberships.filter(ended_on__isnull=True).exists():
        for membership in gone.memberships.filter(ended_on__isnull=True):
            membership.ended_on = max(today, membership.started_on)
            membership.save()
    elif gone.organisation_id:
        keep.organisation = gone.organisation
    gone.leadships.filter(organisation__in=keep.leadships.values("organisation")).delete()
    held = keep.safeguarding_roles.filter(until__isnull=True).values("organisation")
    for role in gone.safeguarding_roles.filter(until__isnull=True, organisation__in=held):
        role.until = max(today, role.since)
        role._history_user = by
        role.save()
    gone.interests.filter(course__in=keep.interests.values("course")).delete()
    if hasattr(keep, "alert_choice"):
        forget_choice(person=gone)
    if hasattr(keep, "trainer") and hasattr(gone, "trainer"):
        gone.trainer.person = None
        gone.trainer._history_user = by
        gone.trainer.save()


def _move_everything(keep: User, gone: User, *, by: User) -> None:
    """Let whatever refers to `gone` refer to `keep`, on every floor; with history what has one of that person."""
    for model in (Booking, TrainingRecord, CPDLead):
        for row in model.objects.filter(person=gone):
            row.person = keep
            row._history_user, row._change_reason = by, REASON
            row.save()
    for relation in User._meta.get_fields(include_hidden=True):
        if not (relation.one_to_many or relation.one_to_one) or not relation.auto_created:
            continue
        model, name = relation.related_model, relation.field.name
        # The history tells what was; emails and the pointer of merged accounts are settled when closing.
        if hasattr(model, "history_date") or model is EmailAddress or name == "merged_into" or model._meta.auto_created:
            continue
        model._default_manager.filter(**{name: gone}).update(**{name: keep})


def _withdraw_doubles(keep: User, *, by: User) -> None:
    """Withdraw a second record of the same course on the same day: it was one training."""
    seen = set()
    for record in TrainingRecord.objects.counted().filter(person=keep).order_by("pk"):
        key = (record.course_id, record.title.casefold(), record.completed_on)
        if key in seen:
            _withdraw(record, by=by)
        seen.add(key)


def _close(keep: User, gone: User, *, by: User) -> User:
    gone.refresh_from_db()
    email, password = gone.email, gone.password
    gone.email, gone.is_active, gone.organisation, gone.merged_into = None, False, None, keep
    gone.coordinator = None
    gone.set_unusable_password()
    for name in ("full_name", "job_role", "manager_email"):
        setattr(keep, name, getattr(keep, name) or getattr(gone, name))
    keep.group = keep.group or gone.group
    if keep.coordinator_id in (gone.pk, keep.pk):
        keep.coordinator = None
    for person in (gone, keep):
        person._history_user, person._change_reason = by, REASON
    gone.save()
    if keep.email:
        EmailAddress.objects.filter(user=gone).delete()
    else:
        EmailAddress.objects.filter(user=gone).update(user=keep)
        keep.email, keep.password, keep.coordinator = email, password, keep.coordinator if not email else None
    keep.save()
    return keep
