"""What a person has and still needs."""

from django.shortcuts import render
from django.utils import timezone

from accounts.permissions import signed_in
from bookings.models import Booking, OnlineStart


@signed_in
def my_training(request):
    """Bookings to come, waiting lists with the position, online courses begun, and what is past."""
    now = timezone.now()
    bookings = Booking.objects.filter(person=request.user).for_page().with_position()
    bookings = bookings.select_related("record").prefetch_related("attendances")
    live = bookings.live().filter(event__ends_at__gt=now).order_by("event__starts_at")
    return render(
        request,
        "learning/my_training.html",
        {
            "coming": [booking for booking in live if booking.holds_place],
            "waiting": [booking for booking in live if booking.is_waiting],
            "begun": OnlineStart.objects.begun_by(request.user),
            "past": bookings.holding().filter(event__ends_at__lte=now).order_by("-event__starts_at")[:50],
            "ended": bookings.ended_before_the_event(at=now)[:10],
        },
    )
