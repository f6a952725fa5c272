"""A CPD lead's yearly return (§6.10): filled in with what is known, kept as a draft, checked, sent."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone

from accounts.permissions import kept_form
from learning.views.frame import show, team_page
from monitoring.actions import Refused
from monitoring.models import ReturnRound, YearlyReturn
from monitoring.returns import actions, reading, rules
from monitoring.returns.forms import ReturnForm
from wscb_training.wording import local_date


def _round() -> ReturnRound | None:
    return reading.current_round(today=local_date(timezone.now()))


def _kept(round, organisation) -> YearlyReturn | None:
    if round is None:
        return None
    kept = YearlyReturn.objects.filter(round=round, organisation=organisation).select_related("saved_by", "sent_by")
    return kept.prefetch_related("workforce__group", "trainings", "subjects").first()


@team_page
def overview(request, organisation):
    """Where this year's return stands, and those of the years before."""
    round = _round()
    kept, today = _kept(round, organisation), local_date(timezone.now())
    may_take_back = bool(kept) and rules.refusal_to_take_back(
        is_sent=kept.is_sent, due_on=round.due_on, today=today, is_td=request.user.is_td
    ) is None  # fmt: skip
    past = organisation.returns.filter(sent_at__isnull=False).exclude(round=round).select_related("round")
    past = past.prefetch_related("workforce__group", "trainings", "subjects")
    context = {
        "round": round, "kept": kept, "may_take_back": may_take_back, "today": today,
        "is_late": bool(round) and today > round.due_on, "past": past.order_by("-round__year"),
    }  # fmt: skip
    return show(request, "monitoring/team/return.html", organisation, context)


@team_page
def edit(request, organisation):
    """The return itself."""
    round = _round()
    if round is None:
        raise Http404
    now, kept = timezone.now(), _kept(round, organisation)
    if kept and kept.is_sent:
        return redirect("monitoring:team_return", organisation.pk)
    known = reading.known(organisation, today=local_date(now))
    form = ReturnForm(request.POST or None, known=known, kept=kept, initial=kept_form(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_return(round=round, organisation=organisation, by=request.user, now=now, **form.values())
        except Refused as refused:
            messages.warning(request, str(refused))
            return redirect("monitoring:team_return", organisation.pk)
        if "save" in request.POST:
            messages.success(request, "The draft is kept. You, or another CPD lead, can go on with it later.")
            return redirect("monitoring:team_return", organisation.pk)
        return redirect("monitoring:team_return_check", organisation.pk)
    return show(
        request, "monitoring/team/return_edit.html", organisation, {"form": form, "round": round, "known": known}
    )


@team_page
def check(request, organisation):
    """The answers once more; a press sends them."""
    round = _round()
    kept, now = _kept(round, organisation), timezone.now()
    if kept is None:
        return redirect("monitoring:team_return", organisation.pk)
    if request.method == "POST":
        try:
            actions.send_return(yearly_return=kept, by=request.user, now=now)
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, "The return is sent. Thank you.")
        return redirect("monitoring:team_return", organisation.pk)
    if kept.is_sent:
        return redirect("monitoring:team_return", organisation.pk)
    known = reading.known(organisation, today=local_date(now))
    context = {"kept": kept, "round": round, "known": known}
    return show(request, "monitoring/team/return_check.html", organisation, context)


@team_page
def take_back(request, organisation):
    """Open a return again that was sent."""
    kept = _kept(_round(), organisation)
    if kept is None:
        raise Http404
    if request.method == "POST":
        try:
            actions.take_back(yearly_return=kept, by=request.user, now=timezone.now())
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, "The return is a draft again. Send it once more when it is right.")
    return redirect("monitoring:team_return", organisation.pk)
