"""The page where a CPD lead approves or declines a booking, from the link in their email."""

from django.shortcuts import render
from django.utils import timezone

from bookings import actions, permissions
from bookings.forms import ApprovalForm


def approval(request, token):
    """Ask, without signing in: opening the link changes nothing (a mail scanner does that), sending the form does.

    Who comes too late is told what happened instead.
    """
    booking, lead = permissions.approval_from_link(token)
    now, form = timezone.now(), ApprovalForm(request.POST or None)
    context = {"booking": booking, "event": booking.event, "sessions": booking.event.sessions.all(), "form": form}
    refusal = actions.approval_refusal(booking=booking, now=now)
    if request.method == "POST" and not refusal and form.is_valid():
        try:
            booking = form.decide(booking, by=lead, now=now)
        except actions.Refused as refused:  # it lapsed, or somebody decided, between the page and the press
            refusal = str(refused)
        else:
            context |= {"booking": booking, "decided": True}
    if refusal:
        context |= {"refusal": refusal, "form": None}
    return render(request, "bookings/approval.html", context)
