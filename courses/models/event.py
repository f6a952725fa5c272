from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.models import Organisation, Sector
from courses import rules
from courses.models.course import Course
from courses.models.place import Trainer, Venue
from courses.search import Found
from wscb_training.wording import day_and_clock


class EventQuerySet(models.QuerySet):
    def public(self):
        """Return the events that anybody may see: published or completed; a cancelled one only by its address."""
        return self.filter(status__in=[Event.Status.PUBLISHED, Event.Status.COMPLETED])

    def upcoming(self, *, at: datetime):
        """Return the published events that have not started at `at`, soonest first."""
        return self.filter(status=Event.Status.PUBLISHED, starts_at__gt=at).order_by("starts_at", "pk")

    def listed_for(self, viewer):
        """Return the events that lists show `viewer`: those for some organisations only are shown to their people.

        Their pages stay open to who has the address; T&D sees all.
        """
        theirs = Q()
        if viewer.is_authenticated:
            if viewer.is_td:
                return self
            theirs = Q(
                pk__in=Event.organisations.through.objects.filter(organisation=viewer.organisation_id).values("event")
            )
        return self.filter(~Q(audience=Event.Audience.ORGANISATIONS) | theirs)

    def for_audience(self, organisation: Organisation):
        """Return the events that the staff of the organisation may book."""
        sectors = Event.sectors.through.objects.filter(sector=organisation.sector_id).values("event")
        organisations = Event.organisations.through.objects.filter(organisation=organisation).values("event")
        return self.filter(
            Q(audience=Event.Audience.ALL)
            | Q(audience=Event.Audience.SECTORS, pk__in=sectors)
            | Q(audience=Event.Audience.ORGANISATIONS, pk__in=organisations)
        )

    def with_places(self, *, at: datetime, is_vcs: bool = True):
        """Return the events with a place to book at `at`, for somebody of that side (§6.9); as `rules.Places` counts.

        Those whose booking opens later count as well. While people wait, only a place that they may not take is left.
        """
        held = F("held_vcs") + F("held_other")
        kept = Q(released_at__isnull=True)
        left = self.filter(capacity__gt=held).exclude(booking_closes_at__lte=at)
        if is_vcs:
            return left.filter(Q(waiting=0) | kept & Q(vcs_places__gt=F("held_vcs")))
        return left.filter(~kept | Q(capacity__gt=F("vcs_places") + F("held_other")), waiting=0)

    def held_as(self, deliveries: Iterable[str]):
        """Return the events held in one of these ways; without a venue it is a virtual classroom."""
        held = Q(venue__isnull=False, course__delivery__in=deliveries)
        return self.filter(held | Q(venue__isnull=True) if Course.Delivery.VIRTUAL in deliveries else held)

    def matching(self, found: Found, *, any_word: bool = False):
        """Return the events whose course or venue a search found: each word in one of them, or any word."""
        matches = Q()
        for hit in found.hits:
            condition = Q(course__in=_of(Course, hit)) | Q(venue__in=_of(Venue, hit))
            matches = matches | condition if any_word else matches & condition
        return self.filter(matches) if found.hits else self.none()

    def sessions_between(self, start: datetime, end: datetime):
        """Return the sessions of these events that begin from `start` to before `end`, with what a calendar shows."""
        inside = Session.objects.filter(event__in=self.order_by(), starts_at__gte=start, starts_at__lt=end)
        return inside.select_related("event__course", "event__venue").order_by("starts_at", "event")

    def overlapping(self, sessions: Iterable[tuple[datetime, datetime]]):
        """Return the events, cancelled ones apart, with a session at the time of one of these (start, end)."""
        at_once = Q(pk__in=[])
        for starts_at, ends_at in sessions:
            at_once |= Q(sessions__starts_at__lt=ends_at, sessions__ends_at__gt=starts_at)
        return self.filter(at_once).exclude(status=Event.Status.CANCELLED).distinct()

    def short_of_people(self, *, at: datetime, days: int):
        """Return the published events that start within `days` with fewer people than their minimum."""
        coming = self.filter(status=Event.Status.PUBLISHED, starts_at__gt=at, starts_at__lte=at + timedelta(days=days))
        return coming.filter(minimum__gt=F("held_vcs") + F("held_other"))

    def first_of_each_course(self):
        """Return the soonest event of each course."""
        turn = Window(RowNumber(), partition_by="course", order_by=["starts_at", "pk"])
        first = self.order_by().annotate(turn=turn).filter(turn=1)
        return Event.objects.filter(pk__in=first.values("pk")).order_by("starts_at", "pk")

    def release_due(self, *, at: datetime):
        """Return the events whose places for the voluntary sector are to be released by `at` (§6.9)."""
        return self.filter(
            status=Event.Status.PUBLISHED,
            released_at__isnull=True,
            releases_places=True,
            release_at__lte=at,
            starts_at__gt=at,
        )

    def for_list(self):
        """Return the events with what a list of them shows."""
        return self.select_related("course", "venue")


