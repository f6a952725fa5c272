"""A person asks to be forgotten: what counts stays, the person does not."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Invitation, User
from accounts.problems import forget_reporter
from bookings.actions import Refused, cancel
from bookings.models import Booking, TrainingRecord
from evaluations.models import Evaluation
from learning.actions.alerting import forget_choice
from notifications.models import Message
from wscb_training.files import delete_after_commit
from wscb_training.wording import local_date

ERASED = "Erased person"


def erasing_refusal(person: User) -> str | None:
    """Return why the person can't be erased, or None."""
    if person.erased_at:
        return "This person was erased before."
    if person.is_staff or person.is_superuser:
        return "This account may open the administration. Take that away first."
    if any(each.is_active for each in person.managed_people.all()):  # `all`: may have been fetched for many
        return "This person gets the messages of people without email. Let another CPD lead take these over first."
    return None


@transaction.atomic
def erase_person(*, person: User, by: User, now: datetime) -> User:
    """Forget who somebody was: name, addresses, words and files go; bookings, marks and records stay as counts.

    Bookings to come are cancelled first, so that their places go to the waiting lists (edge case 21). Raises Refused.
    """
    for booking in Booking.objects.live().filter(person=person, event__starts_at__gt=now).order_by("event"):
        cancel(booking=booking, by=by, now=now, reason="The person was erased.", tell=False)
    # After the events, as everywhere: what somebody writes about the person meanwhile is there to be forgotten.
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if sentence := erasing_refusal(person):
        raise Refused(sentence)
    _forget_words(person)
    _leave_everything(person, now=now)
    _forget_messages(person)
    email = person.email
    person.full_name, person.email, person.job_role, person.manager_email = ERASED, None, "", ""
    person.organisation = person.coordinator = None
    person.is_active = person.wants_alert = False
    person.erased_at = now
    person.set_unusable_password()
    person.history.all().delete()
    person._history_user = by
    person.save()
    EmailAddress.objects.filter(user=person).delete()
    if email:
        Invitation.objects.filter(email=email).delete()
        Message.objects.filter(to__iexact=email).delete()
        Evaluation.objects.filter(declined_by__iexact=email).update(declined_by="")
        for people in (User.objects, User.history):
            people.filter(manager_email__iexact=email).update(manager_email="")
    return person


def _forget_words(person: User) -> None:
    """Empty what was said in the person's own words, and delete the files they sent."""
    words = {"end_reason": "", "absence_reason": "", "override_reason": "", "job_role": ""}
    bookings = Booking.objects.filter(person=person)
    bookings.update(**words, access_needs="", dietary_needs="")
    Booking.history.filter(person_id=person.pk).update(**words, history_change_reason=None)
    for record in TrainingRecord.objects.filter(person=person).exclude(evidence=""):
        delete_after_commit(record.evidence)
    TrainingRecord.objects.filter(person=person).update(evidence="", decision_reason="")
    TrainingRecord.history.filter(person_id=person.pk).update(evidence="", decision_reason="")
    Evaluation.objects.filter(respondent=person).update(respondent_email="", draft={})


def _leave_everything(person: User, *, now: datetime) -> None:
    """End what they were: leads, safeguarding roles, memberships; take back what they asked for."""
    today = local_date(now)
    person.leadships.all().delete()
    person.interests.all().delete()
    forget_choice(person=person)
    forget_reporter(person=person)
    person.groups.clear()
    for role in person.safeguarding_roles.filter(until__isnull=True):
        role.until = max(today, role.since)
        role.save()
    for membership in person.memberships.filter(ended_on__isnull=True):
        membership.ended_on = max(today, membership.started_on)
        membership.save()


def _forget_messages(person: User) -> None:
    """Delete the emails written to them, and those about them to their leads: each names them."""
    codes = [str(code) for code in Booking.objects.filter(person=person).values_list("code", flat=True)]
    Message.objects.filter(recipient=person).delete()
    for code in codes:
        Message.objects.filter(key__contains=code).delete()
