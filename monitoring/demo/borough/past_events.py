"""Two years of events that are over: their places, registers and records, written in bulk (§6.9)."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from accounts.models import Organisation, Policy, Sector, User
from bookings.models import Attendance, Booking
from bookings.rules import is_late
from courses import rules
from courses.models import Course, Event, Session, Trainer, Venue
from monitoring.demo.events import BRING, EXCUSES, HALF_DAYS, WHOLE_DAY, at_hour, takes_a_day, working_day
from monitoring.demo.priorities import KINDS
from monitoring.demo.written import Written
from monitoring.rules import Period
from wscb_training.wording import local_date

EVENTS = 168
MUST = {  # course: how often in each of the two years, for the strategy asks for them (§6)
    "Conference: learning from Serious Case Reviews": 2, "Outcomes of multi-agency case audits": 1,
    "Managing allegations against staff": 2, "Designated Safeguarding Lead: basic": 2,
    "Designated Safeguarding Lead: advanced": 1, "Complex Neglect": 2,
    "Multi-agency 2 Day Signs of Safety and Wellbeing": 3,
}  # fmt: skip
CAPACITIES = (16, 20, 20, 24, 25, 30)
WEIGHTS = {  # how gladly people of a kind of organisation come, to the number of them
    Organisation.Kind.CHARITY: 4, Organisation.Kind.COUNCIL: 2, Organisation.Kind.NURSERY: 2,
    Organisation.Kind.CHILDMINDER: 2,
}  # fmt: skip
MARKS = (
    (Attendance.Mark.ATTENDED, 88),
    (Attendance.Mark.LATE, 4),
    (Attendance.Mark.LEFT_EARLY, 2),
    (Attendance.Mark.ABSENT, 6),
)
GIVEN_BACK, LATE_OF_THESE, WALK_IN = 0.09, 0.35, 0.015
QUIET_MONTHS = (8,)


@dataclass
class TwoYears(Written):
    """What is written at the end, and meanwhile who is busy on which day and who may teach what."""

    policy: Policy = field(default_factory=Policy.current)
    education: list[Sector] = field(default_factory=lambda: list(Sector.objects.filter(reporting_sector="Education")))
    busy: dict[date, set] = field(default_factory=lambda: defaultdict(set))
    may_teach: dict[Course, list[Trainer]] = field(default_factory=dict)

    def able(self, course: Course, trainers: list[Trainer]) -> list[Trainer]:
        """Return the trainers who may teach the course (§5); asked once a course."""
        if course not in self.may_teach:
            may = [trainer for trainer in trainers if not trainer.refusal(course=course, is_multi_agency=True)]
            self.may_teach[course] = may
        return self.may_teach[course]


def make_past_events(random: Random, people: list[User], this: Period, *, now: datetime) -> list[Event]:
    """Make the events of last year and of this one until ten days ago, with who booked and who came; return them."""
    written, pool = TwoYears(), _pool(random, people)
    venues, trainers = (
        list(Venue.objects.order_by("pk")),
        list(Trainer.objects.order_by("pk").prefetch_related("expertise")),
    )
    first = this.year_before().starts_on
    courses = _courses(random)
    days = (this.as_at - timedelta(days=10) - first).days
    for number, course in enumerate(courses):
        day = _day(random, first + timedelta(days=days * number // len(courses)))
        if day > this.as_at - timedelta(days=10):
            continue
        event = _event(random, course, day, number, venues, trainers, written)
        _book(random, event, pool, written)
    made = written.events
    written.write()
    return made


def _courses(random: Random) -> list[Course]:
    """Return the courses in the order in which they run: each year's must, and the rest in turn."""
    taught = list(Course.objects.exclude(delivery=Course.Delivery.ONLINE).order_by("position", "pk"))
    by_title = {course.title: course for course in taught}
    prevent = [course for course in taught if "Prevent" in course.title or "WRAP" in course.title][:1]
    years = []
    for year in range(2):
        must = [
            by_title[title] for title, times in MUST.items() if title in by_title for _ in range(times)
        ] + prevent * 2
        share = EVENTS * (12 if year == 0 else 8) // 20
        rest = [taught[(number * 7 + year) % len(taught)] for number in range(max(0, share - len(must)))]
        courses = must + rest
        random.shuffle(courses)
        years += courses
    return years[:EVENTS]