def is_multi_agency(course: Course, audience: str) -> bool:
    """Return whether an event of the course for this audience is multi-agency."""
    return course.programme == Course.Programme.MULTI_AGENCY and audience != Event.Audience.ORGANISATIONS


def _of(model: type[models.Model], objects: Iterable) -> list:
    return [item for item in objects if isinstance(item, model)]


class Event(models.Model):
    """One running of a course: its sessions, where, who trains, who may come, and its places (§6.9).

    The places held are counted on the row itself, by `bookings.actions` alone and under its lock, so that the
    database refuses an oversell and a list of events needs no counting.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        CANCELLED = "cancelled", "Cancelled"
        COMPLETED = "completed", "Completed"

    class Audience(models.TextChoices):
        ALL = "all", "Everyone (multi-agency)"
        SECTORS = "sectors", "Some sectors only"
        ORGANISATIONS = "organisations", "Some organisations only (bespoke)"

    class Kind(models.TextChoices):
        """What the event is, for the figures: one event never counts as two kinds (§6.1)."""

        TRAINING = "training", "Training"
        REVIEW_CONFERENCE = "review_conference", "Conference on serious case or partnership reviews"
        CASE_AUDIT = "case_audit", "Multi-agency case audit event"

    reference = models.CharField(max_length=20, unique=True, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField("type", max_length=20, choices=Kind, default=Kind.TRAINING)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    first_published_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancel_reason = models.TextField(blank=True, editable=False)

    # Of the sessions, kept by courses.actions, so that lists sort and filter on one table.
    starts_at = models.DateTimeField(null=True, blank=True, editable=False)
    ends_at = models.DateTimeField(null=True, blank=True, editable=False)

    venue = models.ForeignKey(Venue, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    joining_link = models.URLField(blank=True, help_text="For a virtual classroom; shown to the people booked only.")
    joining_instructions = models.TextField(blank=True)
    trainers = models.ManyToManyField(Trainer, related_name="events", blank=True)

    double_booking_reason = models.CharField(
        "double booked: the reason",
        max_length=300,
        blank=True,
        help_text="Only if the venue or a trainer has another event at the time, and you mean it so. "
        "It counts for what clashes then; a new clash asks again.",
    )
    # The reason as it was given, and for which clashes: {"reason": …, "for": [keys]}, kept by courses.clashes.
    double_booking_given = models.JSONField(default=dict, blank=True, editable=False)

    audience = models.CharField(max_length=15, choices=Audience, default=Audience.ALL)
    sectors = models.ManyToManyField(Sector, related_name="events", blank=True)
    organisations = models.ManyToManyField(Organisation, related_name="events", blank=True)
    booking_opens_at = models.DateTimeField(null=True, blank=True, help_text="Empty: as soon as it is published.")
    booking_closes_at = models.DateTimeField(null=True, blank=True, help_text="Empty: when the event starts.")

    capacity = models.PositiveSmallIntegerField(default=20, validators=[MinValueValidator(1)])
    minimum = models.PositiveSmallIntegerField(
        "least number of people",
        null=True,
        blank=True,
        help_text="You are warned 10 days before, or as the settings of policy say, when fewer are booked.",
    )
    minimum_warned_at = models.DateTimeField(null=True, blank=True, editable=False)
    vcs_share = models.DecimalField(
        "share kept for the voluntary sector",
        max_digits=4,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0")), MaxValueValidator(Decimal("1"))],
        help_text="0.2 keeps 20%. Empty: the share of the policy, which is also the least.",
    )
    vcs_places = models.PositiveSmallIntegerField("places kept for the voluntary sector", default=0, editable=False)
    releases_places = models.BooleanField(
        "release unused voluntary sector places", default=True, help_text="Off: they stay kept until the event."
    )
    release_at = models.DateTimeField(
        "release date",
        null=True,
        blank=True,
        help_text="When unused voluntary sector places go to anybody. Empty: by the policy, 7 days before the start.",
    )
    released_at = models.DateTimeField(null=True, blank=True, editable=False)

    held_vcs = models.PositiveSmallIntegerField("places held by the voluntary sector", default=0, editable=False)
    held_other = models.PositiveSmallIntegerField("places held by others", default=0, editable=False)
    waiting = models.PositiveSmallIntegerField("people waiting", default=0, editable=False)
    # How far T&D's overrides and lowered capacities stand beyond the rule now; they shrink with each place given back.
    over_capacity = models.PositiveSmallIntegerField(default=0, editable=False)
    over_quota = models.PositiveSmallIntegerField(default=0, editable=False)

    register_closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    register_closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    hosted_in_community = models.BooleanField(default=False, help_text="Held at a community venue (§6.9).")
    service_users_in_design = models.BooleanField(default=False, help_text="§6.14")
    service_users_in_delivery = models.BooleanField(default=False, help_text="§6.14")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["status", "starts_at"], name="event_status_start"),
            models.Index(
                fields=["release_at"],
                name="event_release_due",
                condition=Q(status="published", released_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="places_within_capacity",
                condition=Q(capacity__gte=F("held_vcs") + F("held_other") - F("over_capacity")),
            ),
            models.CheckConstraint(
                name="vcs_places_kept",
                condition=Q(released_at__isnull=False)
                | Q(capacity__gte=F("held_other") + F("vcs_places") - F("over_quota")),
            ),
            models.CheckConstraint(
                name="event_ends_after_start", condition=Q(starts_at__isnull=True) | Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="published_event_has_time",
                condition=Q(status__in=["draft", "cancelled"])
                | Q(starts_at__isnull=False, ends_at__isnull=False, first_published_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.reference} {self.course.title}"

    def get_absolute_url(self):
        return reverse("bookings:event", args=[self.reference])

    @property
    def is_published(self) -> bool:
        """Whether people may see and book it."""
        return self.status == self.Status.PUBLISHED

    @property
    def closes_at(self) -> datetime | None:
        """When booking ends: its own date, else the start."""
        return self.booking_closes_at or self.starts_at

    @property
    def is_multi_agency(self) -> bool:
        """Whether it is for people of several agencies: a multi-agency course, not bespoke for some organisations."""
        return is_multi_agency(self.course, self.audience)

    @property
    def held_as(self) -> str:
        """How it is held, in words: as its course is; without a venue it is a virtual classroom whatever the course."""
        return self.course.get_delivery_display() if self.venue_id else Course.Delivery.VIRTUAL.label

    @property
    def place_name(self) -> str:
        """Where it is, in a few words."""
        return self.venue.name if self.venue else "Online"

    def release_is_due(self, *, at: datetime) -> bool:
        """Whether its unused voluntary sector places are to be released by now, and are not yet (§6.9)."""
        return bool(
            self.is_published
            and self.released_at is None
            and self.releases_places
            and self.release_at
            and self.release_at <= at < self.starts_at
        )

    def is_for(self, person) -> bool:
        """Whether the person is of the event's audience."""
        if self.audience == self.Audience.SECTORS:
            return bool(person.sector) and self.sectors.filter(pk=person.sector.pk).exists()
        if self.audience == self.Audience.ORGANISATIONS:
            return self.organisations.filter(pk=person.organisation_id).exists()
        return True

    def outline(self) -> rules.Outline:
        """Return when and where it is, as the database has it now."""
        venue = self.venue
        return rules.Outline(
            sessions=tuple(self.sessions.order_by("starts_at").values_list("starts_at", "ends_at")),
            place=f"{venue.name}, {venue.address}, {venue.postcode}" if venue else "online",
            joining_link=self.joining_link,
        )

    def places(self) -> rules.Places:
        """Return its places as the rules see them."""
        return rules.Places(
            capacity=self.capacity,
            kept=0 if self.released_at else self.vcs_places,
            held_vcs=self.held_vcs,
            held_other=self.held_other,
            waiting=self.waiting,
        )

    @property
    def places_in_words(self) -> str:
        """The places left, as a list says it."""
        return rules.places_in_words(self.places())


class Session(models.Model):
    """One sitting of an event; a two-day course has two."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    history = HistoricalRecords()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                name="session_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="A session ends after it starts.",
            )
        ]

    def __str__(self):
        return day_and_clock(self.starts_at)
