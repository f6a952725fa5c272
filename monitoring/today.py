"""What T&D looks at first in the morning: each thing that waits for somebody, how many, and the first few."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, Policy, ProblemReport, User
from bookings.models import Booking, TrainingRecord
from courses.models import Event, Session
from evaluations.models import Evaluation
from monitoring.models import ErasureRequest
from monitoring.quality.due import standings
from monitoring.quality.rules import State
from notifications.models import Message
from wscb_training.wording import local_date, short_day

SHOWN = 5
DRAFT_SOON = timedelta(weeks=6)
WEEK = timedelta(days=7)
ANSWER_WITHIN = relativedelta(months=1)  # UK GDPR, article 12(3)
# What was never reviewed stands on the page of reviews alone: a new catalogue would fill this one.
CALLS_FOR_REVIEW = (State.LEARNING, State.OVERDUE, State.NOT_CURRENT)


@dataclass(frozen=True)
class Waiting:
    """One kind of thing that waits: what to do about it, how many, the first few as (words, address)."""

    title: str
    hint: str
    count: int
    first: list[tuple[str, str]] = field(default_factory=list)
    all_url: str = ""

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.first)


def this_week(*, now: datetime) -> list[Session]:
    """Return the sessions of today and the next six days in London, published or held already, with their events."""
    begin = timezone.make_aware(datetime.combine(local_date(now), time.min), timezone.get_default_timezone())
    events = Event.objects.filter(status__in=[Event.Status.PUBLISHED, Event.Status.COMPLETED])
    return list(events.sessions_between(begin, begin + WEEK).prefetch_related("event__trainers"))


def waiting(*, now: datetime) -> list[Waiting]:
    """Return everything that waits for T&D at `now`; two questions to the database for each kind, however many."""
    return [each for each in (*_events(now), *_people(now), *_messages(now), *_quality(now)) if each.count]


def _events(now: datetime) -> list[Waiting]:
    days = Policy.current().minimum_warning_days
    coming = Event.objects.filter(starts_at__gt=now).order_by("starts_at")
    lacking = Q(trainers__isnull=True) | Q(venue__isnull=True, joining_link="")
    over = Event.objects.filter(status=Event.Status.PUBLISHED, ends_at__lte=now, register_closed_at__isnull=True)
    events = reverse("admin:courses_event_changelist")
    return [
        _of_events(
            "Registers not closed", "People wait for their certificates.", over.order_by("starts_at"),
            "bookings:register", reverse("bookings:registers"),
        ),
        _of_events(
            "Events with few bookings", "Publicise, move or cancel them.",
            Event.objects.short_of_people(at=now, days=days).order_by("starts_at"),
            "admin", f"{events}?status__exact=published",
        ),
        _of_events(
            "Events without a trainer or a place", "They can't run like this.",
            coming.filter(status=Event.Status.PUBLISHED).filter(lacking).distinct(), "admin", events,
        ),
        _of_events(
            "Drafts that begin within six weeks", "Publish them, so that people can book.",
            coming.filter(status=Event.Status.DRAFT, starts_at__lte=now + DRAFT_SOON),
            "admin", f"{events}?status__exact=draft",
        ),
    ]  # fmt: skip


def _of_events(title: str, hint: str, events: QuerySet[Event], page: str, all_url: str) -> Waiting:
    first = [
        (
            f"{event.course.title}, {short_day(event.starts_at)}",
            reverse("admin:courses_event_change", args=[event.pk])
            if page == "admin"
            else reverse(page, args=[event.reference]),
        )
        for event in events.select_related("course")[:SHOWN]
    ]
    return Waiting(title, hint, events.count(), first, all_url)


def _people(now: datetime) -> list[Waiting]:
    return [
        _erasures(),
        _of(
            "Organisations to confirm", "Somebody typed them in. Check that they are not in the list already.",
            Organisation.objects.filter(confirmed_at__isnull=True, is_active=True).order_by("-pk"),
            "accounts_organisation", "confirm=yes",
        ),
        _of(
            "Bookings that wait for approval", "CPD leads decide; they lapse by themselves.",
            Booking.objects.to_approve(at=now).select_related("person", "event__course").order_by("approval_due_at"),
            "bookings_booking", "status__exact=awaiting",
        ),
        _of(
            "Training elsewhere to verify", "Where there is no CPD lead, it is yours.",
            TrainingRecord.objects.to_verify().filter(person__organisation__leadships__isnull=True)
            .select_related("person", "course").order_by("pk"),
            "bookings_trainingrecord", "status__exact=to_verify",
        ),
        _of(
            "Addresses whose mail comes back", "Ask for the right one; nothing is sent there until then.",
            User.objects.filter(bounced_at__isnull=False, is_active=True).order_by("bounced_at"),
            "accounts_user", "bounced=yes",
        ),
    ]  # fmt: skip


def _erasures() -> Waiting:
    """Return the requests to be erased: the law gives a month, so each says until when it is answered."""
    page, asked = reverse("monitoring:retention"), ErasureRequest.objects.open()
    first = [
        (f"{each.person}: answer by {short_day(local_date(each.asked_at) + ANSWER_WITHIN)}", page)
        for each in asked.select_related("person")[:SHOWN]
    ]
    return Waiting("Requests to be erased", "Erase them, or answer why not.", asked.count(), first, page)


def _messages(now: datetime) -> list[Waiting]:
    return [
        _of(
            "Messages that could not be sent", "Choose them in the list and send them again.",
            Message.objects.filter(status=Message.Status.FAILED), "notifications_message", "status__exact=failed",
        ),
        _of(
            "Problems that people reported", "Answer them by email, then mark them as settled.",
            ProblemReport.objects.filter(settled_at__isnull=True), "accounts_problemreport", "open=yes",
        ),
        Waiting(
            "Questionnaires with nobody to ask",
            "There is no CPD lead and no line manager: name somebody who can answer.",
            Evaluation.objects.nobody_to_ask(at=now).count(),
            [("Name somebody", reverse("evaluations:nobody"))],
        ),
    ]  # fmt: skip


def _quality(now: datetime) -> list[Waiting]:
    due = [each for each in standings(today=local_date(now)) if each.state in CALLS_FOR_REVIEW]
    words = [f"{each.course.title}: {each.state.words[0].lower()}{each.state.words[1:]}" for each in due[:SHOWN]]
    pages = [reverse("monitoring:quality_course", args=[each.course.slug]) for each in due[:SHOWN]]
    page, hint = reverse("monitoring:quality"), "New learning on their subjects, or a year since the last review."
    return [Waiting("Courses to be reviewed", hint, len(due), list(zip(words, pages, strict=True)), page)]


def _of(title: str, hint: str, rows: QuerySet, model: str, query: str) -> Waiting:
    first = [(str(row), reverse(f"admin:{model}_change", args=[row.pk])) for row in rows[:SHOWN]]
    return Waiting(title, hint, rows.count(), first, f"{reverse(f'admin:{model}_changelist')}?{query}")
