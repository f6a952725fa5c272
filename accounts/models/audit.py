from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """Who did what that matters for people's data, and when; never the data itself. Kept for a year."""

    class Kind(models.TextChoices):
        SIGN_IN = "sign_in", "Signed in"
        SIGN_IN_FAILED = "sign_in_failed", "Sign-in refused"
        SIGN_OUT = "sign_out", "Signed out"
        EXPORT = "export", "File taken out"
        NEEDS = "needs", "Access needs seen"
        ACCOUNT = "account", "Account changed"

    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=15, choices=Kind)
    # Null when a sign-in failed, or when the person was erased: what was done stays.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="audit_entries"
    )
    what = models.CharField(max_length=200, blank=True)
    network_address = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "audit entries"

    def __str__(self):
        return f"{self.get_kind_display()}: {self.person or 'nobody'}"
