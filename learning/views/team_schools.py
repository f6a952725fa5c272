"""A school's or setting's safeguarding leads and whole-school training (§9, §10)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from accounts import schools as actions
from accounts.models import User
from learning import schools
from learning.forms import SafeguardingLeadForm, WholeSchoolForm
from learning.views.frame import show, team_page
from wscb_training.wording import local_date


def _of_schools(organisation):
    if not organisation.is_school_or_setting:
        raise Http404


@team_page
def safeguarding(request, organisation):
    """Who is Designated Safeguarding Lead and deputy, until when they are trained, and what is missing."""
    _of_schools(organisation)
    standing = schools.standing(organisation, today=local_date(timezone.now()))
    past = organisation.safeguarding_leads.filter(until__isnull=False).select_related("person").order_by("-until")
    return show(request, "safeguarding", organisation, {"standing": standing, "past": past[:20]})


@team_page
def name(request, organisation):
    """Name a Designated Safeguarding Lead or deputy from the team."""
    _of_schools(organisation)
    staff = User.objects.working_for(organisation)
    form = SafeguardingLeadForm(request.POST or None, staff=staff, today=local_date(timezone.now()))
    if request.method == "POST" and form.is_valid():
        named = actions.name_safeguarding_lead(organisation=organisation, by=request.user, **form.cleaned_data)
        messages.success(request, f"{named.person} is now {_article(named)}.")
        return redirect("learning:team_safeguarding", organisation.pk)
    context = {"form": form, "title": "Name a safeguarding lead or deputy", "about": "safeguarding"}
    return show(request, "form", organisation, context)


def _article(named) -> str:
    return "the Designated Safeguarding Lead" if named.role == named.Role.LEAD else "a deputy"


@team_page
def end(request, organisation, role_id):
    """End somebody's role today."""
    _of_schools(organisation)
    role = get_object_or_404(organisation.safeguarding_leads.select_related("person"), pk=role_id, until=None)
    if request.method == "POST":
        actions.end_safeguarding_role(role=role, until=local_date(timezone.now()), by=request.user)
        messages.success(request, f"{role.person} is {role.get_role_display()} no more.")
    return redirect("learning:team_safeguarding", organisation.pk)


@team_page
def whole_school(request, organisation):
    """Note that all staff were trained together elsewhere."""
    _of_schools(organisation)
    now = timezone.now()
    form = WholeSchoolForm(request.POST or None, today=local_date(now))
    if request.method == "POST" and form.is_valid():
        actions.note_whole_school_training(organisation=organisation, by=request.user, now=now, **form.cleaned_data)
        messages.success(request, "The training of all staff is noted.")
        return redirect("learning:team_safeguarding", organisation.pk)
    context = {"form": form, "title": "Training of all staff", "about": "whole_school"}
    return show(request, "form", organisation, context)
