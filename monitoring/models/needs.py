"""The yearly training needs analysis (§6.10): the round, and each organisation's return."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from accounts.models import Organisation
from competence.models import CompetenceGroup
from courses.models import Subject


class ReturnRound(models.Model):
    """One year's asking for returns: from a day, due by another."""

    year = models.PositiveSmallIntegerField("programme year", unique=True, help_text="The year in which it begins.")
    opens_on = models.DateField(help_text="On this day every CPD lead gets the email that asks for the return.")
    due_on = models.DateField(help_text="Reminders go two weeks before it, and the day after.")
    history = HistoricalRecords()

    class Meta:
        ordering = ["-year"]
        verbose_name = "round of yearly returns"
        verbose_name_plural = "rounds of yearly returns"
        constraints = [
            models.CheckConstraint(
                name="round_due_after_it_opens", condition=Q(due_on__gt=F("opens_on")),
                violation_error_message="The returns are due after the day on which the round opens.",
            )
        ]  # fmt: skip

    def __str__(self):
        return f"Yearly returns {self.name}"

    @property
    def name(self) -> str:
        """ "2026-27"."""
        return f"{self.year}-{(self.year + 1) % 100:02}"


class YearlyReturn(models.Model):
    """What one organisation says of its workforce and its training needs in one year: a draft until it is sent."""

    class Barrier(models.TextChoices):
        COVER = "cover", "No cover for staff who are away"
        TIMES = "times", "Times or days that don't suit"
        PLACE = "place", "Too far to travel"
        FULL = "full", "Courses are full"
        KNOWLEDGE = "knowledge", "Not knowing what there is"
        ONLINE = "online", "No computer or quiet place for online learning"
        RELEVANCE = "relevance", "Courses don't fit our work"
        COST = "cost", "Cost of releasing staff"

    round = models.ForeignKey(ReturnRound, on_delete=models.PROTECT, related_name="returns")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="returns")
    subjects = models.ManyToManyField(Subject, blank=True, related_name="wanted_in", verbose_name="wanted subjects")
    other_subjects = models.CharField(max_length=500, blank=True)
    barriers = models.JSONField(default=list, blank=True)
    other_barriers = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["organisation__name"]
        constraints = [models.UniqueConstraint(fields=["round", "organisation"], name="one_return_a_year")]

    def __str__(self):
        return f"{self.organisation}, {self.round.name}"

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None

    @property
    def barrier_words(self) -> list[str]:
        """What keeps staff from training, in words."""
        return [label for value, label in self.Barrier.choices if value in self.barriers]


class ReturnWorkforce(models.Model):
    """How many people of one competence group work there; beside it how many this system knew when it was saved."""

    yearly_return = models.ForeignKey(YearlyReturn, on_delete=models.CASCADE, related_name="workforce")
    group = models.ForeignKey(CompetenceGroup, on_delete=models.PROTECT, related_name="+")
    people = models.PositiveIntegerField()
    known = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["group"]
        constraints = [models.UniqueConstraint(fields=["yearly_return", "group"], name="one_number_a_group")]

    def __str__(self):
        return f"{self.group}: {self.people}"


class ReturnTraining(models.Model):
    """Training held elsewhere that an organisation names in its return."""

    yearly_return = models.ForeignKey(YearlyReturn, on_delete=models.CASCADE, related_name="trainings")
    title = models.CharField(max_length=200)
    provider = models.CharField(max_length=200, blank=True)
    people = models.PositiveIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title
