"""Who works for the organisation: invite, confirm, register without email, take leave; the switch of approval."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts import staffing
from accounts.models import Invitation, Membership
from bookings import actions
from bookings.models import Booking
from learning import permissions
from learning.forms import ApprovalSettingForm, InviteForm, LeaverForm, ManagedDetailsForm, ManagedPersonForm
from learning.views.frame import show, team_page
from learning.views.team_tokens import tokens_of
from wscb_training.wording import count, local_date


@team_page
def joining(request, organisation):
    """The people who say that they work here, and the invitations that are still open."""
    newcomers = Membership.objects.to_confirm().filter(organisation=organisation).select_related("person")
    context = {
        "newcomers": newcomers.order_by("started_on", "pk"),
        "invitations": Invitation.objects.open(at=timezone.now()).filter(organisation=organisation),
    }
    return show(request, "joining", organisation, context)


@team_page
def invite(request, organisation):
    """Invite one person or a pasted list."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        addresses = form.cleaned_data["addresses"]
        sent = staffing.invite(organisation=organisation, addresses=addresses, by=request.user, now=timezone.now())
        _say_invited(request, len(sent), len(addresses) - len(sent))
        return redirect("learning:team_joining", organisation.pk)
    return show(request, "form", organisation, {"form": form, "title": "Invite staff", "about": "invite"})


def _say_invited(request, sent: int, known: int) -> None:
    if sent:
        messages.success(request, f"{count(sent, 'invitation')} sent.")
    if known:
        messages.info(
            request, f"{count(known, 'address belongs', 'addresses belong')} to people who work here already."
        )


@team_page
def withdraw(request, organisation, invitation_id):
    """Withdraw an invitation that is still open."""
    if request.method == "POST":
        for invitation in Invitation.objects.filter(organisation=organisation, pk=invitation_id):
            staffing.withdraw_invitation(invitation=invitation, now=timezone.now())
            messages.success(request, f"The invitation of {invitation.email} is withdrawn.")
    return redirect("learning:team_joining", organisation.pk)


@team_page
def settle(request, organisation, membership_id):
    """Say whether somebody works here: yes confirms, no takes the organisation off their account, asked first."""
    membership, now = permissions.newcomer(organisation, membership_id), timezone.now()
    if request.method != "POST":
        return show(request, "refuse", organisation, {"membership": membership})
    answer = request.POST.get("answer")
    if answer == "yes" and staffing.confirm_member(membership=membership, by=request.user, now=now):
        messages.success(request, f"{membership.person} is confirmed and now in your team.")
    if answer == "no" and staffing.refuse_member(membership=membership, by=request.user, now=now):
        messages.success(request, f"{membership.person} is told that {organisation} does not know them.")
    return redirect("learning:team_joining", organisation.pk)


@team_page
def add(request, organisation):
    """Register somebody who has no email of their own; the lead gets their messages."""
    form = ManagedPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = staffing.register_managed(
            organisation=organisation, by=request.user, now=timezone.now(), **form.cleaned_data
        )
        messages.success(request, f"{person} is in your team. You get their messages.")
        return redirect("learning:team_person", organisation.pk, person.pk)
    return show(request, "form", organisation, {"form": form, "title": "Add somebody without email", "about": "add"})


@team_page
def edit(request, organisation, person_id):
    """Change the details of somebody without email."""
    person = permissions.managed_member(organisation, person_id).person
    initial = {"full_name": person.full_name, "job_role": person.job_role, "group": person.group_id}
    form = ManagedDetailsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        staffing.change_managed(person=person, by=request.user, **form.cleaned_data)
        messages.success(request, f"The details of {person} are changed.")
        return redirect("learning:team_person", organisation.pk, person.pk)
    context = {"form": form, "title": f"Details of {person}", "person": person}
    return show(request, "form", organisation, context)


@team_page
def take_over(request, organisation, person_id):
    """Get the messages of somebody without email from now on, in place of another lead."""
    person = permissions.managed_member(organisation, person_id).person
    if request.method == "POST":
        staffing.take_over(person=person, by=request.user)
        messages.success(request, f"You get the messages of {person} from now on.")
    return redirect("learning:team_person", organisation.pk, person.pk)


@team_page
def leave(request, organisation, person_id):
    """Note that somebody left, and keep or cancel what is booked for them."""
    membership, now = permissions.member(organisation, person_id), timezone.now()
    person = membership.person
    coming = Booking.objects.live().filter(person=person, organisation=organisation, event__starts_at__gt=now)
    coming = coming.for_page().order_by("event__starts_at")
    form = LeaverForm(
        request.POST or None, has_bookings=bool(coming), today=local_date(now), started_on=membership.started_on
    )
    if request.method == "POST" and form.is_valid():
        cancelled = actions.note_leaver(
            membership=membership,
            by=request.user,
            now=now,
            ended_on=form.cleaned_data["ended_on"],
            cancel_bookings=form.cleaned_data["bookings"] == LeaverForm.CANCEL,
        )
        freed = f" {count(cancelled, 'booking was', 'bookings were')} cancelled." if cancelled else ""
        messages.success(request, f"{person} has left your team.{freed}")
        return redirect("learning:team", organisation.pk)
    return show(request, "leave", organisation, {"form": form, "person": person, "coming": coming})


@team_page
def settings(request, organisation):
    """Whether a CPD lead approves each booking, and who switched it when."""
    form = ApprovalSettingForm(
        request.POST or None, initial={"requires_approval": "yes" if organisation.requires_approval else "no"}
    )
    if request.method == "POST" and form.is_valid():
        value = form.cleaned_data["requires_approval"] == ApprovalSettingForm.YES
        staffing.set_requires_approval(organisation=organisation, by=request.user, value=value)
        messages.success(request, "Bookings need approval now." if value else "Bookings need no approval now.")
        return redirect(reverse("learning:team_settings", args=[organisation.pk]))
    context = {"form": form, "switches": _switches(organisation), **tokens_of(organisation, now=timezone.now())}
    return show(request, "settings", organisation, context)


def _switches(organisation) -> list:
    """Return the steps of the history at which approval was switched, newest first."""
    steps, last = [], False
    for step in organisation.history.select_related("history_user").order_by("history_date", "history_id"):
        if step.requires_approval != last:
            steps.append(step)
            last = step.requires_approval
    return steps[::-1]
