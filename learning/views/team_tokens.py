"""Tokens by which the organisation's own HR system reads its data: make one, see it once, revoke it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from bookings.actions import Refused
from learning import actions, permissions
from learning.forms import TokenForm
from learning.models import ApiToken
from learning.views.frame import show, team_page


def tokens_of(organisation, *, now) -> dict:
    """Return the tokens that work now, and those that do not any more, newest first."""
    tokens = ApiToken.objects.filter(organisation=organisation).select_related("made_by", "revoked_by")
    working = tokens.in_force(at=now)
    return {"tokens": working, "tokens_before": tokens.exclude(pk__in=working.values("pk"))[:20], "now": now}


@never_cache
@team_page
def make(request, organisation):
    """Make a token. The page that answers shows its secret, this once."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = actions.make_token(
                organisation=organisation, by=request.user, now=timezone.now(), name=form.cleaned_data["name"],
                may_book=form.cleaned_data["may"] == TokenForm.BOOK,
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return show(request, "token", organisation, {"token": token, "secret": secret})
    return show(request, "form", organisation, {"form": form, "title": "Make a token", "about": "token"})


@team_page
def revoke(request, organisation, token_id):
    """Ask, and let a token work no more."""
    token = permissions.own_token(organisation, token_id)
    if request.method == "POST":
        actions.revoke_token(token=token, by=request.user, now=timezone.now())
        messages.success(request, f"{token} works no more.")
        return redirect("learning:team_settings", organisation.pk)
    return show(request, "token_revoke", organisation, {"token": token})
