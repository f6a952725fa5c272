"""Personal data: who asked to be erased, and what the nightly run deleted (UK GDPR)."""

from django.conf import settings
from django.db import models

from wscb_training.wording import short_day


class ErasureRequestQuerySet(models.QuerySet):
    def open(self):
        """Return the requests of people who are not erased and were not answered otherwise."""
        return self.filter(settled_at__isnull=True, person__erased_at__isnull=True)


class ErasureRequest(models.Model):
    """Somebody asks to be erased. It is open until they are, or T&D answered them otherwise."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="erasure_requests")
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When T&D answered without erasing.")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(settled_at__isnull=True), name="one_open_erasure_request"
            ),
            models.CheckConstraint(
                name="erasure_request_settled_by_at",
                condition=models.Q(settled_at__isnull=False) | models.Q(settled_by__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.person} asks to be erased"


class RetentionRun(models.Model):
    """The report of one night: what was deleted and emptied, and who could not be erased and why."""

    ran_at = models.DateTimeField()
    done = models.JSONField(default=dict)
    left = models.JSONField(default=list)

    class Meta:
        ordering = ["-ran_at"]

    def __str__(self):
        return f"Retention, {short_day(self.ran_at)}"
