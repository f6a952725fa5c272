"""allauth's forms in this site's words: sentence case, hints in place of placeholders, errors that say what to do."""

from allauth.account import forms
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp.forms import ActivateTOTPForm, DeactivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Fixed, Layout
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import second_factor

WEAK = "Your password is easier to guess than we now allow. Choose another one: Your details, then Password."
CHOOSING_HINT = "At least 12 characters. Three words that don't belong together are easy to remember."


class _Worded:
    """Gives a form its labels, hints and errors, and a helper that prints its fields within the page's own form tag."""

    labels: dict[str, str] = {}
    hints: dict[str, str] = {}
    missing: dict[str, str] = {}
    left_out: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.left_out:
            del self.fields[name]
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            field.error_messages["required"] = self.missing.get(name, field.error_messages["required"])
            if "email" in field.error_messages or name in ("email", "login"):
                field.error_messages["invalid"] = "Enter an email address in the right form, like name@example.com"
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.fields)


class SignInForm(_Worded, forms.LoginForm):
    """Email and password."""

    labels = {"login": "Email address", "password": "Password"}
    missing = {"login": "Enter your email address", "password": "Enter your password"}

    def login(self, request, redirect_url=None):
        """Let them in; who has a password that nobody could choose today is asked for another (OWASP ASVS 2.1.7)."""
        answer = super().login(request, redirect_url)
        try:
            validate_password(self.cleaned_data["password"], self.user)
        except ValidationError:
            messages.warning(request, WEAK)
        return answer


class SignUpForm(_Worded, forms.SignupForm):
    """Email and a new password; who the person is comes after the email is confirmed."""

    labels = {"email": "Email address", "password1": "Choose a password"}
    hints = {
        "email": "Your work address, if you have one of your own. We send a link to it.",
        "password1": CHOOSING_HINT,
    }
    missing = {"email": "Enter your email address", "password1": "Choose a password"}


class ResetPasswordForm(_Worded, forms.ResetPasswordForm):
    """The email to which the link for a new password goes."""

    labels = {"email": "Email address"}
    missing = {"email": "Enter your email address"}


class NewPasswordForm(_Worded, forms.ResetPasswordKeyForm):
    """A new password, typed once: it can be shown."""

    labels = {"password1": "New password"}
    hints = {"password1": CHOOSING_HINT}
    missing = {"password1": "Choose a new password"}
    left_out = ("password2",)


class ChangePasswordForm(_Worded, forms.ChangePasswordForm):
    """The old password and a new one."""

    labels = {"oldpassword": "Current password", "password1": "New password"}
    hints = {"password1": CHOOSING_HINT}
    missing = {"oldpassword": "Enter your current password", "password1": "Choose a new password"}
    left_out = ("password2",)


class SetPasswordForm(_Worded, forms.SetPasswordForm):
    """A first password, for an account that was made without one."""

    labels = {"password1": "Password"}
    hints = {"password1": CHOOSING_HINT}
    missing = {"password1": "Choose a password"}
    left_out = ("password2",)


class ChangeEmailForm(_Worded, forms.AddEmailForm):
    """A new email address; the old one stays until it is confirmed."""

    labels = {"email": "New email address"}
    hints = {"email": "We send a link to it. Your present address stays in use until you open the link."}
    missing = {"email": "Enter your new email address"}


class ConfirmItIsYouForm(_Worded, forms.ReauthenticateForm):
    """The password once more, before something that matters."""

    labels = {"password": "Password"}
    missing = {"password": "Enter your password"}


class _CodeForm(_Worded):
    """The six numbers of the app, asked for in a field made for them."""

    labels = {"code": "Code"}
    missing = {"code": "Enter the code"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "spellcheck": "false"}
        self.helper.layout = Layout(Field.text("code", field_width=Fixed.TEN))


class SecondFactorForm(_CodeForm, second_factor.CodeOnce, AuthenticateForm):
    """The code from the phone after the password, or one of those on paper."""

    hints = {"code": "The six numbers that your app shows now, or one of the codes that you printed"}


class SecondFactorAgainForm(_CodeForm, second_factor.CodeOnce, ReauthenticateForm):
    """The code once more, before something that matters."""

    hints = SecondFactorForm.hints


class SetUpSecondFactorForm(_CodeForm, ActivateTOTPForm):
    """The first code, which shows that the phone is set up."""

    labels = {"code": "Code from the app"}
    hints = {"code": "The six numbers that it shows now"}


class SwitchOffSecondFactorForm(_Worded, DeactivateTOTPForm):
    """Nothing to fill in: pressing says it."""


class NewRecoveryCodesForm(_Worded, GenerateRecoveryCodesForm):
    """Nothing to fill in: pressing says it."""


class _ReadsKey:
    """A form to which the browser adds a key: what is none is refused, where allauth falls over it."""

    REFUSED = "The key was not accepted. Try again, or use another way"

    def _refusing(self, clean):
        try:
            return clean()
        except (KeyError, TypeError, ValueError, AttributeError):
            raise ValidationError(self.REFUSED) from None


class UseKeyForm(_ReadsKey, AuthenticateWebAuthnForm):
    """A key after the password."""

    def clean_credential(self):
        try:
            return self._refusing(super().clean_credential)
        except ValidationError:
            second_factor.note_refused(self.user, "second proof: a key", now=timezone.now())
            raise


class UseKeyAgainForm(UseKeyForm, ReauthenticateWebAuthnForm):
    """A key once more, before something that matters."""


class AddKeyForm(_ReadsKey, _Worded, AddWebAuthnForm):
    """What a new key is called; the browser fills in the key itself."""

    labels = {"name": "What do you call it?"}
    hints = {"name": "For example: laptop at work, or blue key"}
    missing = {"credential": "Press “Read the key” and follow your browser"}

    def clean(self):
        return self._refusing(super().clean)


class RenameKeyForm(_Worded, EditWebAuthnForm):
    """Another name for a key."""

    labels = AddKeyForm.labels
    hints = AddKeyForm.hints
    missing = {"name": "Enter a name for it"}
