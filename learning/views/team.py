"""A CPD lead's team: everybody with their progress, and a page for each."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.models import Organisation
from accounts.permissions import signed_in
from bookings.models import Booking, TrainingRecord
from competence.models import CompetenceGroup
from courses.models import Event
from learning import pdfs, permissions, teams
from learning.passports import passport_of
from learning.pathway import groups_of, my_pathway
from learning.views.frame import show, team_page
from wscb_training.tables import as_file
from wscb_training.wording import local_date

PAGE = 50
SORT_WORDS = {
    "overdue": "Overdue first",
    "name": "Name",
    "group": "Group",
    "progress": "Least done first",
    "next": "Runs out first",
}


@signed_in
def choose(request):
    """To the team of who leads one organisation; a choice for who leads several; `event` goes on to book for it."""
    led, reference = request.user.led_organisations, request.GET.get("event", "")
    if reference:  # what is no event's fits no address
        get_object_or_404(Event, reference=reference)
    if len(led) == 1:
        return (
            redirect("learning:team_book", led[0].pk, reference) if reference else redirect("learning:team", led[0].pk)
        )
    context = {"standings": teams.standings(led, now=timezone.now()), "reference": reference}
    return render(request, "learning/team/choose.html", context)


@team_page
def people(request, organisation: Organisation):
    """The team: searched, filtered by group, sorted, a page at a time."""
    everybody = teams.team(organisation, today=local_date(timezone.now()))
    asked, sort = request.GET.get("q", "").strip()[:100], request.GET.get("sort", "overdue")
    group = (
        int(request.GET["group"]) if request.GET.get("group", "") in ("1", "2", "3", "4", "5", "6", "7", "8") else None
    )
    found = teams.select(everybody, words=asked, group=group, sort=sort)
    context = {
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "summary": teams.summary(everybody),
        "groups": CompetenceGroup.objects.all(),
        "group": group,
        "asked": asked,
        "sort": sort if sort in SORT_WORDS else "overdue",
        "sorts": SORT_WORDS.items(),
    }
    return show(request, "people", organisation, context)


@team_page
def person(request, organisation: Organisation, person_id: int):
    """One of the team: pathway, records, and the bookings made under this organisation only (edge case 19)."""
    membership, now = permissions.member(organisation, person_id), timezone.now()
    [row] = teams.rows([membership], today=local_date(now), organisation=organisation)
    steps = my_pathway(membership.person, now=now).steps if membership.person.group_id else []
    bookings = Booking.objects.filter(organisation=organisation, person=person_id).for_page().with_position()
    context = {
        "row": row,
        "steps": steps,
        "groups": groups_of(membership.person),
        "person": membership.person,
        "membership": membership,
        "records": TrainingRecord.objects.filter(person=person_id)
        .exclude(status=TrainingRecord.Status.WITHDRAWN)
        .for_page(),
        "coming": bookings.live().filter(event__starts_at__gt=now).order_by("event__starts_at"),
        "past": bookings.filter(event__starts_at__lte=now)
        .select_related("record")
        .prefetch_related("attendances")
        .order_by("-event__starts_at")[:20],
    }
    return show(request, "person", organisation, context)


@team_page
def passport(request, organisation, person_id):
    """The training passport of somebody of the team, to print for who has no email (edge case 20)."""
    person, today = permissions.member(organisation, person_id).person, timezone.localdate()
    content = pdfs.passport(passport_of(person, today=today))
    return as_file(content, f"training-passport-{today}.pdf", "application/pdf")
