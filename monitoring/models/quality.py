"""Quality of training (§6.6, §6.12, §6.15): agreed standards, reviews against them, what calls for a new review."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from simple_history.models import HistoricalRecords

from accounts.models import Organisation
from competence.models import TrainingContent
from courses.models import Course, Event, Subject
from monitoring.quality.rules import why_fixed
from wscb_training.wording import short_day


class StandardSetQuerySet(models.QuerySet):
    def of_kind(self, kind: str):
        """Return the versions of the quality standards, or of the core messages."""
        return self.filter(kind=kind)

    def agreed(self, *, on: date):
        """Return the versions that were agreed by a day, the newest first."""
        return self.filter(agreed_on__lte=on).order_by("-agreed_on", "-pk")

    def in_force(self, kind: str, *, on: date):
        """Return the version of that kind in force on a day with its statements, or None: none is agreed."""
        return self.of_kind(kind).agreed(on=on).prefetch_related("standards").first()

    def refuse_if_fixed(self) -> None:
        """Raise ValidationError when one of these is agreed and something was assessed against it."""
        for each in self:
            each.refuse_if_fixed()

    def update(self, **fields):
        """Change them all; raises ValidationError as `save` of one does."""
        self.refuse_if_fixed()
        return super().update(**fields)

    def delete(self):
        """Delete them all; raises ValidationError as `delete` of one does."""
        self.refuse_if_fixed()
        return super().delete()

    delete.queryset_only = True  # as Django has it: no `StandardSet.objects.delete()`


class StandardSet(models.Model):
    """A version of the quality standards, or of the core messages; it counts from the day on which it was agreed.

    Once something was reviewed or assessed against it, it stays as it is: a change is a new version. Whoever saves or
    deletes it or its statements, one or many at once, meets this here: actions, the admin, a shell.
    """

    class Kind(models.TextChoices):
        STANDARDS = "standards", "Quality standards"
        CORE_MESSAGES = "core_messages", "Core messages"

    kind = models.CharField(max_length=15, choices=Kind, default=Kind.STANDARDS)
    version = models.CharField(max_length=20)
    introduction = models.TextField(blank=True, help_text="What stands above them on the public page.")
    agreed_on = models.DateField(null=True, blank=True, help_text="Empty: a draft.")
    minute = models.CharField(max_length=200, blank=True, help_text="The meeting and minute that agreed it.")
    history = HistoricalRecords()

    objects = StandardSetQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-agreed_on", "-pk"]
        verbose_name = "set of standards or core messages"
        verbose_name_plural = "standards and core messages"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "version"], name="one_set_a_version",
                violation_error_message="There is a version of this name already.",
            )
        ]  # fmt: skip

    def __str__(self):
        return f"{self.get_kind_display()}, version {self.version}"

    def save(self, *args, **kwargs):
        self.refuse_if_fixed()
        super().save(*args, **kwargs)

    def clean(self):
        self.refuse_if_fixed()

    def delete(self, *args, **kwargs):
        self.refuse_if_fixed()
        return super().delete(*args, **kwargs)

    def why_fixed(self) -> str | None:
        """Return why nothing of it can be altered any more, or None: as it is stored, not as it is about to be."""
        stored = StandardSet.objects.filter(pk=self.pk, agreed_on__isnull=False)
        return why_fixed(is_agreed=stored.exists(), is_used=self.pk is not None and self.is_used)

    def refuse_if_fixed(self) -> None:
        """Raise ValidationError when it is agreed and something was assessed against it."""
        if why := self.why_fixed():
            raise ValidationError(why)

    @property
    def is_used(self) -> bool:
        """Whether something was reviewed or assessed against it."""
        return (
            self.reviews.exists()
            or ReviewAnswer.objects.filter(standard__standard_set=self).exists()
            or SelfAssessment.objects.filter(standard__standard_set=self).exists()
        )


class QualityStandardQuerySet(models.QuerySet):
    @transaction.atomic
    def update(self, **fields):
        """Change them all; raises ValidationError where they are of a fixed set, or come into one."""
        keys = list(self.values_list("pk", flat=True))
        StandardSet.objects.filter(standards__in=keys).distinct().refuse_if_fixed()
        changed = super().update(**fields)
        StandardSet.objects.filter(standards__in=keys).distinct().refuse_if_fixed()
        return changed

    def delete(self):
        """Delete them all; raises ValidationError as `delete` of one does."""
        StandardSet.objects.filter(standards__in=self).distinct().refuse_if_fixed()
        return super().delete()

    delete.queryset_only = True

    def bulk_create(self, rows, *args, **kwargs):
        """Add them all; raises ValidationError as `save` of one does."""
        rows = list(rows)
        StandardSet.objects.filter(pk__in={row.standard_set_id for row in rows}).refuse_if_fixed()
        return super().bulk_create(rows, *args, **kwargs)


class QualityStandard(models.Model):
    """One standard of a set, or one core message: a sentence that a course meets or does not."""

    standard_set = models.ForeignKey(StandardSet, on_delete=models.CASCADE, related_name="standards")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(max_length=300)

    objects = QualityStandardQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "statement"

    def __str__(self):
        return self.text

    def save(self, *args, **kwargs):
        self._refuse_if_fixed()
        super().save(*args, **kwargs)

    def clean(self):
        self._refuse_if_fixed()

    def delete(self, *args, **kwargs):
        self._refuse_if_fixed()
        return super().delete(*args, **kwargs)

    def _refuse_if_fixed(self) -> None:
        """Neither the set it belongs to may be fixed, nor the one that it is taken from."""
        stored = QualityStandard.objects.filter(pk=self.pk).values("standard_set")
        StandardSet.objects.filter(Q(pk=self.standard_set_id) | Q(pk__in=stored)).refuse_if_fixed()


class Answer(models.TextChoices):
    """How far a course meets one statement."""

    MET = "met", "Yes"
    PARTLY = "partly", "Partly"
    NOT_MET = "not_met", "No"


class SingleAgencyTraining(models.Model):
    """A safeguarding course that an organisation gives its own staff (§6.10, §6.12).

    Whether it uses the core messages and meets the standards follows from its self-assessment, where it has one.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="own_trainings")
    title = models.CharField(max_length=200)
    held_on = models.DateField("last held on")
    length = models.CharField(max_length=50, blank=True, help_text="As people say it: “half a day”.")
    given_by = models.CharField(max_length=200, blank=True, help_text="Who trains: a role or a provider.")
    people_trained = models.PositiveIntegerField("people trained in the last 12 months", null=True, blank=True)
    contents = models.ManyToManyField(
        TrainingContent, blank=True, related_name="own_trainings", help_text="Pathway contents that it covers (App. 4)."
    )
    uses_core_messages = models.BooleanField("uses the core messages", null=True, blank=True)
    meets_standards = models.BooleanField("meets the quality standards", null=True, blank=True)
    assessed_on = models.DateField("self-assessed on", null=True, blank=True)
    notes = models.TextField(blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["-held_on", "title"]
        verbose_name_plural = "single-agency training"

    def __str__(self):
        return f"{self.title} ({self.organisation})"


class SelfAssessment(models.Model):
    """How an organisation judges its own course by one standard or core message."""

    training = models.ForeignKey(SingleAgencyTraining, on_delete=models.CASCADE, related_name="self_assessment")
    standard = models.ForeignKey(QualityStandard, on_delete=models.PROTECT, related_name="self_assessments")
    answer = models.CharField(max_length=10, choices=Answer)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["standard__position", "standard"]
        constraints = [models.UniqueConstraint(fields=["training", "standard"], name="one_self_assessment")]

    def __str__(self):
        return f"{self.standard}: {self.get_answer_display()}"


class TrainingComment(models.Model):
    """What T&D or the Sub-committee say about an organisation's own course; its CPD leads read it."""

    training = models.ForeignKey(SingleAgencyTraining, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self):
        return self.text[:80]


class QualityReview(models.Model):
    """A review of a course, ours or an organisation's own: is its content current, and does it meet the standards?"""

    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.PROTECT, related_name="quality_reviews")
    single_agency = models.ForeignKey(
        SingleAgencyTraining, null=True, blank=True, on_delete=models.CASCADE, related_name="quality_reviews"
    )
    event = models.ForeignKey(
        Event, null=True, blank=True, on_delete=models.PROTECT, related_name="observations",
        help_text="The event that was observed; empty: the course was reviewed from its materials.",
    )  # fmt: skip
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
            ),
            models.CheckConstraint(
                name="observed_event_of_our_course",
                condition=Q(event__isnull=True) | Q(course__isnull=False),
                violation_error_message="Events are observed of courses of the catalogue.",
            ),
        ]
        indexes = [models.Index(fields=["course", "reviewed_on"], name="review_course_date")]

    def __str__(self):
        return f"{self.course or self.single_agency}, reviewed {short_day(self.reviewed_on)}"


class ReviewAnswer(models.Model):
    """How far the reviewed course meets one standard."""

    review = models.ForeignKey(QualityReview, on_delete=models.CASCADE, related_name="answers")
    standard = models.ForeignKey(QualityStandard, on_delete=models.PROTECT, related_name="review_answers")
    answer = models.CharField(max_length=10, choices=Answer)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["standard__position", "standard"]
        constraints = [models.UniqueConstraint(fields=["review", "standard"], name="one_review_answer")]

    def __str__(self):
        return f"{self.standard}: {self.get_answer_display()}"


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
