"""What a CPD lead does about bookings of their organisation: approve, see, cancel, swap, note an absence."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from bookings import actions
from bookings.forms import CancelForm
from bookings.models import Booking
from bookings.views.approval import decide
from learning import permissions
from learning.forms import AbsenceForm, SwapForm
from learning.views.frame import show, team_page

PAGE = 50
COMING, PAST, MISSED = "coming", "past", "missed"


@team_page
def approvals(request, organisation):
    """The bookings that wait for the lead's approval, the one that lapses first at the top."""
    waiting = Booking.objects.to_approve(at=timezone.now()).filter(organisation=organisation)
    waiting = waiting.for_page().with_position().order_by("approval_due_at", "event__starts_at")
    return show(request, "approvals", organisation, {"bookings": waiting})


@team_page
def approve(request, organisation, code):
    """One booking to approve or decline; who comes too late is told what happened instead."""
    booking = permissions.staff_booking(organisation, code)
    return show(request, "approve", organisation, decide(request, booking, by=request.user))


@team_page
def bookings(request, organisation):
    """The bookings made under this organisation only: to come, past, or places that were not used."""
    now, view = timezone.now(), request.GET.get("view", COMING)
    found = Booking.objects.filter(organisation=organisation).for_page().with_position()
    if view in (MISSED, PAST):
        found = found.missed().select_related("charge") if view == MISSED else found.filter(event__starts_at__lte=now)
        found = found.select_related("record").prefetch_related("attendances")
        found = found.order_by("-event__starts_at", "person__full_name")
    else:
        view, found = COMING, found.live().filter(event__starts_at__gt=now)
        found = found.order_by("event__starts_at", "event", "person__full_name")
    asked = request.GET.get("q", "").strip()[:100]
    if asked:
        found = found.filter(person__full_name__icontains=asked)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "view": view, "asked": asked, "keep": [("view", view)]}
    return show(request, "bookings", organisation, context)


@team_page
def cancel(request, organisation, code):
    """Cancel the booking of somebody, under the same rules as they would themselves; they are told."""
    booking, now = permissions.staff_booking(organisation, code), timezone.now()
    late = booking.would_be_late(now=now)
    form = CancelForm(request.POST or None, required=late, button="Cancel the booking")
    refusal = booking.cancel_refusal(now=now)
    if request.method == "POST" and not refusal and form.is_valid():
        try:
            actions.cancel(booking=booking, by=request.user, now=now, reason=form.cleaned_data["reason"])
        except actions.Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, f"The booking of {booking.person} is cancelled. They are told.")
            return redirect("learning:team_event", organisation.pk, booking.event.reference)
    context = {"booking": booking, "event": booking.event, "form": form, "late": late, "refusal": refusal}
    return show(request, "cancel", organisation, context)


@team_page
def swap(request, organisation, code):
    """Give somebody's place to a colleague: the same place, a new person."""
    booking, now = permissions.staff_booking(organisation, code), timezone.now()
    taken = booking.event.bookings.live().values("person")
    colleagues = User.objects.working_for(organisation).exclude(pk__in=taken)
    form = SwapForm(request.POST or None, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        colleague = form.cleaned_data["colleague"]
        try:
            actions.swap(booking=booking, colleague=colleague, by=request.user, now=now)
        except actions.Refused as refused:
            form.add_error("colleague", f"{colleague}: {refused}")
        else:
            messages.success(request, f"{colleague} has the place of {booking.person} now. Both are told.")
            return redirect("learning:team_event", organisation.pk, booking.event.reference)
    return show(request, "swap", organisation, {"booking": booking, "event": booking.event, "form": form})


@team_page
def absence(request, organisation, code):
    """Note why somebody did not come."""
    booking = permissions.staff_booking(organisation, code)
    form = AbsenceForm(request.POST or None, initial={"reason": booking.absence_reason})
    if request.method == "POST" and form.is_valid():
        actions.note_absence(booking=booking, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, f"The reason for {booking.person} is noted.")
        return redirect(f"{reverse('learning:team_bookings', args=[organisation.pk])}?view={MISSED}")
    return show(request, "absence", organisation, {"booking": booking, "event": booking.event, "form": form})
