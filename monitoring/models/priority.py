"""The strategy's priorities (§6), what each is measured by, and what people say and show beside the figures."""

import uuid
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from courses.models import Course, Subject
from wscb_training.wording import short_day


def evidence_path(evidence, name: str) -> str:
    """Return where an evidence file is kept: under a name of ours, so that nobody's name for it reaches the disk."""
    return f"priorities/{uuid.uuid4()}{Path(name).suffix.lower()[:5]}"


class Priority(models.Model):
    """One of the fifteen priorities, as the strategy prints it."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    short_name = models.CharField(max_length=100)
    text = models.TextField("priority as printed")
    measure = models.TextField("indicator as printed", blank=True)
    reading = models.TextField("how we read it", blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "priorities"

    def __str__(self):
        return f"{self.number}. {self.short_name}"


class Indicator(models.Model):
    """One figure of a priority: what it is called, its target, and what it is counted from. The counting is code."""

    class Kind(models.TextChoices):
        COUNT = "count", "A number"
        RATIO = "ratio", "A percentage"
        COMPARISON = "comparison", "A number against last year's"
        MEAN = "mean", "An average change"
        EVIDENCE = "evidence", "Milestones signed off"

    class Source(models.TextChoices):
        STRATEGY = "strategy", "The strategy"
        PROPOSED = "proposed", "Proposed, for T&D to set"

    priority = models.ForeignKey(Priority, on_delete=models.CASCADE, related_name="indicators")
    code = models.CharField(max_length=4, unique=True, editable=False)
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind, editable=False)
    unit = models.CharField(max_length=60, help_text="What is counted: “events”, “of sectors”.")
    target = models.DecimalField(
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0"))],
        help_text="A number, or a percentage without its sign. Empty: shown, and not judged.",
    )
    target_source = models.CharField(max_length=10, choices=Source, default=Source.PROPOSED)
    definition = models.TextField(help_text="In plain words, for members of the Board.")
    counted_from = models.CharField(max_length=200, help_text="Where the figure comes from.")
    subjects = models.ManyToManyField(
        Subject, blank=True, related_name="+", help_text="Events of courses on these subjects count (2, 4, 13)."
    )
    courses = models.ManyToManyField(
        Course, blank=True, related_name="+", help_text="Events of these courses count as well (2, 4, 13)."
    )
    question = models.CharField(
        max_length=300, blank=True, help_text="The scale question, word for word, whose answers of 4 and 5 count."
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["position"]

    def __str__(self):
        return f"{self.code} {self.name}"

    def get_absolute_url(self):
        return reverse("monitoring:indicator", args=[self.code])

    @property
    def is_judged(self) -> bool:
        """Whether it has a target, so that it has a status."""
        return self.target is not None


class Evidence(models.Model):
    """What somebody wrote or showed beside a figure: text, a link or a file, with its date."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="evidence")
    text = models.TextField()
    dated = models.DateField("date")
    link = models.URLField(blank=True)
    file = models.FileField(upload_to=evidence_path, blank=True)
    file_name = models.CharField(max_length=100, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-dated", "-pk"]
        verbose_name_plural = "evidence"

    def __str__(self):
        return self.text[:80]


class Milestone(models.Model):
    """Something to be done by a date in a programme year, signed off with evidence (priorities 10 and 12)."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="milestones")
    year = models.PositiveSmallIntegerField("programme year", help_text="The year in which it begins.")
    name = models.CharField(max_length=200)
    due_on = models.DateField()
    signed_off_on = models.DateField(null=True, blank=True)
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    evidence = models.ForeignKey(Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="milestones")
    history = HistoricalRecords()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "year", "name"], name="milestone_once_a_year"),
            models.CheckConstraint(
                name="signed_off_with_evidence",
                condition=Q(signed_off_on__isnull=True) | Q(evidence__isnull=False),
                violation_error_message="A milestone is signed off with evidence.",
            ),
        ]

    def __str__(self):
        return f"{self.name} by {short_day(self.due_on)}"


class Baseline(models.Model):
    """The take-up of a whole programme year from before this system, a reporting sector a row (priority 8)."""

    year = models.PositiveSmallIntegerField("programme year", help_text="The year in which it begins.")
    reporting_sector = models.CharField(max_length=50)
    take_up = models.PositiveIntegerField("attendances and online completions in the whole year")
    source = models.CharField(max_length=200, blank=True, help_text="Where the number is from.")
    history = HistoricalRecords()

    class Meta:
        ordering = ["-year", "reporting_sector"]
        constraints = [models.UniqueConstraint(fields=["year", "reporting_sector"], name="one_baseline")]

    def __str__(self):
        return f"{self.reporting_sector}, {self.year}: {self.take_up}"


class ImpactExample(models.Model):
    """An example of what training changed, from the impact forms, coded by theme (priority 7)."""

    dated = models.DateField("date")
    theme = models.CharField(max_length=100)
    text = models.TextField(help_text="Nobody who could be identified is named or described.")
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.PROTECT, related_name="impact_examples")
    coded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["-dated", "-pk"]

    def __str__(self):
        return f"{self.theme}: {self.text[:60]}"