def _day(random: Random, about: date) -> date:
    day = about + timedelta(days=random.randint(-3, 3))
    if day.month in QUIET_MONTHS:
        day += timedelta(days=31)  # nobody trains in August
    return working_day(day)


def _event(random, course, day, number, venues, trainers, written: TwoYears) -> Event:
    whole_day, half = takes_a_day(course), random.choice(HALF_DAYS)
    start, end = WHOLE_DAY if whole_day else half
    days = [day, _day(random, day + timedelta(days=8))] if course.required_sessions == 2 else [day]
    virtual = course.delivery == Course.Delivery.VIRTUAL or (number % 4 == 1 and not whole_day)
    venue = None if virtual else _free(random, venues, days, written)
    conference = course.title in KINDS and KINDS[course.title] == Event.Kind.REVIEW_CONFERENCE
    wanted = 60 if conference else random.choice(CAPACITIES)
    times = [(at_hour(on, start), at_hour(on, end)) for on in days]
    fields = {
        "first_published_at": times[0][0] - timedelta(days=random.randint(45, 110), hours=random.randint(0, 6)),
        "course": course, "reference": _reference(random), "kind": KINDS.get(course.title, Event.Kind.TRAINING),
        "venue": venue, "joining_link": "" if venue else f"https://meet.wscb.example/h{number:04}",
        "hosted_in_community": bool(venue and venue.is_community),
        "capacity": min(venue.capacity if venue else 30, wanted),
        "joining_instructions": BRING if venue else "Join five minutes early with your camera on.",
        "service_users_in_design": number % 13 == 2, "service_users_in_delivery": number % 17 == 5,
    }  # fmt: skip
    if number % 9 == 5 and fields["kind"] == Event.Kind.TRAINING:
        fields |= {"audience": Event.Audience.SECTORS, "sectors": written.education}
    closed_at = times[-1][1] + timedelta(hours=random.randint(1, 40))
    able = written.able(course, trainers)
    they = {_free(random, able, days, written) for _ in range(2 if whole_day else 1)} - {None}
    event = written.add_event(times=times, policy=written.policy, trainers=they, **fields)
    if number % 40 == 21:  # a few did not take place
        event.status, event.cancel_reason = Event.Status.CANCELLED, "The trainer is ill."
        event.cancelled_at = event.release_at - timedelta(days=3)
    else:
        event.status, event.register_closed_at, event.released_at = "completed", closed_at, event.release_at
    return event


def _free(random: Random, choices: list, days: list[date], written: TwoYears):
    """Return one of the venues or trainers that has nothing else on these days, or any of them where all have."""
    free = [at for at in choices if not any(at in written.busy[day] for day in days)]
    if not (free or choices):
        return None
    chosen = random.choice(free or choices)
    for day in days:
        written.busy[day].add(chosen)
    return chosen


def _reference(random: Random) -> str:
    return "E-" + "".join(random.choices(rules.CLEAR_LETTERS, k=6))


def _pool(random: Random, people: list[User]) -> list[User]:
    """Return the people in the order in which they are asked, those who come gladly more often."""
    pool = [person for person in people for _ in range(WEIGHTS.get(person.organisation.kind, 1))]
    random.shuffle(pool)
    return pool


def _audience(event: Event, person: User) -> bool:
    return event.audience == Event.Audience.ALL or person.organisation.sector.reporting_sector == "Education"


