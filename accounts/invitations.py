"""The page that an invitation's link opens: it asks, and a press accepts."""

from allauth.account.adapter import get_adapter
from django.core import signing
from django.core.signing import BadSignature
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import staffing
from accounts.models import Invitation
from accounts.models.invitation import INVITE


def invitation(request, token):
    """Ask whether to join the organisation. Opening changes nothing; who has no account goes on to make one.

    The link came to the address invited, so an account made with it needs no second email to prove the address.
    """
    now = timezone.now()
    invitation = _invitation(token)
    is_open = Invitation.objects.filter(pk=invitation.pk).open(at=now).exists()
    if request.method == "POST" and is_open:
        if request.user.is_authenticated:
            staffing.accept_invitation(invitation=invitation, person=request.user, now=now)
            return redirect("accounts:start" if not request.user.profile_complete else "learning:my_training")
        get_adapter().stash_verified_email(request, invitation.email)
        return redirect(f"{reverse('account_signup')}?next={request.path}")
    return render(request, "accounts/invitation.html", {"invitation": invitation, "is_open": is_open})


def _invitation(token: str) -> Invitation:
    try:
        pk = signing.loads(token, salt=INVITE)
    except BadSignature:
        raise Http404 from None
    return get_object_or_404(Invitation.objects.select_related("organisation", "invited_by"), pk=pk)
