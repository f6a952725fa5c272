import secrets
import uuid
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from accounts.models import Organisation, Sector
from competence.models import CompetenceGroup, TrainingContent
from competence.rules import valid_until
from courses.models import Course
from courses.rules import CLEAR_LETTERS


def new_check_code() -> str:
    """Return the code by which anyone can check that a certificate is genuine: "7KMP-Q2XD-9RVT"."""
    return "-".join("".join(secrets.choice(CLEAR_LETTERS) for _ in range(4)) for _ in range(3))


def evidence_path(record, name: str) -> str:
    """Return where an evidence file is kept: under a name of ours, so that nobody's name for it reaches the disk."""
    return f"evidence/{uuid.uuid4()}{Path(name).suffix.lower()[:5]}"


class TrainingRecordQuerySet(models.QuerySet):
    def counted(self):
        """Return the records that count: completed here, or verified by a CPD lead or T&D."""
        return self.filter(status=TrainingRecord.Status.COUNTED)

    def to_verify(self):
        """Return the records of training elsewhere that a CPD lead or T&D still has to look at."""
        return self.filter(status=TrainingRecord.Status.TO_VERIFY)

    def of_team(self, organisation):
        """Return the records of those who work for the organisation now, confirmed by a CPD lead."""
        return self.filter(
            person__is_active=True,
            person__memberships__organisation=organisation,
            person__memberships__ended_on__isnull=True,
            person__memberships__confirmed_at__isnull=False,
        )

    def for_page(self):
        """Return the records with what a list of them shows."""
        return self.select_related("course", "booking__event").prefetch_related("contents", "course__satisfies")


class TrainingRecord(models.Model):
    """What a person has completed: an event, online learning, or training taken elsewhere (§8)."""

    class Source(models.TextChoices):
        EVENT = "event", "Event"
        ONLINE = "online", "Online learning"
        ELSEWHERE = "elsewhere", "Training elsewhere"

    class Status(models.TextChoices):
        COUNTED = "counted", "Counts"
        TO_VERIFY = "to_verify", "To be verified"
        REFUSED = "refused", "Not accepted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="training_records")
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.PROTECT, related_name="training_records")
    booking = models.OneToOneField(
        "bookings.Booking", null=True, blank=True, on_delete=models.PROTECT, related_name="record"
    )
    source = models.CharField(max_length=10, choices=Source)
    status = models.CharField(max_length=10, choices=Status, default=Status.COUNTED)
    completed_on = models.DateField()
    check_code = models.CharField(max_length=14, unique=True, default=new_check_code, editable=False)
    recorded_at = models.DateTimeField(auto_now_add=True)
    certificate_told_at = models.DateTimeField(
        null=True, blank=True, help_text="When the person was told that the certificate is ready."
    )

    # Training elsewhere only.
    title = models.CharField(max_length=200, blank=True)
    provider = models.CharField(max_length=200, blank=True)
    contents = models.ManyToManyField(TrainingContent, blank=True, related_name="records")
    evidence = models.FileField(upload_to=evidence_path, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decision_reason = models.TextField(blank=True)
    history = HistoricalRecords()

    objects = TrainingRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-completed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="record_names_its_training",
                condition=Q(course__isnull=False) | ~Q(title=""),
            ),
            models.CheckConstraint(
                name="event_record_has_booking", condition=Q(source="event", booking__isnull=False) | ~Q(source="event")
            ),
        ]
        indexes = [
            models.Index(fields=["person", "status"], name="record_person_status"),
            # What every figure of the strategy counts: who completed what from one day to another (§6).
            models.Index(fields=["completed_on"], name="record_counted_day", condition=Q(status="counted")),
        ]

    def __str__(self):
        return f"{self.person}: {self.name}"

    @property
    def valid_until(self) -> date | None:
        """The last day on which it counts, or None: for good."""
        months = self.course.refresher_months if self.course else None
        return valid_until(completed_on=self.completed_on, refresher_months=months)

    @property
    def counts(self) -> bool:
        return self.status == self.Status.COUNTED

    @property
    def name(self) -> str:
        """What the training was called."""
        return self.course.title if self.course else self.title


class OnlineStartQuerySet(models.QuerySet):
    def begun_by(self, person) -> list:
        """Return the latest start of each online course offered that a person began and did not finish since."""
        finished = TrainingRecord.objects.filter(
            person=person,
            course=models.OuterRef("course"),
            status__in=[TrainingRecord.Status.COUNTED, TrainingRecord.Status.TO_VERIFY],
            completed_on__gte=models.OuterRef("started_on"),
        )
        starts = self.annotate(started_on=models.functions.TruncDate("started_at"))
        starts = starts.filter(~models.Exists(finished), person=person, course__is_active=True)
        latest = {start.course_id: start for start in starts.select_related("course").order_by("started_at")}
        return list(latest.values())


class OnlineStart(models.Model):
    """Somebody pressed "Start" on an online course: what Priority 3 counts, by their sector and group then (§6.3)."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="starts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="online_starts")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="online_starts")
    sector = models.ForeignKey(Sector, null=True, on_delete=models.PROTECT, related_name="online_starts")
    group = models.ForeignKey(CompetenceGroup, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()

    objects = OnlineStartQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["started_at"], name="online_start_when")]

    def __str__(self):
        return f"{self.person} started {self.course}"
