"""The page where a CPD lead approves or declines a booking, from the link in their email."""

from django.shortcuts import render
from django.utils import timezone

from accounts.models import User
from bookings import actions, permissions
from bookings.forms import ApprovalForm
from bookings.models import Booking


def approval(request, token):
    """Ask, without signing in: opening the link changes nothing (a mail scanner does that), sending the form does.

    Who comes too late is told what happened instead.
    """
    booking, lead = permissions.approval_from_link(token)
    return render(request, "bookings/approval.html", decide(request, booking, by=lead))


def decide(request, booking: Booking, *, by: User) -> dict:
    """Take the answer that was sent, if one was; return what its page shows: the form, the decision, or why none."""
    now, form = timezone.now(), ApprovalForm(request.POST or None)
    context = {"booking": booking, "event": booking.event, "sessions": booking.event.sessions.all(), "form": form}
    refusal = actions.approval_refusal(booking=booking, now=now)
    if request.method == "POST" and not refusal and form.is_valid():
        try:
            booking = form.decide(booking, by=by, now=now)
        except actions.Refused as refused:  # it lapsed, or somebody decided, between the page and the press
            refusal = str(refused)
        else:
            context |= {"booking": booking, "decided": True}
    if refusal:
        context |= {"refusal": refusal, "form": None}
    return context
