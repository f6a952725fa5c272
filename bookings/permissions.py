"""Fetch and authorise in one call: a stranger gets 404, nothing tells that the thing exists."""

from datetime import timedelta

from django.core import signing
from django.core.signing import BadSignature
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from bookings.emails import APPROVE, GIVE_BACK
from bookings.models import Booking
from courses.models import Event, Session

APPROVAL_LINK_LASTS = timedelta(days=90)  # somebody may wait that long for a place


def visible_event(reference: str, *, viewer) -> Event:
    """Return the event if `viewer` (a person, or nobody signed in) may see its page. Drafts are T&D's alone."""
    event = get_object_or_404(Event.objects.select_related("course", "venue"), reference=reference)
    if event.status == Event.Status.DRAFT and not (viewer.is_authenticated and viewer.is_td):
        raise Http404
    return event


def trained_event(reference: str, *, viewer: User) -> Event:
    """Return the event if `viewer` is one of its trainers or of T&D; 404 for everybody else, and for drafts."""
    events = Event.objects.exclude(status=Event.Status.DRAFT).select_related("course", "venue")
    event = get_object_or_404(events, reference=reference)
    if not (viewer.is_td or event.trainers.filter(person=viewer).exists()):
        raise Http404
    return event


def trained_events(*, viewer: User):
    """Return the events that `viewer` trains, whatever became of them but drafts; of T&D, all."""
    events = Event.objects.exclude(status=Event.Status.DRAFT)
    return events if viewer.is_td else events.filter(trainers__person=viewer)


def session_of(event: Event, number: int) -> Session:
    """Return the event's session by its number, from 1; 404 where there is none."""
    sessions = list(event.sessions.all())
    if not 1 <= number <= len(sessions):
        raise Http404
    return sessions[number - 1]


def own_booking(code, *, viewer: User) -> Booking:
    """Return the booking if it is `viewer`'s own, or of somebody whom they look after."""
    booking = get_object_or_404(Booking.objects.for_page(), code=code)
    if viewer.pk not in (booking.person_id, booking.person.coordinator_id):
        raise Http404
    return booking


def booking_from_link(token: str) -> Booking:
    """Return the booking that a signed give-back link names; 404 for any other token."""
    try:
        code = signing.loads(token, salt=GIVE_BACK)
    except BadSignature:
        raise Http404 from None
    return get_object_or_404(Booking.objects.for_page(), code=code)


def approval_from_link(token: str) -> tuple[Booking, User]:
    """Return the booking that a signed approval link names, and the CPD lead to whom it was sent.

    404 for any other token, for one older than `APPROVAL_LINK_LASTS`, and for somebody who leads there no more.
    """
    try:
        code, lead_id = signing.loads(token, salt=APPROVE, max_age=APPROVAL_LINK_LASTS)
    except BadSignature:
        raise Http404 from None
    booking = get_object_or_404(Booking.objects.for_page(), code=code)
    leads = User.objects.filter(is_active=True, leadships__organisation=booking.organisation_id)
    return booking, get_object_or_404(leads, pk=lead_id)
