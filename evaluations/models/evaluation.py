import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from bookings.models import Booking, TrainingRecord
from courses.models import Event
from evaluations import rules
from evaluations.models.questionnaire import Kind, Question, Questionnaire
from evaluations.models.theme import Tag, Theme


class EvaluationQuerySet(models.QuerySet):
    def open(self):
        """Return the forms that are neither answered nor withdrawn."""
        return self.filter(submitted_at__isnull=True, withdrawn_at__isnull=True)

    def due(self, *, at: datetime):
        """Return the open forms that may be answered at `at`."""
        return self.open().filter(opens_at__lte=at)

    def submitted(self):
        return self.filter(submitted_at__isnull=False)

    def of_kind(self, kind: str):
        return self.filter(kind=kind)

    def standing(self):
        """Return the forms whose booking, event and account still stand, and of impact whose learner completed."""
        completed = TrainingRecord.objects.counted().filter(booking=OuterRef("booking"))
        stands = Q(booking__status=Booking.Status.CONFIRMED, booking__person__is_active=True)
        held = ~Q(booking__event__status=Event.Status.CANCELLED)
        return self.filter(stands, held).filter(Q(kind__in=[Kind.PRE, Kind.POST]) | Exists(completed))

    def nobody_to_ask(self, *, at: datetime):
        """Return managers' due forms for which T&D has to name somebody who can answer, while it makes sense to ask."""
        return self.due(at=at).filter(
            kind=Kind.IMPACT_MANAGER, respondent_email="", opens_at__gt=at - rules.ISSUED_WITHIN
        )

    def for_page(self):
        """Return the forms with what a page or an email about them shows."""
        return self.select_related(
            "booking__event__course", "booking__person", "booking__organisation", "questionnaire"
        )


class Evaluation(models.Model):
    """One questionnaire that one person is asked to answer about one booking (§15)."""

    code = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="evaluations")
    kind = models.CharField(max_length=15, choices=Kind)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="evaluations")
    # Who is asked. A line manager may have no account, then there is an address alone; with neither, T&D looks for one.
    respondent = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="evaluations"
    )
    respondent_email = models.EmailField(blank=True)
    declined_by = models.EmailField(blank=True, help_text="Who said that they can't answer: they are not asked again.")
    # The learning outcomes as they were when the event's first form was made: the same words in all four (§15).
    outcomes = models.JSONField(default=list, blank=True)
    opens_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True, blank=True)
    first_reminded_at = models.DateTimeField(null=True, blank=True)
    second_reminded_at = models.DateTimeField(null=True, blank=True)
    draft = models.JSONField(default=dict, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)
    shared_with_manager = models.BooleanField(default=False)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ["opens_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["booking", "kind"], name="one_form_a_booking"),
            models.CheckConstraint(
                name="form_answered_or_withdrawn", condition=Q(submitted_at__isnull=True) | Q(withdrawn_at__isnull=True)
            ),
        ]
        indexes = [
            models.Index(
                fields=["opens_at"],
                name="evaluation_open",
                condition=Q(submitted_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.Index(fields=["kind", "submitted_at"], name="evaluation_kind_submitted"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.booking}"

    def questions(self) -> list[Question]:
        """Return the questions asked in this form: those of all courses and the course's own."""
        return self.questionnaire.questions_for(self.booking.event.course)

    def pledge(self) -> str:
        """Return what the learner said after the course that they would do differently, or ""."""
        said = Answer.objects.filter(
            evaluation__booking=self.booking_id, evaluation__kind=Kind.POST, question__measure=Question.Measure.PLEDGE
        )
        return said.values_list("text", flat=True).first() or ""

    def learners_answers(self) -> list[tuple[str, str]]:
        """Return what the learner answered twelve weeks on, in words, where they agreed that their manager reads it."""
        answers = Answer.objects.filter(
            evaluation__booking=self.booking_id,
            evaluation__kind=Kind.IMPACT_LEARNER,
            evaluation__shared_with_manager=True,
            evaluation__submitted_at__isnull=False,
        )
        return [(answer.outcome or answer.question.text, str(answer)) for answer in answers.select_related("question")]

    @property
    def has_nobody_to_ask(self) -> bool:
        """Whether T&D has to name somebody who can answer it."""
        return not self.respondent_email and self.submitted_at is None


class Answer(models.Model):
    """One answer. What it was asked about a learning outcome is kept in words, for the course may change."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    outcome = models.CharField(max_length=300, blank=True)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    choices = models.JSONField(default=list, blank=True)
    text = models.TextField(blank=True)
    themes = models.ManyToManyField(Theme, through=Tag, related_name="answers")

    class Meta:
        ordering = ["question__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "question", "outcome"], name="one_answer"),
            models.CheckConstraint(
                name="scale_from_1_to_5", condition=Q(number__isnull=True) | Q(number__gte=1, number__lte=5)
            ),
        ]

    def __str__(self):
        return self.text or str(self.number or ", ".join(self.choices))
