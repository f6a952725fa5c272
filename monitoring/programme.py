"""The year's programme as T&D plans it: by month, with what each event serves (§6) and what drafts still need."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.models import Policy
from accounts.rules import year_bounds
from courses import rules
from courses.models import Course, Event
from monitoring.models import Indicator
from wscb_training.wording import local_date

PRIORITIES = {  # of §6, those that an event can serve by what it is
    1: "Learning from reviews and audits",
    2: "Signs of Safety and Wellbeing",
    4: "Allegations against staff",
    5: "Bespoke for an organisation or sector",
    9: "In the community",
    11: "Designated Safeguarding Leads and whole schools",
    13: "Prevent",
    14: "Service users involved",
}


@dataclass(frozen=True)
class Planned:
    """One event of the programme, the priorities that it serves, and what it lacks before it can be published."""

    event: Event
    priorities: list[int]
    missing: list[str]


@dataclass(frozen=True)
class Month:
    """The events of one month; `first` is its first day."""

    first: date
    events: list[Planned]

    @property
    def capacity(self) -> int:
        """Places of the events that are not cancelled."""
        return sum(each.event.capacity for each in self.events if each.event.status != Event.Status.CANCELLED)


COUNTED = {1: ("1A", "1B"), 4: ("4A",), 9: ("9C",), 11: ("11A",), 14: ("14A", "14B")}  # indicators that count events


@dataclass(frozen=True)
class Served:
    """How far the year's plan goes for one priority: events held or published, drafts, and how many it asks for.

    `asked` is None where the priority counts something else than events. `in_drafts` and `short` are events that are
    missing until drafts are published, and even then: counted for each part, for a conference is no case audit event.
    """

    number: int
    words: str
    firm: int
    drafts: int
    asked: int | None
    in_drafts: int = 0
    short: int = 0


def served(events: list[Planned]) -> list[Served]:
    """Return for each priority what the plan holds for it; cancelled events count for nothing."""
    codes = [code for part in COUNTED.values() for code in part]
    targets = dict(Indicator.objects.filter(code__in=codes).values_list("code", "target"))
    standing = [each for each in events if each.event.status != Event.Status.CANCELLED]
    return [_served(number, words, standing, targets) for number, words in PRIORITIES.items()]


def _served(number: int, words: str, events: list[Planned], targets: dict) -> Served:
    serving = [each.event for each in events if number in each.priorities]
    firm, drafts = _split(serving)
    if number not in COUNTED:
        return Served(number, words, firm, drafts, asked=None)
    in_drafts = short = 0
    for code in COUNTED[number]:
        target = int(targets.get(code) or 0)
        held, to_come = _split([event for event in serving if _counts_for(event, code)])
        in_drafts += max(0, target - held)
        short += max(0, target - held - to_come)
    asked = int(sum(targets.get(code) or 0 for code in COUNTED[number]))
    return Served(number, words, firm, drafts, asked, in_drafts, short)


def _split(events: list[Event]) -> tuple[int, int]:
    drafts = sum(event.status == Event.Status.DRAFT for event in events)
    return len(events) - drafts, drafts


def _counts_for(event: Event, code: str) -> bool:
    parts = {
        "1A": event.kind == Event.Kind.REVIEW_CONFERENCE,
        "1B": event.kind == Event.Kind.CASE_AUDIT,
        "14A": event.service_users_in_design,
        "14B": event.service_users_in_delivery,
    }
    return parts.get(code, True)


def programme(year: int, *, now: datetime, priority: int | None = None) -> list[Month]:
    """Return the months of a programme year that have events, drafts included; those of one priority if given."""
    begin, end = year_bounds(year, starts_month=Policy.current().year_starts_month)
    events = Event.objects.filter(starts_at__gte=begin, starts_at__lt=end).order_by("starts_at", "pk")
    events = events.select_related("course", "venue").prefetch_related("trainers", "course__subjects")
    months: dict[date, list[Planned]] = {}
    for event in events:
        planned = Planned(event, priorities_of(event), _missing(event, now))
        if priority is None or priority in planned.priorities:
            months.setdefault(local_date(event.starts_at).replace(day=1), []).append(planned)
    return [Month(first, planned) for first, planned in months.items()]


def undated() -> list[Planned]:
    """Return the drafts that have no session yet."""
    drafts = Event.objects.filter(starts_at__isnull=True, status=Event.Status.DRAFT).select_related("course", "venue")
    drafts = drafts.prefetch_related("trainers", "course__subjects").order_by("pk")
    return [Planned(event, priorities_of(event), _missing(event, timezone.now())) for event in drafts]


def _missing(event: Event, now: datetime) -> list[str]:
    if event.status != Event.Status.DRAFT:
        return []
    return rules.missing_to_publish(
        has_session=event.starts_at is not None,
        has_place=bool(event.venue_id or event.joining_link),
        has_trainer=bool(event.trainers.all()),
        capacity=event.capacity,
        starts_at=event.starts_at,
        now=now,
    )


def priorities_of(event: Event) -> list[int]:
    """Return the numbers of the priorities that an event serves by what it is (§6), in order."""
    course = event.course
    about = " ".join([course.title, *(subject.name for subject in course.subjects.all())]).lower()
    serves = {
        1: event.kind != Event.Kind.TRAINING,
        2: "signs of safety" in about,
        4: "allegations" in about,
        5: not event.is_multi_agency or event.audience != Event.Audience.ALL,
        9: event.hosted_in_community,
        11: course.duty in (Course.Duty.SAFEGUARDING_LEAD, Course.Duty.WHOLE_SCHOOL),
        13: "prevent" in about.split() or "wrap" in about,
        14: event.service_users_in_design or event.service_users_in_delivery,
    }
    return [number for number, does in serves.items() if does]
