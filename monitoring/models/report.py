"""The report to the Monitoring Sub-committee (§16): frozen figures, T&D's words beside them, and who decided what."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from wscb_training.frozen import Frozen
from wscb_training.wording import short_day

SUMMARY = 0  # the number of the commentary on the whole; the others are those of the priorities


class Snapshot(models.Model):
    """All figures and tables of a programme year as at a moment, with the rows' counts: counted once, never again."""

    year = models.PositiveSmallIntegerField("programme year")
    as_at = models.DateField()
    asked_at = models.DateTimeField(help_text="Nothing that happened later is counted.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    content = models.JSONField(null=True, blank=True, help_text="Empty until it is counted.")
    counted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-as_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="snapshot_counted_has_time",
                condition=Q(content__isnull=True, counted_at__isnull=True)
                | Q(content__isnull=False, counted_at__isnull=False),
            ),
            Frozen(
                fields=["content", "year", "as_at", "asked_at", "counted_at"],
                until=("content", None),
                name="snapshot_frozen",
            ),
        ]

    def __str__(self):
        return f"Figures as at {short_day(self.as_at)}"


class ReportQuerySet(models.QuerySet):
    def standing(self):
        """Return the reports that were approved and not withdrawn."""
        return self.filter(status__in=[Report.Status.APPROVED, Report.Status.CIRCULATED])

    def for_members(self):
        """Return what the Sub-committee sees: what was circulated, whether it was withdrawn later or not."""
        return self.filter(circulated_at__isnull=False)

    def for_list(self):
        """Return the reports without their figures, with who decided what."""
        people = ("started_by", "approved_by", "circulated_by", "withdrawn_by")
        return self.select_related("snapshot", "replaces", *people).defer("snapshot__content", "words")


class Report(models.Model):
    """One report: a snapshot, T&D's words on it, and its way from draft to the Sub-committee."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        APPROVED = "approved", "Approved"
        CIRCULATED = "circulated", "Circulated"
        WITHDRAWN = "withdrawn", "Withdrawn"

    number = models.PositiveIntegerField(unique=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="reports")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    compared_with = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    words = models.JSONField(null=True, blank=True, help_text="Commentary, risks and actions as they were approved.")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    circulated_at = models.DateTimeField(null=True, blank=True)
    circulated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_reason = models.TextField(blank=True)
    pdf = models.FileField(upload_to="reports/", blank=True, help_text="Made once, after the approval.")

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                name="report_approved_has_words",
                condition=~Q(status__in=["approved", "circulated"]) | Q(approved_at__isnull=False, words__isnull=False),
            ),
            models.CheckConstraint(
                name="report_circulated_has_time", condition=~Q(status="circulated") | Q(circulated_at__isnull=False)
            ),
            models.CheckConstraint(
                name="report_withdrawn_has_reason",
                condition=Q(status="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")
                | ~Q(status="withdrawn") & Q(withdrawn_at__isnull=True),
            ),
            Frozen(
                fields=["number", "snapshot", "compared_with", "words", "started_at", "approved_at"],
                until=("status", "draft"),
                name="report_frozen",
                violation_error_message="An approved report never changes.",
            ),
        ]

    def __str__(self):
        return f"Report {self.number}"

    def get_absolute_url(self):
        return reverse("monitoring:report", args=[self.number])

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def stands(self) -> bool:
        """Whether it was approved and not withdrawn."""
        return self.status in (self.Status.APPROVED, self.Status.CIRCULATED)

    @property
    def colour(self) -> str:
        """The colour of its tag."""
        return {"draft": "yellow", "approved": "blue", "circulated": "green", "withdrawn": "grey"}[self.status]

    @property
    def steps(self) -> list[tuple[str, object, object, str]]:
        """What was decided so far: step, when, by whom, why."""
        steps = [
            ("Started", self.started_at, self.started_by, ""),
            ("Approved", self.approved_at, self.approved_by, ""),
            ("Circulated", self.circulated_at, self.circulated_by, ""),
            ("Withdrawn", self.withdrawn_at, self.withdrawn_by, self.withdrawn_reason),
        ]
        return [step for step in steps if step[1]]


class Commentary(models.Model):
    """What T&D says to one priority of a draft, or to the whole (number 0)."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="commentaries")
    number = models.PositiveSmallIntegerField(help_text="Of the priority; 0 is the whole.")
    text = models.TextField(blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    history = HistoricalRecords()

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "commentaries"
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="one_commentary")]

    def __str__(self):
        return f"{self.report}, priority {self.number}" if self.number else f"{self.report}, the whole"


class ReportPoint(models.Model):
    """A risk to the programme, or an action that somebody takes by a day, as a draft lists them."""

    class Kind(models.TextChoices):
        RISK = "risk", "Risk"
        ACTION = "action", "Action"

    class Level(models.TextChoices):
        HIGH = "high", "High"
        MEDIUM = "medium", "Medium"
        LOW = "low", "Low"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="points")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField(max_length=500)
    response = models.CharField(max_length=500, blank=True)
    owner = models.CharField(max_length=100)
    due_on = models.DateField()
    level = models.CharField(max_length=10, choices=Level, blank=True)
    is_done = models.BooleanField(default=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="risk_has_level", condition=Q(kind="action", level="") | Q(kind="risk") & ~Q(level="")
            )
        ]

    def __str__(self):
        return self.text
