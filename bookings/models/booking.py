import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.models import Organisation, Policy, Sector, User
from bookings import rules
from bookings.models.record import TrainingRecord
from competence.models import CompetenceGroup
from courses.models import Event


class BookingQuerySet(models.QuerySet):
    def live(self):
        """Return the bookings that hold a place or wait for one."""
        return self.filter(status__in=Booking.LIVE)

    def holding(self):
        """Return the bookings that hold a place: confirmed, or held until a CPD lead approves."""
        return self.filter(status__in=Booking.HOLDING)

    def confirmed(self):
        return self.filter(status=Booking.Status.CONFIRMED)

    def waiting(self):
        """Return the waiting list, in the order in which people asked. Rows are made under the event's lock."""
        return self.filter(status=Booking.Status.WAITING).order_by("pk")

    def to_approve(self, *, at: datetime):
        """Return the bookings that a CPD lead can still approve at `at`, whether a place is held or they wait."""
        in_time = Q(approval_due_at__gt=at) | Q(status=Booking.Status.WAITING)
        return self.live().filter(in_time, needs_approval=True, approved_at__isnull=True, event__starts_at__gt=at)

    def missed(self):
        """Return the places that were not used: cancelled late, or not attended on every session (§6.9)."""
        confirmed = Q(status=Booking.Status.CONFIRMED, event__register_closed_at__isnull=False)
        present = Q(record__status=TrainingRecord.Status.COUNTED)
        return self.filter(Q(is_late=True) | (confirmed & ~present))

    def ended_before_the_event(self, *, at: datetime):
        """Return the bookings that were cancelled, declined or lapsed for events still to come, newest first."""
        return self.exclude(status__in=Booking.LIVE).filter(event__ends_at__gt=at).order_by("-ended_at")

    def to_tell_before(self, *, at: datetime, ahead: timedelta, told: str):
        """Return the confirmed bookings of events that start within `ahead`, not told yet by the field `told`.

        Who got their place after that moment is left out: the confirmation told them. Cancelled ones never stand here.
        """
        coming = Q(event__status=Event.Status.PUBLISHED, event__starts_at__gt=at, event__starts_at__lte=at + ahead)
        in_time = Q(confirmed_at__lt=F("event__starts_at") - ahead)
        return self.confirmed().filter(coming, in_time, **{f"{told}__isnull": True})

    def for_page(self):
        """Return the bookings with what a page or an email about them shows."""
        return self.select_related("event__course", "event__venue", "person__coordinator", "organisation", "booked_by")

    def with_position(self):
        """Annotate `ahead`: how many people wait before this one. 0 for who does not wait."""
        before = (
            Booking.objects.filter(event=models.OuterRef("event"), status=Booking.Status.WAITING)
            .filter(pk__lt=models.OuterRef("pk"))
            .order_by()
            .values("event")
            .annotate(number=models.Count("pk"))
            .values("number")
        )
        return self.annotate(ahead=models.functions.Coalesce(models.Subquery(before), 0))

    def clashing_with(self, event: Event, *, person: User):
        """Return this person's confirmed or held bookings with a session at the time of one of `event`'s."""
        return self.holding().filter(_at_the_time_of(event), person=person).exclude(event=event).distinct()

    def facts(self, *, event: Event, person: User) -> rules.PersonFacts:
        """Return what the rules ask about this person for this event.

        Asked under the event's lock, where each part of a millisecond holds up everybody else: what is rare (another
        event in the same days, a course with prerequisites) is looked into when it is there.
        """
        live = self.live().filter(person=person).filter(Q(event=event) | _in_the_days_of(event))
        live = list(live.values_list("event", "status"))
        others = any(at != event.pk for at, _ in live)
        missing = dict(event.course.prerequisites.values_list("pk", "title"))
        if missing:
            for done in TrainingRecord.objects.counted().filter(person=person).values_list("course", flat=True):
                missing.pop(done, None)
        return rules.PersonFacts(
            is_active=person.is_active,
            profile_complete=person.profile_complete,
            in_audience=event.is_for(person),
            booked_as=next((status for at, status in live if at == event.pk), ""),
            clashes_with=self._title_of_clash(event, person) if others else "",
            missing_prerequisites=list(missing.values()),
        )

    def _title_of_clash(self, event: Event, person: User) -> str:
        clashes = self.clashing_with(event, person=person).order_by("pk")
        return clashes.values_list("event__course__title", flat=True).first() or ""


def _in_the_days_of(event: Event) -> Q:
    """Return the condition that a booking holds a place on an event that is not over before this one, nor after it."""
    if event.starts_at is None:  # a draft without a session
        return Q(pk__in=[])
    return Q(status__in=Booking.HOLDING, event__starts_at__lt=event.ends_at, event__ends_at__gt=event.starts_at)


def _at_the_time_of(event: Event) -> Q:
    """Return the condition that a booking's event has a session at the time of one of `event`'s."""
    clashes = Q(pk__in=[])
    for session in event.sessions.all():
        clashes |= Q(event__sessions__starts_at__lt=session.ends_at, event__sessions__ends_at__gt=session.starts_at)
    return clashes


