"""T&D's pages of places that were not used: the list, its export, and one with its reason and charge."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.permissions import td_page
from bookings import actions
from bookings.absences import KINDS, Asked, by_organisation, missed_places, table
from bookings.forms import MissedReasonForm, WaiveForm
from bookings.models import Booking
from wscb_training.tables import csv_file, xlsx_file
from wscb_training.wording import local_date

PAGE, ORGANISATIONS = 50, 20


@td_page
def listed(request):
    """Late cancellations and absences, newest first, with the organisations that have most of them."""
    asked = Asked.of(request.GET)
    found = missed_places(asked)
    context = {
        "asked": asked,
        "kinds": KINDS,
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "organisations": by_organisation(found)[:ORGANISATIONS],
        "query": request.GET.urlencode(),
    }
    return render(request, "bookings/absences/list.html", context)


@td_page
def csv(request):
    """The same list as CSV."""
    return csv_file(table(missed_places(Asked.of(request.GET))), name=_name())


@td_page
def xlsx(request):
    """The same list as a workbook."""
    return xlsx_file([table(missed_places(Asked.of(request.GET)))], name=_name())


def _name() -> str:
    return f"places not used {local_date(timezone.now())}"


@td_page
def absence(request, code):
    """One place not used: why, and its charge, which can be waived."""
    booking = get_object_or_404(Booking.objects.missed().for_page().select_related("charge"), code=code)
    charge = getattr(booking, "charge", None)
    waiving = request.method == "POST" and "waive" in request.POST
    reason = MissedReasonForm(
        request.POST if request.method == "POST" and not waiving else None,
        initial={"reason": booking.absence_reason},
    )
    waive = WaiveForm(request.POST if waiving else None)
    if request.method == "POST":
        if waiving and not charge:
            raise Http404
        if waiving and waive.is_valid():
            try:
                actions.waive_charge(
                    charge=charge, by=request.user, now=timezone.now(), reason=waive.cleaned_data["waived_reason"]
                )
                messages.success(request, "The charge is waived.")
            except actions.Refused as refused:
                messages.warning(request, str(refused))
            return redirect("bookings:absence", code)
        if not waiving and reason.is_valid():
            actions.note_absence(booking=booking, by=request.user, reason=reason.cleaned_data["reason"])
            messages.success(request, f"The reason for {booking.person} is noted.")
            return redirect("bookings:absence", code)
    context = {
        "booking": booking, "charge": charge, "reason_form": reason, "waive_form": waive,
        "form": waive if waiving else reason,
    }  # fmt: skip
    return render(request, "bookings/absences/one.html", context)
