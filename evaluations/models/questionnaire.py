from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from courses.models import Course

PLEDGE = "[pledge]"


class Kind(models.TextChoices):
    """The four questionnaires of §15."""

    PRE = "pre", "Before the course"
    POST = "post", "After the course"
    IMPACT_LEARNER = "impact_learner", "Twelve weeks later: learner"
    IMPACT_MANAGER = "impact_manager", "Twelve weeks later: manager"


class Questionnaire(models.Model):
    """One version of one of the four questionnaires. One that has answers is copied on change, not altered."""

    kind = models.CharField(max_length=15, choices=Kind)
    version = models.PositiveSmallIntegerField(default=1)
    is_current = models.BooleanField(default=False, editable=False)
    introduction = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_version"),
            models.UniqueConstraint(fields=["kind"], condition=Q(is_current=True), name="one_current_questionnaire"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, version {self.version}"

    def questions_for(self, course: Course | None) -> list["Question"]:
        """Return the questions in their order: those of all courses, and those of this course alone."""
        return list(self.questions.filter(Q(course=None) | Q(course=course)).order_by("position", "pk"))


class Question(models.Model):
    """One question of a questionnaire; with a course, it is asked for that course only."""

    class Type(models.TextChoices):
        SCALE = "scale", "Scale of 1 to 5"
        OUTCOMES = "outcomes", "Scale of 1 to 5 for each learning outcome of the course"
        YES_NO = "yes_no", "Yes or no"
        ONE_OF = "one_of", "One of"
        ANY_OF = "any_of", "Any of"
        SHORT = "short", "Short text"
        LONG = "long", "Long text"

    class Measure(models.TextChoices):
        """What the results page compares or shows apart; most questions measure nothing of these."""

        KNOWLEDGE = "knowledge", "Knowledge"
        CONFIDENCE = "confidence", "Confidence"
        KNOWLEDGE_THEN = "knowledge_then", "Knowledge before, looking back"
        OUTCOME_CONFIDENCE = "outcome_confidence", "Confidence in a learning outcome"
        REACTION = "reaction", "How the course was"
        PLEDGE = "pledge", "One thing I will do differently"
        USED = "used", "Used what was learned"
        DIFFERENCE = "difference", "Difference made for children and families"
        BARRIER = "barrier", "What got in the way"
        CHANGE_SEEN = "change_seen", "Change of practice that the manager saw"
        NEED = "need", "Further training needed"

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="questions")
    course = models.ForeignKey(
        Course,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="questions",
        help_text="Empty: all courses.",
    )
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(max_length=300, help_text="“[pledge]” is replaced by what the learner said they would do.")
    hint = models.CharField(max_length=300, blank=True)
    type = models.CharField(max_length=10, choices=Type)
    options = models.TextField(blank=True, help_text="One of, any of: one option a line.")
    is_required = models.BooleanField("required", default=True)
    measure = models.CharField(max_length=20, choices=Measure, blank=True)
    low_label = models.CharField("what 1 means", max_length=50, blank=True)
    high_label = models.CharField("what 5 means", max_length=50, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.text

    def clean(self):
        """Refuse what nobody could answer: a choice of nothing, or a scale of which one end says what it means."""
        chooses = self.type in (self.Type.ONE_OF, self.Type.ANY_OF)
        if chooses and len(set(self.option_list)) < 2:
            raise ValidationError({"options": "Enter two options or more, one a line."})
        if chooses and any(len(option) > 100 for option in self.option_list):
            raise ValidationError({"options": "An option has 100 letters at the most."})
        if self.options and not chooses:
            raise ValidationError({"options": "Only “one of” and “any of” have options."})
        if bool(self.low_label) != bool(self.high_label):
            raise ValidationError({"high_label": "Say what both ends of the scale mean, or neither."})

    @property
    def in_general(self) -> str:
        """The question as it stands where nobody's pledge is quoted in it."""
        return self.text.replace(PLEDGE, "…")

    @property
    def option_list(self) -> list[str]:
        """The options to choose from."""
        return [line.strip() for line in self.options.splitlines() if line.strip()]
