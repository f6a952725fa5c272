"""Service users (§6.14, §12): the events that they helped to design or deliver, and what they expect of staff."""

from django.db.models import Prefetch
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Policy
from accounts.rules import year_bounds, year_of
from courses.models import Event
from monitoring.models import Consultation, ExpectedQuality
from monitoring.permissions import monitoring_page
from wscb_training.tables import Table, xlsx_file
from wscb_training.wording import local_date

SHOWN = 50


def _year(request) -> tuple[int, list[int]]:
    this = year_of(local_date(timezone.now()), starts_month=Policy.current().year_starts_month)
    asked = request.GET.get("year", "")
    years = list(range(this, this - 5, -1))
    return (int(asked) if asked.isascii() and asked.isdigit() and int(asked) in years else this), years


def _events(year: int):
    begin, end = year_bounds(year, starts_month=Policy.current().year_starts_month)
    standing = Event.objects.filter(status__in=[Event.Status.PUBLISHED, Event.Status.COMPLETED])
    involved = standing.filter(starts_at__gte=begin, starts_at__lt=end).exclude(
        service_users_in_design=False, service_users_in_delivery=False
    )
    return involved.select_related("course", "venue").order_by("-starts_at")


def _consultations():
    expected = ExpectedQuality.objects.prefetch_related("courses").order_by("position", "pk")
    return Consultation.objects.prefetch_related(Prefetch("expected", expected))


@monitoring_page
def page(request):
    """The events of a programme year with service users in them, and every consultation with its themes."""
    year, years = _year(request)
    events = list(_events(year)[:SHOWN])
    context = {
        "events": events, "year": year, "years": [(each, f"{each}-{(each + 1) % 100:02}") for each in years],
        "design": sum(event.service_users_in_design for event in events),
        "delivery": sum(event.service_users_in_delivery for event in events),
        "consultations": list(_consultations()[:20]), "now": timezone.now(),
    }  # fmt: skip
    return render(request, "monitoring/service_users.html", context)


@monitoring_page
def file(request):
    """The same as a workbook."""
    year, _ = _year(request)
    words = {True: "Yes", False: "No"}
    events = [
        [event.reference, event.course.title, local_date(event.starts_at), words[event.service_users_in_design],
         words[event.service_users_in_delivery]]
        for event in _events(year)
    ]  # fmt: skip
    themes = [
        [each.title, each.dated, each.sample, each.people if each.people is not None else "", each.method,
         theme.get_kind_display(), theme.text, theme.mentions if theme.mentions is not None else "",
         ", ".join(course.title for course in theme.courses.all())]
        for each in _consultations()
        for theme in each.expected.all()
    ]  # fmt: skip
    tables = [
        Table("Events", ["Event", "Course", "Date", "In the design", "In the delivery"], events),
        Table("What service users expect", [
            "Consultation", "Date", "Who was asked", "People", "How", "Kind", "Theme", "Said by", "Courses",
        ], themes),
    ]  # fmt: skip
    return xlsx_file(tables, name=f"service users {year}")
