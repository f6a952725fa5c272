"""What somebody wants in the weekly email, and how far they have been told: all else here is read from below."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
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
