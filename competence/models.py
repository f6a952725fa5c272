"""The Competence Matters framework (Appendix 3) and the target audience pathways (Appendix 4)."""

from datetime import date

from django.db import models
from simple_history.models import HistoricalRecords

from wscb_training.wording import short_day


class CompetenceGroup(models.Model):
    """One of the eight groups of Appendix 3, in the Board's words."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    short_name = models.CharField(max_length=100)
    description = models.TextField()
    example_roles = models.TextField(help_text="One role a line.")
    history = HistoricalRecords()

    class Meta:
        ordering = ["number"]

    def __str__(self):
        return f"Group {self.number}: {self.short_name}"

    @property
    def examples(self) -> list[str]:
        """The example roles as a list."""
        return self.example_roles.splitlines()


class PathwayTickQuerySet(models.QuerySet):
    def in_force(self, *, on: date):
        """Return the ticks of the pathway version in force on a day."""
        return self.filter(version__in=PathwayVersion.objects.begun(on=on).values("pk")[:1])


class TrainingContentQuerySet(models.QuerySet):
    def needed_by(self, group: int, *, on: date):
        """Return the contents that the pathway in force on a day ticks for a group (Appendix 4)."""
        return self.filter(ticks__in=PathwayTick.objects.in_force(on=on).filter(group=group))


class TrainingContent(models.Model):
    """One of the nine rows of Appendix 4."""

    code = models.CharField(max_length=5, primary_key=True)
    title = models.TextField(help_text="As Appendix 4 prints it.")
    short_name = models.CharField(max_length=100)
    history = HistoricalRecords()

    objects = TrainingContentQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return self.short_name


class PathwayVersionQuerySet(models.QuerySet):
    def begun(self, *, on: date):
        """Return the versions that had come into force by a day, newest first."""
        return self.filter(in_force_from__lte=on).order_by("-in_force_from")

    def in_force(self, *, on: date):
        """Return the version in force on a day, or None before the first."""
        return self.begun(on=on).first()


class PathwayVersion(models.Model):
    """The ticks of Appendix 4 as they stood from a date, so that last year's "complete" stays explainable."""

    in_force_from = models.DateField(unique=True)
    note = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    objects = PathwayVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-in_force_from"]
        get_latest_by = "in_force_from"

    def __str__(self):
        return f"Pathway in force from {short_day(self.in_force_from)}"


class PathwayTick(models.Model):
    """A tick of Appendix 4: this group needs this content."""

    version = models.ForeignKey(PathwayVersion, on_delete=models.CASCADE, related_name="ticks")
    group = models.ForeignKey(CompetenceGroup, on_delete=models.CASCADE, related_name="ticks")
    content = models.ForeignKey(TrainingContent, on_delete=models.CASCADE, related_name="ticks")

    history = HistoricalRecords()

    objects = PathwayTickQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "group", "content"], name="one_tick_a_cell")]

    def __str__(self):
        return f"{self.group_id} needs {self.content_id}"
