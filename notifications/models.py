"""A message is a row before it is an email; a long document is a row before it is a file."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse


class MessageQuerySet(models.QuerySet):
    def due(self, *, at):
        """Return the messages that wait and whose next attempt has come at `at`."""
        return self.filter(status=Message.Status.WAITING, next_attempt_at__lte=at)

    def abandoned(self, *, since):
        """Return the messages that a worker claimed before `since` and never finished: it was killed."""
        return self.filter(status=Message.Status.SENDING, claimed_at__lt=since)


class Message(models.Model):
    """One email to one person: written in the transaction of what it tells about, delivered by a worker."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting to be sent"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Whoever queues the same key again gets the first message back: no email goes twice.
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=100, help_text="The email's template, as in “bookings/confirmed”.")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="messages"
    )
    to = models.EmailField("to")
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField()
    calendar = models.TextField(blank=True, help_text="The calendar entry that goes with it (.ics), or empty.")
    calendar_method = models.CharField(max_length=10, blank=True)
    headers = models.JSONField(default=dict, blank=True)

    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    next_attempt_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    maybe_repeated = models.BooleanField(
        default=False, help_text="A worker stopped while sending it, so it may have arrived twice."
    )
    last_error = models.TextField(blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="message_sent_has_time",
                condition=Q(status="sent", sent_at__isnull=False) | (~Q(status="sent") & Q(sent_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                name="message_open",
                fields=["status", "next_attempt_at"],
                condition=Q(status__in=["waiting", "sending"]),
            ),
            models.Index(name="message_recent", fields=["-created_at"]),
        ]

    def __str__(self):
        return f"{self.subject} ({self.get_status_display().lower()})"


class PreparedFileQuerySet(models.QuerySet):
    def open(self):
        """Return the files that are still to be made."""
        return self.filter(status__in=[PreparedFile.Status.WAITING, PreparedFile.Status.MAKING])

    def silent(self, *, since):
        """Return the files that no worker took up, or whose worker has said nothing since `since`: it was killed."""
        return self.open().filter(heard_at__lt=since)


class PreparedFile(models.Model):
    """A document that takes too long for a page: a worker makes it for one person, who sees how far it is."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting to be made"
        MAKING = "making", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    task = models.CharField(max_length=200, help_text="The Celery task that makes it.")
    parameters = models.JSONField(default=dict, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="prepared_files")
    requested_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    heard_at = models.DateTimeField(help_text="When it was asked for, or its worker last told how far it is.")
    finished_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(upload_to="prepared/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    page = models.CharField(max_length=200, blank=True, help_text="Where the person goes on when it is ready.")
    problem = models.TextField(blank=True)

    objects = PreparedFileQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(
                name="prepared_finished_has_time",
                condition=Q(status__in=["ready", "failed"], finished_at__isnull=False)
                | Q(status__in=["waiting", "making"], finished_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="prepared_open", fields=["heard_at"], condition=Q(status__in=["waiting", "making"])),
        ]

    def __str__(self):
        return f"{self.title} ({self.get_status_display().lower()})"

    def get_absolute_url(self):
        return reverse("prepared", args=[self.pk])

    @property
    def percent(self) -> int:
        """How much is made, 0 to 100."""
        return 100 if self.status == self.Status.READY else round(100 * self.done / self.of) if self.of else 0


class Tick(models.Model):
    """When something regular last happened; beat's tick goes through the broker and a worker to come here."""

    BEAT = "beat"

    name = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()

    def __str__(self):
        return self.name
