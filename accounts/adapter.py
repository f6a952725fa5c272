"""What allauth asks the site: where people go after it, how its emails go out, what the audit notes."""

import time
import uuid

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.bounces import clear_bounce
from accounts.models import User
from notifications import actions as notifications


class AccountAdapter(DefaultAccountAdapter):
    """Sends allauth's emails as messages: a row first, delivered and retried like all others."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account has been closed",
        "email_password_mismatch": "The email address or the password is not right. Check both and try again",
        "enter_current_password": "This is not your current password",
        "incorrect_password": "The password is not right",
        "duplicate_email": "This is already your email address",
        "too_many_login_attempts": "You have tried too often. Wait a few minutes, or choose a new password",
        "rate_limited": "You have tried too often. Wait a few minutes",
    }

    def get_login_redirect_url(self, request) -> str:
        """After signing in, who has not told us who they are is asked; T&D begins with what waits today."""
        if request.user.is_staff and request.user.is_td:
            return reverse("monitoring:today")
        if request.user.profile_complete:
            return super().get_login_redirect_url(request)
        return reverse("accounts:start")

    def get_signup_redirect_url(self, request) -> str:
        """A newcomer is asked who they are."""
        return reverse("accounts:start")

    def get_email_verification_redirect_url(self, email_address) -> str:
        """After confirming an address a newcomer is asked who they are; the others see their details with it."""
        return reverse("accounts:details" if email_address.user.profile_complete else "accounts:start")

    def confirm_email(self, request, email_address) -> bool:
        """Note that an address is confirmed. An email has come there: what bounced before does so no more."""
        confirmed = super().confirm_email(request, email_address)
        if confirmed:
            person = User.objects.get(pk=email_address.user_id)
            clear_bounce(person=person, by=person)
        return confirmed

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Queue the email whose templates start with `template_prefix` ("account/email/…")."""
        name = template_prefix.rpartition("/")[2]
        notifications.queue(
            key=f"accounts/{name}/{uuid.uuid4()}",
            template=f"accounts/{name}",
            to=email,
            recipient=context.get("user"),
            context=context,
        )

    def post_login(self, request, user, **said):
        """Note the sign-in, then go on."""
        response = super().post_login(request, user, **said)
        audit.note(audit.Kind.SIGN_IN, by=user, what=self._how(request), now=timezone.now(), request=request)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Who signed in within the last minutes need not give the password again to set up the second factor."""
        records = get_authentication_records(self.request, self.request.user)
        if app == "allauth.mfa" and records and time.time() - records[-1]["at"] < REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def _how(self, request) -> str:
        """Return by what the person signed in: "password, mfa"."""
        return ", ".join(
            dict.fromkeys(record["method"] for record in get_authentication_records(request, request.user))
        )

    def authentication_failed(self, request, **credentials) -> None:
        """Note the refusal and on whose account, if there is one: what was typed is not kept, it may be a password."""
        super().authentication_failed(request, **credentials)
        typed = (credentials.get("email") or "").strip().lower()
        person = User.objects.filter(email=typed).first() if typed else None
        audit.note(audit.Kind.SIGN_IN_FAILED, by=person, now=timezone.now(), request=request)

    def logout(self, request) -> None:
        """Note the sign-out."""
        if request.user.is_authenticated:
            audit.note(audit.Kind.SIGN_OUT, by=request.user, now=timezone.now(), request=request)
        super().logout(request)
