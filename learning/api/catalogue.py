"""The public catalogue: what anybody may know without signing in."""

from typing import Annotated

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Path, Query, Router

from competence.models import PathwayTick, TrainingContent
from courses.models import Course, Event
from learning.api import schemas
from learning.api.pages import Paged, page_of
from wscb_training.wording import local_date

router = Router(tags=["Catalogue"])
MAY_BE_WRONG = {422: schemas.Problem, 429: schemas.Problem}
MAY_BE_NONE = {404: schemas.Problem, **MAY_BE_WRONG}
Slug = Annotated[str, Path(max_length=100, pattern=schemas.NAME)]
Reference = Annotated[str, Path(max_length=20, pattern=schemas.NAME)]


class Courses(Paged):
    """Which courses."""

    completes: str = Query(
        "", max_length=5, pattern=schemas.NAME, description="Code of a training content that they complete."
    )
    group: int | None = Query(None, ge=1, le=8, description="Meant for this competence group, or for everybody.")


class Events(Paged):
    """Which events."""

    course: str = Query("", max_length=100, pattern=schemas.NAME, description="The slug of their course.")


@router.get(
    "/pathway", response={200: list[schemas.Content], 429: schemas.Problem}, summary="What each competence group needs"
)
def pathway(request):
    """Appendix 4 of the strategy as it is in force today."""
    ticks = PathwayTick.objects.in_force(on=local_date(timezone.now())).values_list("content", "group")
    groups = sorted(ticks, key=lambda tick: tick[1])
    return [
        {"code": content.pk, "title": content.title, "groups": [group for code, group in groups if code == content.pk]}
        for content in TrainingContent.objects.all()
    ]


@router.get("/courses", response={200: schemas.Page[schemas.Course], **MAY_BE_WRONG}, summary="Courses")
def courses(request, asked: Query[Courses]):
    """Every course that is offered, by title."""
    found = _courses()
    if asked.completes:
        found = found.filter(satisfies=asked.completes)
    if asked.group:
        found = found.for_group(asked.group).distinct()
    return page_of(request, found, asked, lambda some: [_course(course) for course in some])


@router.get("/courses/{slug}", response={200: schemas.Course, **MAY_BE_NONE}, summary="One course")
def course(request, slug: Slug):
    """One course that is offered."""
    return _course(get_object_or_404(_courses(), slug=slug))


@router.get("/events", response={200: schemas.Page[schemas.Event], **MAY_BE_WRONG}, summary="Events to come")
def events(request, asked: Query[Events]):
    """Every event to come that the public list shows, soonest first."""
    found = _events()
    if asked.course:
        found = found.filter(course__slug=asked.course)
    return page_of(request, found, asked, lambda some: [_event(event) for event in some])


@router.get("/events/{reference}", response={200: schemas.Event, **MAY_BE_NONE}, summary="One event to come")
def event(request, reference: Reference):
    """One event to come that the public list shows."""
    return _event(get_object_or_404(_events(), reference=reference))


def _courses():
    related = ("subjects", "satisfies", "target_groups", "prerequisites")
    return Course.objects.offered().prefetch_related(*related).order_by("title", "pk")


def _events():
    listed = Event.objects.upcoming(at=timezone.now()).listed_for(AnonymousUser())
    return listed.for_list().prefetch_related("sessions")


def _course(course: Course) -> dict:
    return {
        "slug": course.slug,
        "title": course.title,
        "url": settings.BASE_URL + course.get_absolute_url(),
        "delivery": course.delivery,
        "length": course.length,
        "summary": course.summary,
        "outcomes": course.outcome_list,
        "subjects": [subject.name for subject in course.subjects.all()],
        "completes": [content.pk for content in course.satisfies.all()],
        "groups": [group.pk for group in course.target_groups.all()],
        "prerequisites": [needed.slug for needed in course.prerequisites.all()],
        "refresher_months": course.refresher_months,
    }


def _event(event: Event) -> dict:
    places, venue = event.places(), event.venue
    return {
        "reference": event.reference,
        "course": event.course.slug,
        "title": event.course.title,
        "url": settings.BASE_URL + event.get_absolute_url(),
        "sessions": [{"starts_at": each.starts_at, "ends_at": each.ends_at} for each in event.sessions.all()],
        "venue": venue and {
            "name": venue.name, "address": venue.address, "postcode": venue.postcode,
            "step_free": venue.is_step_free, "hearing_loop": venue.has_hearing_loop,
        },
        "audience": event.audience,
        "places": places.left_for_others,
        "places_for_voluntary_sector": places.left,
        "waiting": event.waiting,
        "booking_opens_at": event.booking_opens_at,
        "booking_closes_at": event.closes_at,
    }  # fmt: skip
