"""What service users expect of the staff who work with them (§12)."""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from courses.models import Course


class Consultation(models.Model):
    """Service users were asked which qualities, skills and knowledge they expect: who, when, how."""

    title = models.CharField(max_length=200, help_text="For example “Young people in care, summer 2026”.")
    dated = models.DateField("date")
    sample = models.TextField(
        "who was asked", help_text="How they were chosen, and from where. Nobody who could be identified is named."
    )
    people = models.PositiveIntegerField("how many people", null=True, blank=True)
    method = models.CharField("how they were asked", max_length=200, blank=True)
    summary = models.TextField("what came of it", blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["-dated", "-pk"]
        verbose_name = "consultation of service users"
        verbose_name_plural = "consultations of service users"

    def __str__(self):
        return self.title


class ExpectedQuality(models.Model):
    """One theme of a consultation: something that service users expect, and the courses that teach it."""

    class Kind(models.TextChoices):
        QUALITY = "quality", "Qualities"
        SKILL = "skill", "Skills"
        KNOWLEDGE = "knowledge", "Knowledge"

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="expected")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField(max_length=300)
    mentions = models.PositiveIntegerField("how many said so", null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    courses = models.ManyToManyField(Course, blank=True, related_name="expected_qualities")

    class Meta:
        ordering = ["kind", "position", "pk"]
        verbose_name = "theme"

    def __str__(self):
        return self.text
