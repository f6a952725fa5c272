"""Passwords with a second secret that is not in the database (OWASP ASVS 2.4.5). On with PASSWORD_PEPPER."""

import hashlib
import hmac

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher


class PepperedPasswordHasher(PBKDF2PasswordHasher):
    """Django's PBKDF2 of the password under the pepper: who takes the database alone can't try passwords.

    Passwords kept without it go on working and are renewed at the next sign-in. Without the pepper, or with another,
    those kept with it open nothing: people choose a new one by email.
    """

    algorithm = "pbkdf2_sha256_peppered"

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Return what is kept of a password."""
        peppered = hmac.new(settings.PASSWORD_PEPPER.encode(), password.encode(), hashlib.sha256).hexdigest()
        return super().encode(peppered, salt, iterations)
