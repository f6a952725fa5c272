"""Somebody's own details, one thing a page, and the page that shows them all."""

from functools import partial

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import actions, forms, rules, second_factor
from accounts.models import CPDLead, Organisation
from accounts.permissions import kept_form, signed_in, want_page, wanted_page

# In this order a newcomer is asked; the manager's email last, for it is optional.
STEPS = ("name", "organisation", "role", "group", "manager")
WALKING = "walks_through_details"  # in the session: ASKED one after the other, or CHECKING the answers
ASKED, CHECKING = "asked", "checking"


@signed_in
def details(request):
    """All that the person told us about themselves, each with a link to change it."""
    request.session.pop(WALKING, None)
    context = {"awaits_lead": _awaits_lead(request.user), "second_factor": second_factor.ways(request.user)}
    return render(request, "accounts/details.html", context)


def _awaits_lead(person) -> bool:
    """Return whether the organisation has a CPD lead who has not confirmed yet that the person works there."""
    leads = CPDLead.objects.filter(organisation=OuterRef("organisation"))
    return person.memberships.filter(Exists(leads), ended_on__isnull=True, confirmed_at__isnull=True).exists()


@signed_in
def start(request):
    """Ask a newcomer for what is missing, from the first such page on."""
    want_page(request, request.GET.get("next"))
    if request.user.profile_complete:
        return redirect(wanted_page(request, default=reverse("learning:my_training")))
    request.session[WALKING] = ASKED
    return redirect(f"accounts:{_missing(request.user)[0]}")


def _missing(person) -> list[str]:
    """Return the questions that the person has not answered, in order."""
    told = (person.full_name, person.organisation_id, person.job_role, person.group_id, person.manager_email)
    return [step for step, answer in zip(STEPS, told, strict=True) if not answer]


def _after(request, step: str):
    """Go on: to the next question that a newcomer has not answered; else back to where the change began."""
    walking = request.session.get(WALKING)
    if not walking:
        messages.success(request, "Your details are changed.")
        return redirect("accounts:details")
    request.user.refresh_from_db()
    missing = _missing(request.user) if walking == ASKED else []
    following = [later for later in missing if STEPS.index(later) > STEPS.index(step)]
    return redirect(f"accounts:{following[0]}" if following else "accounts:check")


def _back(request, step: str) -> str:
    """Return the address of the page before a question; "" before a newcomer's first."""
    walking = request.session.get(WALKING)
    if walking == ASKED and step in STEPS:
        at = STEPS.index(step)
        return reverse(f"accounts:{STEPS[at - 1]}") if at else ""
    return reverse("accounts:check" if walking == CHECKING else "accounts:details")


def _ask(request, form, step: str, **context):
    """Render the page of one question, with the way back to the question before."""
    first = next(iter(form.fields.values()))
    context = {
        "form": form,
        "title": context.get("heading") or first.label,
        "back_url": _back(request, step),
        "step": STEPS.index(step) + 1 if step in STEPS else 0,
        "steps": len(STEPS) if request.session.get(WALKING) == ASKED and step in STEPS else 0,
        **context,
    }
    return render(request, "accounts/question.html", context)


def _posted(request):
    # Not `request.POST or None`: nothing chosen is an answer too, which the form refuses.
    return request.POST if request.method == "POST" else None


def _question(request, form_class, step: str, save, initial: dict):
    """Ask one question and save its answer: what most of these pages do."""
    form = form_class(_posted(request), initial={**initial, **kept_form(request)})
    if request.method == "POST" and form.is_valid():
        save(form.cleaned_data)
        return _after(request, step)
    return _ask(request, form, step)


@signed_in
def name(request):
    person = request.user
    return _question(
        request, forms.NameForm, "name",
        lambda data: actions.set_details(person=person, by=person, **data), {"full_name": person.full_name},
    )  # fmt: skip


@signed_in
def role(request):
    person = request.user
    return _question(
        request, forms.JobRoleForm, "role",
        lambda data: actions.set_details(person=person, by=person, **data), {"job_role": person.job_role},
    )  # fmt: skip


@signed_in
def group(request):
    person = request.user
    return _question(
        request, partial(forms.GroupForm, has_group=bool(person.group_id)), "group",
        lambda data: actions.set_group(person=person, by=person, **data), {"group": person.group_id},
    )  # fmt: skip


