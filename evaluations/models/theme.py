from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from simple_history.models import HistoricalRecords


class Theme(models.Model):
    """What several people write about, in T&D's words: "Supervision", "More time for cases" (§15)."""

    name = models.CharField(max_length=60)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), name="theme_once", violation_error_message="There is a theme of this name."
            )
        ]

    def __str__(self):
        return self.name


class Tag(models.Model):
    """T&D read an answer and saw a theme in it."""

    answer = models.ForeignKey("evaluations.Answer", on_delete=models.CASCADE, related_name="tags")
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="tags")
    tagged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    tagged_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "theme"], name="tagged_once")]

    def __str__(self):
        return f"{self.theme}: {self.answer}"
