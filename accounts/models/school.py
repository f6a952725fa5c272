"""Who answers for safeguarding in an organisation, and when all of its staff were last trained (§9, §10)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from accounts.models.organisation import Organisation
from wscb_training.wording import short_day


class SafeguardingLead(models.Model):
    """A Designated Safeguarding Lead of a school or setting, or a deputy, from a date and perhaps until one."""

    class Role(models.TextChoices):
        LEAD = "lead", "Designated Safeguarding Lead"
        DEPUTY = "deputy", "Deputy"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="safeguarding_leads")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="safeguarding_roles")
    role = models.CharField(max_length=10, choices=Role)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-role", "since"]  # the lead before the deputies
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"], condition=Q(until__isnull=True), name="one_safeguarding_role"
            ),
            models.CheckConstraint(
                name="safeguarding_role_ends_after_start",
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.get_role_display()} of {self.organisation}"


class WholeSchoolTraining(models.Model):
    """All staff of a school or setting were trained together, elsewhere than at one of the Board's own events."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="whole_school_trainings")
    trained_on = models.DateField()
    provider = models.CharField("who gave it, and where", max_length=200)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    noted_at = models.DateTimeField()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-trained_on"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "trained_on"], name="one_whole_school_training_a_day")
        ]

    def __str__(self):
        return f"{self.organisation}, {short_day(self.trained_on)}"
