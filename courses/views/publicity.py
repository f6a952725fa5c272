"""Publicity (§14): flyers, feeds that other programs read, and a list that other sites show."""

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import conditional_page, require_safe

from courses import calendars, pdfs
from courses.models import Event
from courses.months import Month
from courses.permissions import event_for_flyer
from courses.views.catalogue import events_asked, upcoming_for
from wscb_training.public_pages import same_for_everybody
from wscb_training.wording import clock, day

MOST = 300  # events in a calendar feed
NEWEST, EMBEDDED, MOST_EMBEDDED = 50, 5, 20


@require_safe
def flyer(request, reference):
    """A flyer of an event, to print."""
    return _pdf(pdfs.flyer(event_for_flyer(reference, viewer=request.user)), f"flyer-{reference}.pdf")


@require_safe
def month_flyer(request, year, month):
    """A flyer of a month's programme, to print; of events for everyone or for some sectors."""
    try:
        of = Month(year, month)
    except ValueError:
        raise Http404 from None
    events = Event.objects.filter(status=Event.Status.PUBLISHED, starts_at__gte=of.starts_at, starts_at__lt=of.ends_at)
    events = events.exclude(audience=Event.Audience.ORGANISATIONS).for_list().prefetch_related("sessions", "sectors")
    content = pdfs.month_flyer(of.first_day, list(events.order_by("starts_at", "pk")))
    return _pdf(content, f"programme-{year}-{month:02}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_safe
@conditional_page
def calendar_feed(request):
    """The events that the query asks for as a calendar that programs subscribe to; cancelled ones are struck out."""
    now = timezone.now()
    asked, _ = events_asked(request, now)
    cancelled = Event.objects.filter(
        status=Event.Status.CANCELLED, starts_at__gt=now, first_published_at__isnull=False
    ).exclude(audience=Event.Audience.ORGANISATIONS)
    found = [*asked.prefetch_related("sessions")[:MOST]]
    if not request.GET:
        found += cancelled.for_list().prefetch_related("sessions")[:MOST]
    entries = [
        entry
        for event in found
        for entry in calendars.event_entries(
            event,
            uid=event.reference.lower(),
            stamp=event.cancelled_at or event.first_published_at,
            sequence=int(event.cancelled_at is not None),
            cancelled=event.cancelled_at is not None,
        )
    ]
    return HttpResponse(calendars.calendar(entries), content_type="text/calendar; charset=utf-8")


class NewsFeed(Feed):
    """New events, the newest first, as an Atom feed; with the filters of the list."""

    feed_type = Atom1Feed
    description_template = None

    def get_object(self, request):
        events, _ = events_asked(request, timezone.now())
        return events.order_by("-first_published_at", "-pk")[:NEWEST]

    def title(self, events) -> str:
        return f"{settings.SERVICE_NAME}: new events"

    def link(self, events) -> str:
        return reverse("courses:events")

    def items(self, events):
        return events

    def item_title(self, event) -> str:
        return f"{event.course.title}, {day(event.starts_at)}"

    def item_description(self, event) -> str:
        when = f"{day(event.starts_at)}, {clock(event.starts_at)}"
        return f"{when}, {event.place_name}. {event.course.summary}"

    def item_link(self, event) -> str:
        return event.get_absolute_url()

    def item_guid(self, event) -> str:
        return settings.BASE_URL + event.get_absolute_url()

    def item_pubdate(self, event):
        return event.first_published_at


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@conditional_page
def embed(request):
    """The next events as a small page that other sites show in a frame; the list's filters, and how many."""
    asked = request.GET.get("n", "")
    number = min(int(asked), MOST_EMBEDDED) if asked.isascii() and asked.isdigit() and int(asked) else EMBEDDED
    query = request.GET.copy()
    query.pop("n", None)
    request.GET = query
    events, _ = events_asked(request, timezone.now())
    context = {"events": events[:number], "query": f"?{query.urlencode()}" if query else ""}
    return render(request, "courses/embed.html", context)


@require_safe
@same_for_everybody
def share(request):
    """How to subscribe to the events, print them, and show them on another site."""
    now = timezone.now()
    first = upcoming_for(request, now).first()
    months = [Month.of(first.starts_at if first else now)]
    while len(months) < 3:
        months.append(months[-1].next())
    context = {"base": settings.BASE_URL, "months": months}
    return render(request, "courses/share.html", context)
