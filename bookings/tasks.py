"""What beat asks of bookings. Each may run at any time, any number of times: the actions lock and look again."""

from celery import shared_task
from django.utils import timezone

from bookings import actions


@shared_task
def release_places() -> None:
    """Release the places kept for the voluntary sector whose day has come, and serve the waiting lists."""
    actions.release_due_places(now=timezone.now())
    actions.free_places_of_closed_accounts(now=timezone.now())


@shared_task
def tell_before_events() -> None:
    """Send the joining instructions and reminders whose moment has come."""
    actions.send_joining_instructions(now=timezone.now())
    actions.send_reminders(now=timezone.now())


@shared_task
def warn_of_few_bookings() -> None:
    """Tell T&D of events that start soon with fewer people than they need."""
    actions.warn_of_few_bookings(now=timezone.now())


@shared_task
def settle_missed_places() -> None:
    """Tell the CPD leads of the day's places that were not used."""
    actions.settle_missed_places(now=timezone.now())


@shared_task
def lapse_approvals() -> None:
    """Let places go that nobody approved in time, and remind the CPD leads of the others."""
    actions.lapse_due_approvals(now=timezone.now())
    actions.remind_due_approvals(now=timezone.now())


@shared_task
def tell_interested() -> None:
    """Tell those who asked for a course of its new events."""
    actions.tell_interested(now=timezone.now())


@shared_task
def wipe_needs() -> None:
    """Forget access and dietary needs 30 days after the event."""
    actions.wipe_needs(now=timezone.now())
