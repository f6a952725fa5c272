"""The second factor at signing in: a code from an app on the person's phone, or a key; with codes on paper in reserve.

A key (WebAuthn) is one to plug in, or the lock of a computer itself: nobody needs a phone of their own for work.

Offered to all; who sees the whole borough's data must have one (`settings.MFA_REQUIRED`), in the admin too.
"""

from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256

from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone

from accounts import audit, emails
from accounts.models import User

LAST = "Your role needs a second proof, and this is your only one. Add another before you take it off"
WAYS = {Authenticator.Type.TOTP: "a code from your phone", Authenticator.Type.WEBAUTHN: "a key"}
KNOWN = "second_factor_is_on"  # in the session of who must have one and has: asked of the database once
# Where somebody who has none yet may go: to set one up, to sign out, and to what needs no sign-in anyway.
OPEN_TO_ALL = ("/account/", "/health", "/static/")


class SecondFactorAdapter(DefaultMFAAdapter):
    """allauth's second factor in this site's words, its secrets encrypted; who needs it can't switch it off."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": LAST,
        "incorrect_code": "The code is not right. Enter the six numbers that your app shows now",
        "unverified_email": "Confirm your email address first: open the link that we sent to it",
    }

    def get_totp_issuer(self) -> str:
        """Return the name under which the app on the phone lists the code."""
        return settings.SERVICE_NAME

    def encrypt(self, text: str) -> str:
        """Return a secret as it is kept: somebody who reads a backup of the database can't make codes with it."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; keys of before (SECRET_KEY_FALLBACKS) still open it."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether somebody may switch it off: not who must have one and has no other."""
        others = _factors(authenticator.user).exclude(pk=authenticator.pk)
        return not is_required(authenticator.user) or others.exists()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """Return what a new key is called until the person says otherwise."""
        return f"Key {_factors(user).filter(type=type).count() + 1}"


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(urlsafe_b64encode(_derived(key.encode()))) for key in keys])


def _derived(key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"accounts.second_factor").derive(key)


def is_required(person: User) -> bool:
    """Return whether somebody may do nothing without a second factor: T&D, the Sub-committee, the admin's staff."""
    return settings.MFA_REQUIRED and (person.is_staff or person.is_superuser or person.monitors)


def is_on(person: User) -> bool:
    """Return whether somebody has set up the code from their phone, or a key."""
    return _factors(person).exists()


def ways(person: User) -> str:
    """Return by what somebody proves that it is them: "a code from your phone or a key"; "" for nothing."""
    has = set(_factors(person).values_list("type", flat=True))
    return " or ".join(words for kind, words in WAYS.items() if kind in has)


def _factors(person: User):
    return Authenticator.objects.filter(user=person, type__in=WAYS)


class CodeOnce:
    """For a form that asks for a code of the app: each works once in all the time in which the app's clock may show it.

    allauth remembers half a minute, and a clock may be wrong by as much on both sides. A second use is refused, noted,
    and its owner is told by email, once an hour: somebody has the password and saw the code. So is a wrong one noted.
    """

    USED = "This code has been used. Wait until your app shows the next one"

    def clean_code(self) -> str:
        """Return the code; raises ValidationError where it is wrong or was used."""
        typed = normalize_user_code(self.cleaned_data["code"]).encode()
        key = f"second_factor/used/{self.user.pk}/{sha256(typed).hexdigest()}"  # what is typed may be of any length
        if cache.get(key):
            now = timezone.now()
            note_refused(self.user, "second proof: a code that was used", now=now)
            emails.code_used_again(self.user, now=now)
            raise ValidationError(self.USED)
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            cache.set(key, True, timeout=mfa.TOTP_PERIOD * (1 + 2 * mfa.TOTP_TOLERANCE))
        return code

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)
        note_refused(self.user, "second proof", now=timezone.now())


def note_refused(person: User, what: str, *, now: datetime) -> None:
    """Write in the audit that somebody's second proof was refused, and from where: who comes there has the password."""
    audit.note(audit.Kind.SIGN_IN_FAILED, by=person, what=what, now=now, request=context.request)


class RemoveKeyView(RemoveWebAuthnView):
    """allauth's page that takes off a key, but for the only one of who must have one: as with the app on the phone."""

    def form_valid(self, form):
        if not SecondFactorAdapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, LAST)
            return redirect("mfa_list_webauthn")
        return super().form_valid(form)


@transaction.atomic
def reset(*, person: User, by: User, now: datetime) -> None:
    """Take off the second factor of somebody who lost phone and paper; they are signed out everywhere, and told.

    Whoever does it has made sure that it is the person who asks.
    """
    Authenticator.objects.filter(user=person).delete()
    for session in UserSession.objects.filter(user=person):
        session.end()
    audit.note(audit.Kind.ACCOUNT, by=by, what=f"Second factor taken off person {person.pk}", now=now)
    emails.second_factor_reset(person, now=now)


class SecondFactorMiddleware:
    """Leads who must have a second factor and has none to the page that sets one up, whatever they open."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.MFA_REQUIRED and not request.path.startswith(OPEN_TO_ALL) and self._is_missing(request):
            messages.info(
                request, "Your role needs a second proof that it is you. Set it up now: it takes two minutes."
            )
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    def _is_missing(self, request) -> bool:
        person = request.user
        if not person.is_authenticated or request.session.get(KNOWN) or not is_required(person):
            return False
        if is_on(person):
            request.session[KNOWN] = True
            return False
        return True
