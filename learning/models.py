"""What somebody wants in the weekly email, and the tokens of organisations' systems: all else is read from below."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import CPDLead, Organisation, User
from competence.models import CompetenceGroup
from courses.models import Subject


def wants_alert() -> Q:
    """Return the condition of people who get the weekly email: registered, active, opted in, reachable (§14)."""
    return Q(is_active=True, wants_alert=True, bounced_at__isnull=True, email__isnull=False)


class AlertChoiceQuerySet(models.QuerySet):
    def to_tell(self, *, week: date):
        """Return those of the registered, active, opted-in people whose alert of the week is not settled yet (§14)."""
        reached = self.filter(person__in=User.objects.filter(wants_alert()))
        return reached.filter(Q(alerted_for__isnull=True) | Q(alerted_for__lt=week))


class AlertChoice(models.Model):
    """One person's weekly email (§14): an empty choice is no limit. Whether they want it at all is on the person."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alert_choice")
    subjects = models.ManyToManyField(Subject, blank=True, related_name="+")
    groups = models.ManyToManyField(CompetenceGroup, blank=True, related_name="+")
    deliveries = models.JSONField(default=list, blank=True)
    told_until = models.DateTimeField(null=True, blank=True, help_text="Events that were new until then are told.")
    alerted_for = models.DateField(null=True, blank=True, help_text="Monday of the week whose alert is settled.")

    objects = AlertChoiceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["alerted_for", "id"], name="alert_to_tell")]

    def __str__(self):
        return f"Weekly email of {self.person}"


class ApiTokenQuerySet(models.QuerySet):
    def in_force(self, *, at: datetime):
        """Return the tokens that let in at `at`: not revoked nor expired, and who made them leads there still."""
        leads = CPDLead.objects.filter(organisation=OuterRef("organisation"), person=OuterRef("made_by"))
        return self.filter(
            Exists(leads),
            revoked_at__isnull=True,
            expires_at__gt=at,
            made_by__is_active=True,
            organisation__is_active=True,
        )


class ApiToken(models.Model):
    """A key by which an organisation's own system reads its staff, bookings and records, and books where it may.

    The secret itself is never kept, only its digest. The row stays when it is revoked: it says who made it when, how
    long it was used, and who revoked it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField("what it is for", max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    ending = models.CharField(max_length=4, editable=False, help_text="The last letters of the secret, to tell it by.")
    may_book = models.BooleanField("may also book and cancel", default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                name="token_revoked_by_at", condition=Q(revoked_at__isnull=False) | Q(revoked_by__isnull=True)
            ),
            models.CheckConstraint(
                name="token_expires_after_it_is_made", condition=Q(expires_at__gt=models.F("made_at"))
            ),
        ]

    def __str__(self):
        return f"{self.name} (…{self.ending})"