class Booking(models.Model):
    """One person's place on one event, or their wait for it (§6.9)."""

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        AWAITING_APPROVAL = "awaiting", "Awaiting approval"
        WAITING = "waiting", "Waiting list"
        CANCELLED = "cancelled", "Cancelled"
        DECLINED = "declined", "Not approved"
        LAPSED = "lapsed", "Approval lapsed"

    HOLDING = (Status.CONFIRMED, Status.AWAITING_APPROVAL)
    LIVE = (*HOLDING, Status.WAITING)

    code = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="bookings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bookings")
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="bookings_made"
    )
    status = models.CharField(max_length=10, choices=Status)
    requested_at = models.DateTimeField()

    # As they were when booked: a later change of job must not move the figures (indicators.md, boundaries).
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="bookings")
    sector = models.ForeignKey(Sector, null=True, on_delete=models.PROTECT, related_name="bookings")
    group = models.ForeignKey(CompetenceGroup, null=True, on_delete=models.PROTECT, related_name="bookings")
    job_role = models.CharField(max_length=100, blank=True)
    is_vcs = models.BooleanField("counts for the voluntary sector", default=False)

    access_needs = models.TextField(blank=True)
    dietary_needs = models.CharField(max_length=200, blank=True)

    confirmed_at = models.DateTimeField(null=True, blank=True)
    was_promoted = models.BooleanField("from the waiting list", default=False)
    needs_approval = models.BooleanField(default=False)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    approval_due_at = models.DateTimeField(null=True, blank=True)
    approval_reminded_at = models.DateTimeField(null=True, blank=True)

    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    end_reason = models.TextField(blank=True)
    is_walk_in = models.BooleanField(default=False, help_text="Came without a booking and was added on the day.")
    absence_reason = models.TextField(blank=True, help_text="Why they did not come, as the CPD lead or T&D learned it.")
    is_late = models.BooleanField("late cancellation", default=False)
    override_reason = models.TextField(blank=True, help_text="Why T&D went beyond a rule.")
    change_announced_at = models.DateTimeField(
        null=True, blank=True, help_text="When T&D changed the event under them: cancelling is not late any more."
    )
    joining_sent_at = models.DateTimeField(null=True, blank=True, help_text="When the joining instructions went.")
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="When they were reminded of the event.")
    missed_told_at = models.DateTimeField(
        null=True, blank=True, help_text="When the CPD leads were told that the place was not used."
    )
    calendar_sequence = models.PositiveSmallIntegerField(default=0)

    # Needs are wiped 30 days after the event, so no history may keep them.
    history = HistoricalRecords(
        excluded_fields=["access_needs", "dietary_needs", "joining_sent_at", "reminded_at", "missed_told_at"]
    )

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "event"],
                name="one_live_booking",
                condition=Q(status__in=["confirmed", "awaiting", "waiting"]),
            ),
            models.CheckConstraint(
                name="booking_ended_has_time",
                condition=Q(status__in=["confirmed", "awaiting", "waiting"], ended_at__isnull=True)
                | Q(status__in=["cancelled", "declined", "lapsed"], ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_confirmed_has_time", condition=~Q(status="confirmed") | Q(confirmed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="booking_held_until", condition=~Q(status="awaiting") | Q(approval_due_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["event", "status"], name="booking_event_status"),
            models.Index(fields=["person", "status"], name="booking_person_status"),
            models.Index(fields=["approval_due_at"], name="booking_approval_due", condition=Q(status="awaiting")),
        ]

    def __str__(self):
        return f"{self.person} on {self.event} ({self.get_status_display().lower()})"

    def get_absolute_url(self):
        return reverse("bookings:booking", args=[self.code])

    @property
    def holds_place(self) -> bool:
        """Whether it takes one of the event's places."""
        return self.status in self.HOLDING

    @property
    def is_live(self) -> bool:
        """Whether it holds a place or waits for one."""
        return self.status in self.LIVE

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.WAITING

    @property
    def is_confirmed(self) -> bool:
        return self.status == self.Status.CONFIRMED

    @property
    def use_in_words(self) -> str:
        """What became of a booking of an event that has begun, in words; from `record`, `attendances` and `event`."""
        if self.status == self.Status.CANCELLED and self.is_late:
            return "Cancelled late"
        if self.is_waiting:
            return "No place came free"
        if not self.is_confirmed:
            return self.get_status_display()
        record = getattr(self, "record", None)
        return rules.attendance(
            marks=[attendance.mark for attendance in self.attendances.all()],
            completed=bool(record and record.counts),
            closed=bool(self.event.register_closed_at),
        )

    def position(self) -> int:
        """Return the place in the waiting list, from 1; 0 when not waiting."""
        if not self.is_waiting:
            return 0
        return self.event.bookings.waiting().filter(pk__lte=self.pk).count()

    def would_be_late(self, *, now: datetime) -> bool:
        """Whether cancelling at `now` is recorded as late: a place, given up with less than the policy's notice."""
        if not self.holds_place or self.change_announced_at:
            return False
        return rules.is_late(starts_at=self.event.starts_at, now=now, notice_days=Policy.current().notice_days)

    def cancel_refusal(self, *, now: datetime) -> str | None:
        """Return why it can't be cancelled at `now`, or None."""
        return rules.cancel_refusal(is_live=self.is_live, starts_at=self.event.starts_at, now=now)

    def needs_refusal(self, *, now: datetime) -> str | None:
        """Return why its access and dietary needs can't be changed at `now`, or None."""
        return rules.needs_refusal(is_live=self.is_live, starts_at=self.event.starts_at, now=now)
