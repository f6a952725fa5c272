"""Book one or many staff on an event in one go (§6.9): choose the people, see what each gets, then book."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone

from accounts.models import User
from bookings import actions, rules
from bookings.models import Booking
from competence.models import TrainingContent
from courses.models import Event
from learning import permissions, teams
from learning.forms import PeopleForm
from learning.views.frame import show, team_page
from wscb_training.wording import count, local_date


@team_page
def choose_event(request, organisation):
    """The events to come that this organisation's staff may be booked on; for somebody, and what they miss."""
    events = Event.objects.upcoming(at=timezone.now()).for_audience(organisation).for_list()
    asked, contents = request.GET.get("q", "").strip()[:100], TrainingContent.objects.all()
    if asked:
        events = events.filter(course__title__icontains=asked)
    content = next((each for each in contents if each.pk == request.GET.get("content")), None)
    if content:
        events = events.filter(course__satisfies=content)
    person = _staff(organisation).filter(pk=_number(request.GET.get("people"))).first()
    context = {"events": events[:100], "asked": asked, "contents": contents, "content": content, "person": person}
    return show(request, "choose_event", organisation, context)


def _number(text: str | None) -> int | None:
    return int(text[:18]) if text and text.isascii() and text.isdigit() else None


@team_page
def event(request, organisation, reference):
    """One event as this organisation sees it: who of its staff comes, waits, or gave the place up."""
    event, now = permissions.bookable_event(reference), timezone.now()
    bookings = event.bookings.filter(organisation=organisation).for_page().with_position().order_by("pk")
    bookings = bookings.select_related("record").prefetch_related("attendances")
    return show(
        request,
        "event",
        organisation,
        {
            "event": event,
            "sessions": event.sessions.all(),
            "live": [booking for booking in bookings if booking.is_live],
            "ended": [booking for booking in bookings if not booking.is_live],
            "refusal": rules.event_refusal(event, now=now),
            "has_started": event.starts_at <= now,
        },
    )


@team_page
def book(request, organisation, reference):
    """Tick the people; the next page shows what each would get."""
    event, now = permissions.bookable_event(reference), timezone.now()
    staff = _staff(organisation)
    context = {
        "event": event,
        "staff": teams.who_needs(event.course, list(staff), today=local_date(now)),
        "booked": set(event.bookings.live().values_list("person_id", flat=True)),
        "refusal": rules.event_refusal(event, now=now),
        "ticked": set(request.POST.getlist("people") or request.GET.getlist("people")),
    }
    form = PeopleForm(request.POST or None, staff=staff)
    if request.method == "POST" and form.is_valid() and not context["refusal"]:
        if "book" in request.POST:
            return _book(request, organisation, event, form.cleaned_data["people"])
        return _preview(request, organisation, event, form.cleaned_data["people"])
    return show(request, "book", organisation, {**context, "form": form})


def _staff(organisation):
    return User.objects.working_for(organisation).select_related("group")


def _preview(request, organisation, event, people, *, notice: str = ""):
    """Show who would get a place, who would wait and who can't be booked; nothing is written yet."""
    now = timezone.now()
    if event.release_is_due(at=now):  # the worker may be down: whoever looks next serves the waiting list
        actions.release_places(event_id=event.pk, now=now)
        event = permissions.bookable_event(event.reference)
    outcomes = actions.preview_many(event=event, people=people, organisation=organisation, now=now)
    context = {
        "event": event,
        "notice": notice,
        "placed": [outcome for outcome in outcomes if outcome.gets_place],
        "waits": [outcome for outcome in outcomes if outcome.waits],
        "refused": [outcome for outcome in outcomes if outcome.refusal],
        "bookable": sum(not outcome.refusal for outcome in outcomes),
        "people": people,
    }
    return show(request, "book_check", organisation, context)


def _book(request, organisation, event, people):
    expected = request.POST.get("places_expected", "")
    try:
        outcomes = actions.book_many(
            event=event,
            people=people,
            organisation=organisation,
            by=request.user,
            now=timezone.now(),
            places_expected=int(expected) if expected.isascii() and expected.isdigit() else 0,
        )
    except actions.PlacesRanShort as short:
        return _preview(request, organisation, permissions.bookable_event(event.reference), people, notice=str(short))
    _say(request, outcomes)
    return redirect("learning:team_event", organisation.pk, event.reference)


def _say(request, outcomes) -> None:
    """Tell who got what: a banner for the whole, and one for each person who was refused."""
    placed = [outcome for outcome in outcomes if outcome.booking and outcome.booking.status != Booking.Status.WAITING]
    waits = [outcome for outcome in outcomes if outcome.booking and outcome.booking.status == Booking.Status.WAITING]
    if placed or waits:
        parts = [f"{count(len(placed), 'person has', 'people have')} a place"] if placed else []
        parts += [f"{count(len(waits), 'person is', 'people are')} on the waiting list"] if waits else []
        messages.success(request, f"{', and '.join(parts)}. Each of them is told.")
    for outcome in outcomes:
        if outcome.refusal:
            messages.warning(request, f"{outcome.person} was not booked. {outcome.refusal}")
