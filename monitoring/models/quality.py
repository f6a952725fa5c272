"""Quality of training (§6.6, §6.12, §6.15): agreed standards, reviews against them, what calls for a new review."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from accounts.models import Organisation
from courses.models import Course, Subject


class StandardSet(models.Model):
    """A version of the quality standards; it counts from the day on which the Sub-committee agreed it."""

    version = models.CharField(max_length=20, unique=True)
    agreed_on = models.DateField(null=True, blank=True, help_text="Empty: a draft.")
    minute = models.CharField(max_length=200, blank=True, help_text="The meeting and minute that agreed it.")
    history = HistoricalRecords()

    class Meta:
        ordering = ["-agreed_on", "-pk"]

    def __str__(self):
        return f"Standards {self.version}"


class QualityStandard(models.Model):
    """One standard of a set: a sentence that a course meets or does not."""

    standard_set = models.ForeignKey(StandardSet, on_delete=models.CASCADE, related_name="standards")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(max_length=300)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.text


class SingleAgencyTraining(models.Model):
    """A safeguarding course that an organisation gives its own staff (§6.10, §6.12)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="own_trainings")
    title = models.CharField(max_length=200)
    held_on = models.DateField("last held on")
    uses_core_messages = models.BooleanField("uses the core messages", null=True, blank=True)
    meets_standards = models.BooleanField("meets the quality standards", null=True, blank=True)
    notes = models.TextField(blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-held_on", "title"]
        verbose_name_plural = "single-agency training"

    def __str__(self):
        return f"{self.title} ({self.organisation})"


class QualityReview(models.Model):
    """A review of a course, ours or an organisation's own: is its content current, and does it meet the standards?"""

    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.PROTECT, related_name="quality_reviews")
    single_agency = models.ForeignKey(
        SingleAgencyTraining, null=True, blank=True, on_delete=models.CASCADE, related_name="quality_reviews"
    )
    reviewed_on = models.DateField()
    reviewer = models.CharField(max_length=100)
    checked_scrs = models.BooleanField("Serious Case Reviews checked", default=False)
    checked_partnership_reviews = models.BooleanField("partnership reviews checked", default=False)
    checked_case_audits = models.BooleanField("case audits checked", default=False)
    checked_policy = models.BooleanField("policy and procedures checked", default=False)
    found_current = models.BooleanField(
        "content found current", default=False, help_text="Only after all four checks does it count for priority 6."
    )
    standard_set = models.ForeignKey(
        StandardSet,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reviews",
        help_text="The standards it was reviewed against; empty: its content alone was reviewed.",
    )
    meets_standards = models.BooleanField(null=True, blank=True)
    notes = models.TextField(blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["-reviewed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="review_of_one_course",
                condition=Q(course__isnull=False, single_agency__isnull=True)
                | Q(course__isnull=True, single_agency__isnull=False),
                violation_error_message="Choose a course of the catalogue or a single-agency course, not both.",
            )
        ]
        indexes = [models.Index(fields=["course", "reviewed_on"], name="review_course_date")]

    def __str__(self):
        return f"{self.course or self.single_agency}, reviewed {self.reviewed_on:%d/%m/%Y}"


class Learning(models.Model):
    """New learning that marks the courses of its subjects "to be reviewed" (§6.6)."""

    class Kind(models.TextChoices):
        SCR = "scr", "Serious Case Review"
        PARTNERSHIP_REVIEW = "partnership_review", "Partnership review"
        CASE_AUDIT = "case_audit", "Case audit"
        POLICY = "policy", "Change of policy or procedure"

    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=200)
    dated = models.DateField("date")
    subjects = models.ManyToManyField(Subject, related_name="learning")
    link = models.URLField(blank=True)
    notes = models.TextField(blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-dated", "-pk"]
        verbose_name_plural = "learning"

    def __str__(self):
        return self.title
