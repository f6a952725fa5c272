from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models.organisation import Organisation

INVITE = "accounts.invitation"  # what the signed link may be used for, and nothing else
INVITATION_LASTS = timedelta(days=28)


class InvitationQuerySet(models.QuerySet):
    def open(self, *, at: datetime):
        """Return the invitations that can still be taken up at `at`."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, sent_at__gt=at - INVITATION_LASTS)


class Invitation(models.Model):
    """A CPD lead asks somebody to register as staff of their organisation, at an address that the lead knows."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitations"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation",
            ),
        ]

    def __str__(self):
        return f"{self.email} to {self.organisation}"

    def get_absolute_url(self):
        return reverse("accounts:invitation", args=[signing.dumps(self.pk, salt=INVITE)])

    @property
    def expires_at(self) -> datetime:
        """When its link stops working."""
        return self.sent_at + INVITATION_LASTS
