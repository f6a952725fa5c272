from django.conf import settings
from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from competence.models import CompetenceGroup, TrainingContent
from courses.search import Document
from wscb_training.wording import count


class Subject(models.Model):
    """A training subject of Appendix 2; `core_subject` is §7's own wording where it is one of the ten."""

    class Category(models.TextChoices):
        GENERAL = "general", "General practice development"
        SPECIALIST = "specialist", "Specialist development"

    name = models.CharField(max_length=100, unique=True)
    category = models.CharField(max_length=10, choices=Category)
    core_subject = models.CharField(max_length=100, blank=True, help_text="§7's wording, where it is a core subject.")
    position = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords()

    class Meta:
        ordering = ["category", "position"]

    def __str__(self):
        return self.name

    @property
    def is_specialist(self) -> bool:
        """Whether it is one of Appendix 2's specialist subjects."""
        return self.category == self.Category.SPECIALIST

    @property
    def is_core(self) -> bool:
        """Whether it is one of §7's ten core subjects."""
        return bool(self.core_subject)


class CourseQuerySet(models.QuerySet):
    def offered(self):
        """Return the courses that the catalogue shows."""
        return self.filter(is_active=True)

    def for_group(self, group: int | str):
        """Return the courses meant for a competence group (its number), with those meant for everybody."""
        return self.filter(models.Q(target_groups=group) | models.Q(target_groups=None))

    def for_catalogue(self):
        """Return the courses with what a list of them shows."""
        return self.offered().prefetch_related("subjects")

    def documents(self) -> list[Document]:
        """Return what a search reads of the courses: the keys it finds are the courses."""
        courses = self.prefetch_related("subjects", "satisfies")
        return [Document(course, course.title, course.subject_names(), course.other_words()) for course in courses]


class Course(models.Model):
    """What can be learned (Appendix 1). It is run as events, or taken online at any time."""

    class Delivery(models.TextChoices):
        FACE_TO_FACE = "face_to_face", "Face to face"
        VIRTUAL = "virtual", "Virtual classroom"
        ONLINE = "online", "Online learning"
        CONFERENCE = "conference", "Conference"

    class Programme(models.TextChoices):
        MULTI_AGENCY = "multi_agency", "Multi-agency"
        SINGLE_AGENCY = "single_agency", "Single agency"
        BESPOKE = "bespoke", "Bespoke"

    class Duty(models.TextChoices):
        SAFEGUARDING_LEAD = "safeguarding_lead", "Designated Safeguarding Lead training"
        TRAIN_THE_TRAINER = "train_the_trainer", "Opens the pool of internal trainers (§5)"
        WHOLE_SCHOOL = "whole_school", "Whole school staff training"

    title = models.CharField(max_length=200, unique=True)
    title_as_printed = models.CharField(
        max_length=200, blank=True, help_text="The wording of the strategy's Appendix 1, where it comes from there."
    )
    slug = models.SlugField(max_length=100, unique=True)
    summary = models.TextField(blank=True, help_text="One or two sentences for lists.")
    outcomes = models.TextField("learning outcomes", blank=True, help_text="One a line: “By the end you will …”.")
    audience_note = models.TextField("who it is for", blank=True)
    delivery = models.CharField(max_length=20, choices=Delivery, default=Delivery.FACE_TO_FACE)
    programme = models.CharField(max_length=20, choices=Programme, default=Programme.MULTI_AGENCY)
    level = models.CharField(max_length=30, blank=True)
    length = models.CharField(max_length=50, blank=True, help_text="As people say it: “One day”, “About 45 minutes”.")
    required_sessions = models.PositiveSmallIntegerField(default=1, help_text="0 for online learning.")
    start_link = models.URLField(blank=True, help_text="Online learning: where it is taken.")
    refresher_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How long it lasts; empty: for good."
    )
    duty = models.CharField(
        "statutory duty",
        max_length=20,
        choices=Duty,
        blank=True,
        help_text="What it fulfils for a school or setting (§9, §10), if anything.",
    )
    materials_reviewed_on = models.DateField(null=True, blank=True)
    materials_reviewed_by = models.CharField(max_length=100, blank=True)
    subjects = models.ManyToManyField(Subject, related_name="courses", blank=True)
    contents = models.ManyToManyField(
        TrainingContent, related_name="related_courses", blank=True, help_text="Pathway contents it has to do with."
    )
    satisfies = models.ManyToManyField(
        TrainingContent, related_name="satisfying_courses", blank=True, help_text="Pathway contents it completes."
    )
    target_groups = models.ManyToManyField(CompetenceGroup, related_name="courses", blank=True)
    prerequisites = models.ManyToManyField("self", symmetrical=False, related_name="unlocks", blank=True)
    notes = models.TextField(blank=True, help_text="For T&D only.")
    is_active = models.BooleanField("offered", default=True)
    position = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords()

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("courses:course", args=[self.slug])

    @property
    def is_online_learning(self) -> bool:
        """Whether it is taken online at any time, so has no events."""
        return self.delivery == self.Delivery.ONLINE

    @property
    def lasts_in_words(self) -> str:
        """How long a completion lasts: "2 years", "18 months", or "" for good."""
        years, months = divmod(self.refresher_months or 0, 12)
        return count(self.refresher_months, "month") if months else count(years, "year") if years else ""

    def subject_names(self) -> tuple[str, ...]:
        """Return the names by which its subjects are known, §7's as well as Appendix 2's."""
        names = [name for subject in self.subjects.all() for name in (subject.name, subject.core_subject) if name]
        return tuple(dict.fromkeys(names))

    def other_words(self) -> str:
        """Return the rest of what it says about itself, for the search."""
        contents = [content.short_name for content in self.satisfies.all()]
        return "\n".join([self.title_as_printed, self.summary, self.outcomes, self.audience_note, *contents])

    @property
    def outcome_list(self) -> list[str]:
        """The learning outcomes, one an item."""
        return [line.strip() for line in self.outcomes.splitlines() if line.strip()]


class Interest(models.Model):
    """Somebody would come to this course if there were an event of it."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="interests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="interests")
    registered_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True, help_text="When they were told of a new event, once.")

    class Meta:
        ordering = ["-registered_at"]
        constraints = [models.UniqueConstraint(fields=["course", "person"], name="interest_once")]

    def __str__(self):
        return f"{self.person} would come to {self.course}"