def _book(random: Random, event: Event, pool: list[User], written: TwoYears) -> None:
    """Write who booked, gave back, waited and came; and what the event counts of it."""
    wanted = round(event.capacity * random.choice([0.65, 0.75, 0.85, 0.95, 1.0, 1.25]))
    sessions = [session for session in written.sessions if session.event is event]
    days = {local_date(session.starts_at) for session in sessions}
    chosen: list[User] = []
    for person in random.sample(pool, min(len(pool), wanted * 6)):
        if len(chosen) == wanted:
            break
        if not _audience(event, person) or any(person.pk in written.busy[day] for day in days):
            continue
        chosen.append(person)
        for day in days:
            written.busy[day].add(person.pk)
    asked = sorted(random.uniform(0.02, 0.97) for _ in chosen)
    span = (
        event.release_at - event.first_published_at
        if event.cancelled_at
        else event.starts_at - event.first_published_at
    )
    for person, share in zip(chosen, asked, strict=True):
        _one(random, event, person, event.first_published_at + span * share, sessions, written)


def _one(random: Random, event: Event, person: User, at: datetime, sessions: list[Session], written: TwoYears) -> None:
    booking = Booking(
        code=uuid.UUID(int=random.getrandbits(128), version=4), event=event, person=person, booked_by=person,
        status=Booking.Status.CONFIRMED, requested_at=at, confirmed_at=at, organisation=person.organisation,
        sector=person.organisation.sector, group=person.group, job_role=person.job_role,
        is_vcs=person.organisation.sector.counts_as_vcs,
        joining_sent_at=event.starts_at - timedelta(days=7), reminded_at=event.starts_at - timedelta(days=1),
    )  # fmt: skip
    written.bookings.append(booking)
    if event.cancelled_at:
        booking.status, booking.ended_at, booking.end_reason = (
            "cancelled",
            event.cancelled_at,
            "The event was cancelled.",
        )
        booking.confirmed_at = min(at, event.cancelled_at)
        booking.requested_at = booking.confirmed_at
        return
    if random.random() < GIVEN_BACK:
        _give_back(random, booking, written.policy)
        return
    if event.held_vcs + event.held_other >= event.capacity:
        booking.status, booking.confirmed_at = Booking.Status.WAITING, None
        event.waiting += 1
        return
    if booking.is_vcs:
        event.held_vcs += 1
    elif event.held_other < event.capacity - event.vcs_places or at >= event.release_at:
        event.held_other += 1
    else:  # the kept places were released later, and this person got one then
        booking.confirmed_at, booking.was_promoted = event.release_at, True
        event.held_other += 1
    if random.random() < WALK_IN:
        booking.is_walk_in, booking.joining_sent_at, booking.reminded_at = True, None, None
        booking.requested_at = booking.confirmed_at = event.starts_at
        booking.was_promoted = False
    _mark(random, booking, sessions, written)


def _give_back(random: Random, booking: Booking, policy: Policy) -> None:
    late = random.random() < LATE_OF_THESE
    starts_at = booking.event.starts_at
    ended = starts_at - (timedelta(hours=random.randint(3, 30)) if late else timedelta(days=random.randint(8, 20)))
    booking.requested_at = booking.confirmed_at = min(booking.requested_at, ended - timedelta(days=1))
    booking.status, booking.ended_at, booking.ended_by = Booking.Status.CANCELLED, ended, booking.person
    booking.end_reason = random.choice(EXCUSES)
    booking.is_late = is_late(starts_at=starts_at, now=ended, notice_days=policy.notice_days)
    booking.missed_told_at = starts_at if booking.is_late else None
    booking.joining_sent_at = booking.reminded_at = None


def _mark(random: Random, booking: Booking, sessions: list[Session], written: TwoYears) -> None:
    marks, weights = zip(*MARKS, strict=True)
    given = [(session, random.choices(marks, weights)[0]) for session in sessions]
    if not written.mark(booking, given, by=None, at=booking.event.ends_at, closed=True):
        booking.absence_reason = random.choice(EXCUSES)
        booking.missed_told_at = booking.event.register_closed_at
