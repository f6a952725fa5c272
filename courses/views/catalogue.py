"""The public catalogue: home, events as a list and as a calendar, courses, and interest in a course."""

from functools import wraps
from itertools import groupby
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import signed_in
from competence.models import CompetenceGroup, PathwayTick, PathwayVersion, TrainingContent
from courses import actions, calendars, rules
from courses.filters import CourseFilter, EventFilter, chips
from courses.models import Course, Event, Interest, Subject, Venue
from courses.months import Month, weeks
from courses.permissions import event_for_calendar, visible_course
from courses.search import LONGEST, Found, search
from wscb_training.public_pages import same_for_everybody
from wscb_training.wording import local_date

PAGE = 20


def _tidy_address(view):
    """Lead to the address without the filters left empty, and without a search that no person typed.

    What remains can be read, sent to a colleague, and is repeated in every link of the page.
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        tidy = QueryDict(mutable=True)
        for name, values in request.GET.lists():
            tidy.setlist(name, [value[:LONGEST] for value in values if value])
        if tidy.urlencode() != request.GET.urlencode():
            return redirect(f"{request.path}?{tidy.urlencode()}".rstrip("?"))
        return view(request, *args, **kwargs)

    return wrapped


def _search(request, *sources) -> Found | None:
    """Return what the request searches for among the documents of `sources`, or None without a search."""
    asked = request.GET.get("q", "").strip()
    if not asked:
        return None
    documents = [document for source in sources for document in source.documents()]
    return search(asked, documents, exact="exact" in request.GET)


def _listing(request, filtered, found: Found | None) -> dict:
    """Return what every filtered list shows above and beside its rows."""
    form = filtered.form
    query = request.GET.copy()
    query.pop("page", None)
    keep = [(name, value) for name, values in query.lists() for value in values]
    return {
        "form": form,
        "found": found,
        "asked": found.asked if found else "",
        "chips": chips(form, request.GET),
        "query": f"?{query.urlencode()}" if query else "",
        "keep": [(name, value) for name, value in keep if name not in ("q", "exact")],
        "clear_url": f"{request.path}?{urlencode({'q': found.asked})}" if found else request.path,
    }


def upcoming_for(request, now):
    return Event.objects.upcoming(at=now).listed_for(request.user)


def events_asked(request, now, **options):
    """Return the upcoming events that the request asks for, and what its page shows around them."""
    viewer = request.user
    is_vcs = not (viewer.is_authenticated and viewer.sector) or viewer.sector.counts_as_vcs
    filtered = EventFilter(request.GET, upcoming_for(request, now), now=now, is_vcs=is_vcs, **options)
    events, found = filtered.qs, _search(request, Course.objects.offered(), Venue.objects.all())
    context = _listing(request, filtered, found)
    if found:
        matching = events.matching(found)
        context["is_partial"] = len(found.hits) > 1 and not matching.exists()
        events = events.matching(found, any_word=context["is_partial"])
    return events.for_list(), context


@require_safe
@same_for_everybody
def home(request):
    """What this is, for whom, and where to start."""
    now = timezone.now()
    context = {
        "events": upcoming_for(request, now).for_list()[:5],
        "subjects": Subject.objects.exclude(core_subject="").order_by("core_subject"),
    }
    return render(request, "courses/home.html", context)


@require_safe
@_tidy_address
@same_for_everybody
def events(request):
    """Upcoming events, soonest first, filtered and searched."""
    events, context = events_asked(request, timezone.now())
    page = Paginator(events, PAGE).get_page(request.GET.get("page"))
    return render(request, "courses/events.html", {**context, "page_obj": page})


@require_safe
@_tidy_address
@same_for_everybody
def calendar(request):
    """The month of the first event that matches; this month when none does."""
    now = timezone.now()
    events, context = events_asked(request, now, without_dates=True)
    first = events.first()
    return _month(request, Month.of(first.starts_at if first else now), events, context, now)


@require_safe
@_tidy_address
@same_for_everybody
def month(request, year, month):
    """One month of upcoming events."""
    try:
        shown = Month(year, month)
    except ValueError as error:
        raise Http404 from error
    now = timezone.now()
    events, context = events_asked(request, now, without_dates=True)
    return _month(request, shown, events, context, now)


def _month(request, month: Month, events, context: dict, now):
    sessions = list(events.sessions_between(month.starts_at, month.ends_at))
    later = events.filter(starts_at__gte=month.ends_at).first()
    nearest = later if sessions else later or events.first()
    return render(
        request,
        "courses/calendar.html",
        {
            **context,
            "title": str(month),
            "number": len({session.event_id for session in sessions}),
            "weeks": weeks(month, sessions, today=local_date(now)),
            **_beside(request, "previous", month.previous() if month > Month.of(now) else None),
            **_beside(request, "next", month.next() if later else None),
            **_beside(request, "nearest", Month.of(nearest.starts_at) if nearest else None),
        },
    )


def _beside(request, which: str, month: Month | None) -> dict:
    """Return the address and the words of a link to another month, with the filters kept."""
    if not month:
        return {}
    address = f"{reverse('courses:month', args=[month.year, month.month])}?{request.GET.urlencode()}".rstrip("?")
    return {f"{which}_url": address, f"{which}_text": str(month)}


@require_safe
@_tidy_address
@same_for_everybody
def courses(request):
    """All courses, from A to Z or by subject, filtered; a search puts the best match first."""
    now = timezone.now()
    filtered = CourseFilter(request.GET, Course.objects.for_catalogue())
    found = _search(request, Course.objects.offered())
    courses = _in_order_found(found, filtered.qs) if found else list(filtered.qs)
    _with_next_events(courses, upcoming_for(request, now))
    by_subject = request.GET.get("by") == "subject"
    context = _listing(request, filtered, found)
    context |= {"courses": courses, "by_subject": by_subject, "is_partial": found and found.is_partial}
    context |= {"categories": _by_subject(courses)} if by_subject else {"letters": _by_letter(courses)}
    return render(request, "courses/courses.html", context)


def _with_next_events(courses: list[Course], upcoming) -> None:
    """Give each course its `next_event`, or None."""
    soonest = {event.course_id: event for event in upcoming.first_of_each_course().for_list()}
    for course in courses:
        course.next_event = soonest.get(course.pk)


def _in_order_found(found: Found, courses) -> list[Course]:
    allowed = {course.pk: course for course in courses}
    return [allowed[course.pk] for course in found.keys if course.pk in allowed]


def _by_letter(courses: list[Course]) -> list[tuple[str, list[Course]]]:
    by_title = sorted(courses, key=lambda course: course.title.casefold())
    return [(letter, list(group)) for letter, group in groupby(by_title, key=lambda course: course.title[0].upper())]


def _by_subject(courses: list[Course]) -> list[tuple[str, list]]:
    """Return the categories of Appendix 2 with their subjects and those with their courses; at last what has none."""
    of_subject = {}
    for course in courses:
        for subject in course.subjects.all():
            of_subject.setdefault(subject, []).append(course)
    subjects = sorted(of_subject, key=lambda subject: (subject.category, subject.position))
    categories = [
        (Subject.Category(category).label, [(subject.name, of_subject[subject]) for subject in group])
        for category, group in groupby(subjects, key=lambda subject: subject.category)
    ]
    others = [course for course in courses if not course.subjects.all()]
    return [*categories, ("Other courses", [("Of no single subject", others)])] if others else categories


@require_safe
@same_for_everybody
def course(request, slug):
    """One course: what it is about and for whom, its next events, or a way to ask for one."""
    now = timezone.now()
    course = visible_course(slug, viewer=request.user)
    events = list(upcoming_for(request, now).filter(course=course).for_list()[:6])
    return render(
        request,
        "courses/course.html",
        {
            "course": course,
            "events": events,
            "related": [content for content in course.contents.all() if content not in course.satisfies.all()],
            "refusal": _interest_refusal(course, events, now=now),
            "is_interested": request.user.is_authenticated
            and Interest.objects.filter(course=course, person=request.user).exists(),
        },
    )


def _interest_refusal(course: Course, events, *, now) -> str | None:
    has_open_event = any(event.closes_at > now for event in events)
    return rules.interest_refusal(is_online_learning=course.is_online_learning, has_open_event=has_open_event)


@signed_in
def interest(request, slug):
    """Register interest in a course, or take it back. Opening the address alone leads to the course."""
    now = timezone.now()
    course = visible_course(slug, viewer=request.user)
    if request.method != "POST":
        return redirect(course)
    if request.POST.get("withdraw"):
        actions.withdraw_interest(course=course, person=request.user)
        messages.success(request, "You are no longer on the list for this course.")
    elif refusal := _interest_refusal(course, upcoming_for(request, now).filter(course=course), now=now):
        messages.info(request, refusal)
    else:
        actions.register_interest(course=course, person=request.user, now=now)
        messages.success(request, "Interest registered. We will email you when there is a date.")
    return redirect(course)


@require_safe
@same_for_everybody
def groups(request):
    """The competence groups of Appendix 3: which one am I?"""
    return render(request, "courses/groups.html", {"groups": CompetenceGroup.objects.all()})


@require_safe
@same_for_everybody
def matrix(request):
    """Appendix 4 as it stands today, or as another version has it: which group needs which content."""
    on = local_date(timezone.now())
    in_force, versions = PathwayVersion.objects.in_force(on=on), list(PathwayVersion.objects.all())
    asked = request.GET.get("version", "")
    shown = next((version for version in versions if version.in_force_from.isoformat() == asked), in_force)
    groups = list(CompetenceGroup.objects.all())
    ticks = set(PathwayTick.objects.filter(version=shown).values_list("content", "group"))
    rows = [
        (content, [(group, (content.pk, group.pk) in ticks) for group in groups])
        for content in TrainingContent.objects.all()
    ]
    context = {"groups": groups, "rows": rows, "shown": shown, "in_force": in_force, "versions": versions, "on": on}
    return render(request, "courses/matrix.html", context)


@require_safe
@same_for_everybody
def group(request, number):
    """What a competence group is to be trained in (Appendix 4), and the courses that complete each part."""
    now = timezone.now()
    group = get_object_or_404(CompetenceGroup, number=number)
    completing = Prefetch("satisfying_courses", Course.objects.offered(), to_attr="courses")
    contents = list(TrainingContent.objects.needed_by(group.pk, on=local_date(now)).prefetch_related(completing))
    courses = [course for content in contents for course in content.courses]
    _with_next_events(courses, upcoming_for(request, now))
    return render(request, "courses/group.html", {"group": group, "contents": contents})


@require_safe
def event_ics(request, reference):
    """An event as a calendar entry, for who has not booked (yet)."""
    event = event_for_calendar(reference)
    entries = calendars.event_entries(
        event,
        uid=event.reference.lower(),
        stamp=timezone.now(),
        sequence=event.history.count(),
        cancelled=event.status == Event.Status.CANCELLED,
    )
    response = HttpResponse(calendars.calendar(entries), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{event.reference}.ics"'
    return response
