"""Fetch and authorise in one call."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from courses.models import Course, Event


def visible_course(slug: str, *, viewer) -> Course:
    """Return the course if `viewer` (a person, or nobody signed in) may see its page: T&D alone until it is offered."""
    related = ("subjects", "contents", "satisfies", "target_groups", "prerequisites")
    course = get_object_or_404(Course.objects.prefetch_related(*related), slug=slug)
    if not course.is_active and not (viewer.is_authenticated and viewer.is_td):
        raise Http404
    return course


def event_for_calendar(reference: str) -> Event:
    """Return the event for a calendar entry, the cancelled too, so that a calendar can strike it out; no draft."""
    events = Event.objects.exclude(status=Event.Status.DRAFT).for_list().prefetch_related("sessions")
    return get_object_or_404(events, reference=reference)


def event_for_flyer(reference: str, *, viewer) -> Event:
    """Return an event that is to be publicised; drafts are T&D's alone, and a cancelled one is not pinned up."""
    events = Event.objects.exclude(status=Event.Status.CANCELLED).for_list()
    event = get_object_or_404(events.prefetch_related("sessions", "trainers"), reference=reference)
    if event.status == Event.Status.DRAFT and not (viewer.is_authenticated and viewer.is_td):
        raise Http404
    return event
