"""Signing in through an organisation's own identity provider (OpenID Connect), set up by settings alone.

A provider vouches only for addresses of its own organisation: the domains that its settings name. So no provider can
sign anybody in as a person of another organisation.
"""

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.shortcuts import render

from accounts.models import User


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Which sign-ins of a provider count, and what a newcomer's account gets from it."""

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "email_taken": "There is an account with this email address already. Sign in with your password",
    }

    def pre_social_login(self, request, sociallogin) -> None:
        """Let in only whose address the provider has proved, and may prove; everybody else reads what to do."""
        if not _vouched_for(sociallogin):
            context = {"provider": sociallogin.provider.name}
            raise ImmediateHttpResponse(render(request, "socialaccount/refused.html", context, status=403))

    def can_authenticate_by_email(self, login, email: str) -> bool:
        """Whether the provider may sign in the person who has this address here already."""
        return _may_vouch(login.provider, email)

    def populate_user(self, request, sociallogin, data) -> User:
        """Give a newcomer the address and the name that the provider knows; the rest we ask."""
        person = sociallogin.user
        person.email = (data.get("email") or "").lower() or None
        names = data.get("name") or f"{data.get('first_name') or ''} {data.get('last_name') or ''}"
        person.full_name = " ".join(names.split())[:200]
        return person


def _vouched_for(sociallogin) -> bool:
    """Return whether the provider says of an address of its organisation that it is the person's, and proved."""
    return any(
        address.verified and _may_vouch(sociallogin.provider, address.email) for address in sociallogin.email_addresses
    )


def _may_vouch(provider, email: str) -> bool:
    return email.rpartition("@")[2].lower() in provider.app.settings["domains"]
