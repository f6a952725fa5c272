"""What makes a new password easy to guess, beside Django's own rules: settings name these validators.

Of Django's 20,000 common passwords only 190 have the twelve letters that ours need, and ASVS 2.1.7 asks for a list that
fits the policy. People lengthen a common one with figures and signs, or by writing it twice; that is seen through.
"""

import re

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

LONGEST = 128  # letters, ASVS 2.1.2
EASY = "This password is easy to guess: a common word with figures or signs around it, or one piece repeated"
AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
REPEATED = re.compile(r"(.+?)\1+", re.DOTALL)


class LongestPasswordValidator:
    """Refuses what is so long that hashing it would be work for nothing."""

    def validate(self, password: str, user=None) -> None:
        """Raise ValidationError for more than 128 letters."""
        if len(password) > LONGEST:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return f"Choose a password of at most {LONGEST} characters"


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    """Refuses a common password, as it is or lengthened: “Monkey2017!!”, “monkeymonkey”, “123412341234”."""

    def validate(self, password: str, user=None) -> None:
        """Raise ValidationError for what is common, or nothing but a common one with something around it."""
        super().validate(password, user)
        word = password.casefold().strip()[:LONGEST]
        core = AROUND.sub("", word)
        if not core or core in self.passwords or REPEATED.fullmatch(word) or REPEATED.fullmatch(core):
            raise ValidationError(EASY, code="password_too_common")
