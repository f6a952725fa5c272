"""Pages: an event, booking it, and what became of a booking."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.models import Policy
from accounts.permissions import kept_form, signed_in, with_details
from bookings import actions, permissions, rules
from bookings.forms import BookingForm, CancelForm
from bookings.models import Booking
from courses.models import Event
from wscb_training.public_pages import same_for_everybody


@same_for_everybody
def event(request, reference):
    """An event: sessions, venue, trainers, places, and the button or the reason why there is none."""
    now = timezone.now()
    event = permissions.visible_event(reference, viewer=request.user)
    if event.release_is_due(at=now):  # the worker may be down: whoever looks next serves the waiting list
        actions.release_places(event_id=event.pk, now=now)
        event = permissions.visible_event(reference, viewer=request.user)
    return render(request, "bookings/event.html", {"event": event, **_standing(event, request.user, now)})


def _standing(event: Event, viewer, now) -> dict:
    """Return how `viewer` stands to the event: their booking, or why they can't book, or what booking would do."""
    prefetch_related_objects([event], "sessions", "trainers")
    served = actions.list_is_served(event, now=now)
    if not viewer.is_authenticated:  # nobody knows their sector yet: a kept place may be theirs
        full = not rules.gets_place(event.places(), is_vcs=True, list_is_served=served)
        return {"refusal": rules.event_refusal(event, now=now), "is_full": full}
    facts = Booking.objects.facts(event=event, person=viewer)
    own = Booking.objects.live().filter(event=event, person=viewer).first() if facts.booked_as else None
    is_vcs = bool(viewer.sector and viewer.sector.counts_as_vcs)
    return {
        "own": own,
        "position": own.position() if own else 0,
        "refusal": None if own else rules.refusal(event, facts, now=now),
        "needs_details": not facts.profile_complete,
        "is_full": not rules.gets_place(event.places(), is_vcs=is_vcs, list_is_served=served),
        "is_vcs": is_vcs,
        "outside_group": _outside_group(event, viewer),
    }


def _outside_group(event: Event, viewer) -> bool:
    """Whether the course is meant for other groups: allowed, with a notice."""
    groups = {group.pk for group in event.course.target_groups.all()}
    return bool(viewer.group_id and groups and viewer.group_id not in groups)


@with_details
def book(request, reference):
    """Check the answers and book. A second press, a second tab or the back button leads to the one booking."""
    now = timezone.now()
    event = permissions.visible_event(reference, viewer=request.user)
    sent = request.POST if request.method == "POST" else None
    if sent is not None and (form := BookingForm(sent)).is_valid():  # the action asks the rules, under the lock
        return _press(request, event, form.cleaned_data, now)
    standing = _standing(event, request.user, now)
    if standing["own"]:
        return _to_own(request, standing["own"])
    if standing["refusal"]:
        return redirect(event)
    button = "Join the waiting list" if standing["is_full"] else "Confirm booking"
    form = BookingForm(sent, initial=kept_form(request), button=button)
    return render(request, "bookings/book.html", {"event": event, "form": form, **standing})


def _press(request, event: Event, needs: dict, now):
    try:
        booking = actions.book(event=event, person=request.user, by=request.user, now=now, **needs)
    except actions.Refused as refused:
        if own := Booking.objects.live().filter(event=event, person=request.user).first():
            return _to_own(request, own)
        messages.warning(request, str(refused))  # the world moved between the page and the press
        return redirect(event)
    return redirect("bookings:booked", code=booking.code)


def _to_own(request, booking: Booking):
    messages.info(request, rules.already_booked(booking.status))
    return redirect(booking)


@signed_in
def booked(request, code):
    """The confirmation panel, with what happens next."""
    booking = permissions.own_booking(code, viewer=request.user)
    return render(request, "bookings/booked.html", _about(booking))


@signed_in
def booking(request, code):
    """One booking: where it stands, when and where to be, and how to give it up."""
    booking = permissions.own_booking(code, viewer=request.user)
    return render(request, "bookings/booking.html", {**_about(booking), "history": _history(booking)})


@signed_in
def needs(request, code):
    """Change the access and dietary needs of a booking, up to the start."""
    booking, now = permissions.own_booking(code, viewer=request.user), timezone.now()
    if refusal := booking.needs_refusal(now=now):
        messages.info(request, refusal)
        return redirect(booking)
    told = {"access_needs": booking.access_needs, "dietary_needs": booking.dietary_needs}
    form = BookingForm(
        request.POST if request.method == "POST" else None, initial={**told, **kept_form(request)}, button="Save"
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_needs(booking=booking, by=request.user, now=now, **form.cleaned_data)
            messages.success(request, "Saved. The trainers see it on their register.")
        except actions.Refused as refused:
            messages.warning(request, str(refused))
        return redirect(booking)
    return render(request, "bookings/needs.html", {"booking": booking, "event": booking.event, "form": form})


def _about(booking: Booking) -> dict:
    now = timezone.now()
    return {
        "booking": booking,
        "event": booking.event,
        "sessions": booking.event.sessions.all(),
        "position": booking.position(),
        "can_cancel": booking.cancel_refusal(now=now) is None,
        "can_change": booking.needs_refusal(now=now) is None,
        "policy": Policy.current(),
    }


def _history(booking: Booking) -> list:
    """Return what happened to the booking, oldest first: each change of status, once."""
    steps, last = [], None
    for step in booking.history.order_by("history_date", "history_id"):
        if step.status != last:
            steps.append(step)
            last = step.status
    return steps


@signed_in
def cancel(request, code):
    """Ask, and cancel the booking or leave the waiting list."""
    return _cancel(request, permissions.own_booking(code, viewer=request.user), by=request.user)


def give_back(request, token):
    """The link of the promotion email: opening it only asks, pressing the button gives the place back."""
    booking = permissions.booking_from_link(token)
    return _cancel(request, booking, by=booking.person)


def _cancel(request, booking: Booking, *, by):
    now = timezone.now()
    if refusal := booking.cancel_refusal(now=now):
        return render(request, "bookings/cancelled.html", {"booking": booking, "refusal": refusal})
    late, held = booking.would_be_late(now=now), booking.holds_place
    form = CancelForm(
        request.POST if request.method == "POST" else None,
        required=late,
        button="Cancel booking" if held else "Leave the waiting list",
    )
    if request.method == "POST" and form.is_valid():
        try:
            booking = actions.cancel(booking=booking, by=by, now=now, reason=form.cleaned_data["reason"])
        except actions.Refused as refused:
            return render(request, "bookings/cancelled.html", {"booking": booking, "refusal": str(refused)})
        return render(request, "bookings/cancelled.html", {"booking": booking, "held": held})
    context = {"booking": booking, "event": booking.event, "form": form, "late": late, "policy": Policy.current()}
    return render(request, "bookings/cancel.html", context)