@signed_in
def manager(request):
    person = request.user
    return _question(
        request, partial(forms.ManagerForm, own_email=person.email), "manager",
        lambda data: actions.set_details(person=person, by=person, **data), {"manager_email": person.manager_email},
    )  # fmt: skip


@signed_in
def organisation(request):
    """Type the name; the next page shows what is like it."""
    form = forms.OrganisationForm(request.GET if "typed" in request.GET else None, initial=kept_form(request))
    form.helper.form_method = "get"
    form.helper.disable_csrf = True
    if form.is_bound and form.is_valid():
        return redirect(f"{reverse('accounts:choose_organisation')}?{request.GET.urlencode()}")
    return _ask(request, form, "organisation")


@signed_in
def choose_organisation(request):
    """Choose from the organisations like what was typed, or say that it is not listed."""
    typed = request.GET.get("typed", "").strip()
    if not typed:
        return redirect("accounts:organisation")
    found = _found(typed)
    form = forms.ChooseOrganisationForm(_posted(request), found=found, initial=kept_form(request))
    if request.method == "POST" and form.is_valid():
        return _chosen(request, form.cleaned_data["organisation"], typed)
    return _ask(request, form, "organisation", back_url=reverse("accounts:organisation"), typed=typed, found=found)


def _found(typed: str) -> list[Organisation]:
    rows = Organisation.objects.listed().values_list("pk", "name", "postcode")
    keys = rules.matching_organisations(typed, {pk: f"{name} {postcode}" for pk, name, postcode in rows})
    organisations = Organisation.objects.listed().in_bulk(keys)
    return [organisations[key] for key in keys]


def _chosen(request, choice: str, typed: str):
    if choice == forms.NOT_LISTED:
        request.session["typed_organisation"] = typed[:200]
        return redirect("accounts:new_organisation")
    if _leaves_one(request):
        return redirect(f"{reverse('accounts:change_organisation')}?to={choice}")
    return _join(request, None if choice == forms.CHILDMINDER else Organisation.objects.get(pk=choice))


def _leaves_one(request) -> bool:
    """Return whether to ask first: somebody who is not just signing up has an organisation already."""
    return bool(request.user.organisation_id) and not request.session.get(WALKING)


def _join(request, chosen: Organisation | None):
    """Let the person work for the organisation, or with None for themselves as a childminder."""
    person, now = request.user, timezone.now()
    if chosen:
        actions.join_organisation(person=person, organisation=chosen, by=person, now=now)
    else:
        actions.become_childminder(person=person, by=person, now=now)
    return _after(request, "organisation")


@signed_in
def change_organisation(request):
    """Ask before leaving one organisation for another: other people see it."""
    choice = request.GET.get("to", "")
    if choice != forms.CHILDMINDER and not choice.isdecimal():
        return redirect("accounts:organisation")
    chosen = None if choice == forms.CHILDMINDER else get_object_or_404(Organisation.objects.listed(), pk=choice[:18])
    if request.method == "POST":
        return _join(request, chosen)
    return render(request, "accounts/change_organisation.html", {"chosen": chosen, **_leaving(request)})


def _leaving(request) -> dict:
    left = request.user.organisation
    return {"left": left, "leads_it": left in request.user.led_organisations}


@signed_in
def new_organisation(request):
    """Say what the organisation is that is not listed; T&D confirms it."""
    person = request.user
    initial = {"name": request.session.get("typed_organisation", ""), **kept_form(request)}
    form = forms.NewOrganisationForm(_posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        proposed = actions.propose_organisation(by=person, **form.cleaned_data)
        actions.join_organisation(person=person, organisation=proposed, by=person, now=timezone.now())
        request.session.pop("typed_organisation", None)
        return _after(request, "organisation")
    context = {"heading": "Tell us about your organisation", "back_url": reverse("accounts:organisation")}
    return _ask(request, form, "organisation", **context, **(_leaving(request) if _leaves_one(request) else {}))


@signed_in
def check(request):
    """Check the answers of the walk; going on leads to what the person wanted at first."""
    if not request.user.profile_complete:
        return redirect("accounts:start")
    if request.method == "POST":
        request.session.pop(WALKING, None)
        return redirect(wanted_page(request, default=reverse("learning:my_training")))
    request.session[WALKING] = CHECKING  # a change made from here comes back here
    return render(request, "accounts/check.html", {"awaits_lead": _awaits_lead(request.user)})
