"""T&D's first pages: what waits today, and the year's programme."""

from django.shortcuts import render
from django.utils import timezone

from accounts.models import Policy
from accounts.permissions import td_page
from accounts.rules import year_of
from monitoring import programme as planning
from monitoring.setting_up import steps_left
from monitoring.today import this_week, waiting
from wscb_training.wording import local_date


@td_page
def today(request):
    """What waits for T&D this morning."""
    now = timezone.now()
    context = {
        "setup_left": steps_left(),
        "waiting": waiting(now=now),
        "week": this_week(now=now),
        "today": local_date(now),
        "now": now,
    }
    return render(request, "monitoring/today.html", context)


@td_page
def programme(request):
    """The events of a programme year by month, of one priority or all."""
    now = timezone.now()
    this_year = year_of(local_date(now), starts_month=Policy.current().year_starts_month)
    asked, priority = request.GET.get("year", ""), request.GET.get("priority", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and 2000 <= int(asked) < 2100 else this_year
    number = int(priority) if priority.isascii() and priority.isdigit() else None
    number = number if number in planning.PRIORITIES else None
    months = planning.programme(year, now=now, priority=number)
    everything = [planned for month in months for planned in month.events]
    context = {
        "months": months,
        "undated": planning.undated() if number is None and year == this_year else [],
        "year": year,
        "years": range(this_year - 2, this_year + 2),
        "priority": number,
        "priorities": planning.PRIORITIES.items(),
        "served": planning.served(everything) if number is None else [],
        "total": len(everything),
        "drafts": sum(planned.event.status == "draft" for planned in everything),
    }
    return render(request, "monitoring/programme.html", context)
