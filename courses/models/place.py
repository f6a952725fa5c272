"""Where training is held, and who holds it."""

from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from courses import rules
from courses.models.course import Course, Subject
from courses.search import Document


class VenueQuerySet(models.QuerySet):
    def documents(self) -> list[Document]:
        """Return what a search reads of the venues: the keys it finds are the venues."""
        return [Document(venue, venue.name, text=f"{venue.address} {venue.postcode}") for venue in self]


class Venue(models.Model):
    """A place where events are held, with what somebody needs to know to get in."""

    name = models.CharField(max_length=100, unique=True)
    address = models.CharField(max_length=200)
    postcode = models.CharField(max_length=10)
    capacity = models.PositiveSmallIntegerField(help_text="People the largest room holds.")
    is_step_free = models.BooleanField("step-free", default=False)
    has_hearing_loop = models.BooleanField("hearing loop", default=False)
    is_community = models.BooleanField(
        "community venue", default=False, help_text="Run by a community or voluntary organisation (§6.9)."
    )
    access_notes = models.TextField(blank=True, help_text="Entrance, lifts, toilets, quiet room, parking.")
    travel_notes = models.TextField(blank=True, help_text="Nearest station, buses, cycle parking.")
    is_active = models.BooleanField("in use", default=True)
    history = HistoricalRecords()

    objects = VenueQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def map_link(self) -> str:
        """Where a map of it opens."""
        query = urlencode({"query": f"{self.name}, {self.address}, {self.postcode}"})
        return f"https://www.openstreetmap.org/search?{query}"


class Trainer(models.Model):
    """Somebody who delivers training: one of the borough's own people, or from outside (§5)."""

    class Kind(models.TextChoices):
        INTERNAL = "internal", "Internal"
        EXTERNAL = "external", "External"
        SPECIALIST = "specialist", "Specialist"

    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.INTERNAL)
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="trainer",
        help_text="Their account, so that they see the registers of their events.",
    )
    organisation_name = models.CharField("organisation", max_length=100, blank=True)
    about = models.TextField(blank=True, help_text="A sentence for the event's page.")
    expertise = models.ManyToManyField(Subject, related_name="trainers", blank=True)
    train_the_trainer_on = models.DateField(
        "train the trainer completed on",
        null=True,
        blank=True,
        help_text="Internal trainers need it (§5). Completing Training the Trainers here fills it in by itself.",
    )
    train_the_trainer_here = models.BooleanField(
        "completed here", default=False, editable=False, help_text="The date comes from the training record here."
    )
    train_the_trainer_evidence = models.CharField(
        "evidence of it", max_length=300, blank=True, help_text="Which programme, and where its certificate is filed."
    )
    is_active = models.BooleanField("in the pool", default=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def refusal(self, *, course: Course, is_multi_agency: bool) -> str | None:
        """Return why they can't be put on an event of the course, or None (§5)."""
        specialist = [subject.name for subject in course.subjects.all() if subject.is_specialist]
        return self.refusal_for(is_multi_agency=is_multi_agency, specialist_subjects=specialist)

    def refusal_for(
        self, *, is_multi_agency: bool, specialist_subjects: list[str], expertise: list[str] | None = None
    ) -> str | None:
        """Return the same for facts that may not be saved yet; `expertise` in place of what is recorded."""
        return rules.trainer_refusal(
            name=self.name,
            kind=self.kind,
            is_active=self.is_active,
            trained=self.train_the_trainer_on is not None,
            is_multi_agency=is_multi_agency,
            specialist_subjects=specialist_subjects,
            expertise=[each.name for each in self.expertise.all()] if expertise is None else expertise,
        )
