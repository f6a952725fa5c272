"""Invented venues, trainers and events of the demo, and who booked what."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from accounts.models import Organisation, Policy, Sector, User
from bookings import actions as bookings
from bookings.models import Attendance, Booking
from bookings.rules import is_working_day
from courses import actions as courses
from courses.models import Course, Event, Subject, Trainer, Venue
from monitoring.demo.desk import Desk
from monitoring.demo.written import Written

# name, address, postcode, capacity, step-free, loop, community, access, travel
VENUES = [
    ("Professional Centre, Franciscan Road", "90 Franciscan Road, Tooting", "SW17 8HE", 60, True, True, False,
     "Lift to all floors. A quiet room is next to reception.", "Tooting Broadway station is 12 minutes on foot."),
    ("Town Hall, Civic Suite", "Wandsworth High Street", "SW18 2PU", 120, True, True, False,
     "Step-free from the side entrance.", "Buses 28, 37, 156 and 220 stop outside."),
    ("Battersea Arts Rooms", "Lavender Hill, Battersea", "SW11 5TN", 40, True, False, True,
     "Ramp at the side door; ring the bell.", "Clapham Junction station is 8 minutes on foot."),
    ("Roehampton Community Hall", "27 Danebury Avenue, Roehampton", "SW15 4HD", 30, True, True, True,
     "Level access, accessible toilet.", "Bus 170 stops outside."),
    ("Balham Library, upper room", "16 Ramsden Road, Balham", "SW12 8QY", 20, False, False, False,
     "The room is up 22 stairs; there is no lift.", "Balham station is 6 minutes on foot."),
    ("Tooting Islamic Centre, hall", "145 Upper Tooting Road", "SW17 7TJ", 50, True, False, True,
     "Level access. Shoes are left at the door of the hall.", "Tooting Bec station is 5 minutes on foot."),
]  # fmt: skip
TRAINERS = [
    ("Kezia Mensah", "internal", "Children's Services", "Practice educator and Signs of Safety lead."),
    ("Fergus O'Brien", "internal", "Early Help", "Early help coordinator with twenty years in youth work."),
    ("Priya Iyer", "specialist", "Wandle Community Health Services", "Named nurse for safeguarding."),
    ("Det Sgt Owen Grant", "specialist", "Police", "Works on exploitation and missing children."),
    ("Dr Leila Rahman", "external", "Rahman Training", "Writes and teaches on neglect and critical thinking."),
    ("Carys Evans", "external", "Safer Futures", "Specialist on domestic abuse."),
    ("Jerome Bailey", "internal", "Youth Offending Team", "Works with young people in gangs."),
    ("Yasmin Hussain", "external", "Faith and Families", "Works with faith communities."),
]
BRING = "Bring photo ID. Coffee is there from 15 minutes before the start. Bring your own lunch."
NEEDS = [
    "",
    "",
    "",
    "",
    "",
    "",
    "I use a wheelchair",
    "Hearing loop",
    "Large print handouts",
    "I need a chair with a high back",
]
HALF_DAYS, WHOLE_DAY = [(time(9, 30), time(12, 30)), (time(13, 30), time(16, 30))], (time(9, 30), time(16, 30))
FOOD = ["", "", "", "Vegetarian", "Halal", "No nuts"]


def make_venues() -> list[Venue]:
    """Make the venues."""
    names = (
        "name", "address", "postcode", "capacity", "is_step_free", "has_hearing_loop", "is_community", "access_notes",
        "travel_notes",
    )  # fmt: skip
    return [Venue.objects.create(**dict(zip(names, row, strict=True))) for row in VENUES]


def make_trainers(random: Random) -> list[Trainer]:
    """Make the trainers; the first has an account."""
    subjects, trainers = list(Subject.objects.all()), []
    for name, kind, organisation, about in TRAINERS:
        trainer = Trainer.objects.create(
            name=name, kind=kind, organisation_name=organisation, about=about,
            train_the_trainer_on=date(2016, 5, 12) if kind == "internal" else None,
        )  # fmt: skip
        trainer.expertise.set(subjects if name == "Kezia Mensah" else random.sample(subjects, 12))
        trainers.append(trainer)
    Trainer.objects.filter(name="Kezia Mensah").update(person=User.objects.get(email="trainer@demo.example"))
    return trainers


def make_events(random: Random, *, now: datetime, past: int, coming: int) -> list[Event]:
    """Make `past` events of the last four months and `coming` ones of the next five, most of them published."""
    plan = Plan(random, now=now)
    taught = Course.objects.exclude(delivery=Course.Delivery.ONLINE).prefetch_related("subjects")
    taught = list(taught.order_by("position", "pk"))
    events = []
    for number in range(past + coming):
        course = taught[(number * 11) % len(taught)]
        days = -random.randint(3, 120) if number < past else random.randint(2, 150)
        day = working_day((now + timedelta(days=days)).date())
        events.append(plan.make_event(course, day, number))
        if number == past - 1:
            plan.written.write()
    return events


def takes_a_day(course: Course) -> bool:
    """Whether a session of the course is a whole day, by its length in words."""
    return "day" in course.length.lower() and "Half" not in course.length


def working_day(day: date) -> date:
    """Return the day, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


class Plan:
    """Makes events: the coming ones by the site's actions, the past ones collected in `written`, for its `write`."""

    def __init__(self, random: Random, *, now: datetime):
        self.random, self.now, self.written, self.policy = random, now, Written(), Policy.current()
        self.venues = list(Venue.objects.order_by("name"))
        self.trainers = list(Trainer.objects.order_by("name").prefetch_related("expertise"))

    def make_event(self, course: Course, day: date, number: int, **fields) -> Event:
        """Make an event of the course that begins on a day; its `number` decides what is special about it."""
        whole_day = takes_a_day(course)
        times = self._times(course, day, whole_day)
        virtual = number % 9 == 4 and not whole_day
        venue = None if virtual else self.random.choice(self.venues)
        capacity = min(venue.capacity if venue else 25, self.random.choice([10, 15, 16, 20, 24, 30]))
        fields = {
            "venue": venue,
            "joining_link": f"https://meet.wscb.example/{number:04}" if virtual else "",
            "joining_instructions": "Join five minutes early with your camera on." if virtual else BRING,
            "trainers": self._who_may(course)[: 2 if whole_day else 1],
            "capacity": capacity,
            "hosted_in_community": bool(venue and venue.is_community),
            "vcs_share": Decimal("0.2") if number % 11 == 3 else None,
            "minimum": 8 if capacity >= 15 else None,
            "double_booking_reason": "Two rooms, and a second trainer stands by.",
            **_audience(number),
            **fields,
        }  # fmt: skip
        is_draft = number % 13 == 12
        if day <= self.now.date():
            return self._past(course, times, is_draft=is_draft, **fields)
        event = courses.create_event(course=course, by=None, sessions=times, **fields)
        if is_draft:
            return event
        published_at = min(self.now, event.starts_at) - timedelta(days=self.random.randint(0, 10), hours=2)
        return courses.publish(event=event, by=None, now=published_at)

    def _times(self, course: Course, day: date, whole_day: bool) -> list[tuple[datetime, datetime]]:
        start, end = WHOLE_DAY if whole_day else self.random.choice(HALF_DAYS)
        days = [day, working_day(day + timedelta(days=7))] if course.required_sessions == 2 else [day]
        return [(at_hour(on, start), at_hour(on, end)) for on in days]

    def _who_may(self, course: Course) -> list[Trainer]:
        may = [trainer for trainer in self.trainers if not trainer.refusal(course=course, is_multi_agency=True)]
        return self.random.sample(may, len(may))

    def _past(self, course: Course, times: list, *, is_draft: bool, **fields) -> Event:
        if not is_draft:
            fields["status"] = Event.Status.PUBLISHED
            fields["first_published_at"] = min(self.now, times[0][0].astimezone(UTC)) - timedelta(days=60)
        return self.written.add_event(
            course=course, times=times, policy=self.policy, reference=courses.new_reference(), **fields
        )


def make_today(*, now: datetime) -> Event:
    """Make the event that the demo's trainer is at just now: begun 15 minutes ago, with a second day."""
    begin = (now - timedelta(minutes=15)).replace(second=0, microsecond=0)
    sessions = [(begin + timedelta(days=days), begin + timedelta(days=days, hours=3)) for days in (0, 7)]
    event = courses.create_event(
        course=Course.objects.get(title_as_printed__startswith="Multi-agency 2 Day Signs"), by=None, sessions=sessions,
        venue=Venue.objects.get(name__startswith="Professional Centre"), capacity=16, joining_instructions=BRING,
        double_booking_reason="Two rooms.",
        trainers=[Trainer.objects.get(person__email="trainer@demo.example")],
    )  # fmt: skip
    return courses.publish(event=event, by=None, now=now - timedelta(days=40))


def _audience(number: int) -> dict:
    if number % 17 == 5:
        schools = Sector.objects.filter(reporting_sector="Education")
        return {"audience": Event.Audience.SECTORS, "sectors": list(schools)}
    if number % 17 == 9:
        one = Organisation.objects.filter(kind=Organisation.Kind.MAINTAINED_SCHOOL).order_by("pk")[number % 5]
        return {"audience": Event.Audience.ORGANISATIONS, "organisations": [one]}
    return {}


def at_hour(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour), timezone.get_default_timezone())


def fill(random: Random, events: list[Event], people: list[User], *, now: datetime) -> None:
    """Book people on the events, some to the brim and beyond; mark and close the past ones."""
    desk = Desk([event for event in events if event.is_published], people)
    for number, event in enumerate(desk.events):
        share = random.choice([0.2, 0.4, 0.6, 0.8, 0.9]) if number % 4 else 1.25
        at = min(event.first_published_at + timedelta(hours=1), event.starts_at - timedelta(hours=30))
        for person in random.sample(desk.people, min(len(people), round(event.capacity * share))):
            at += (
                timedelta(minutes=random.randint(1, 90))
                if at + timedelta(hours=2) < min(now, event.starts_at)
                else timedelta(seconds=5)
            )
            desk.book(event, person, now=at, access_needs=random.choice(NEEDS), dietary_needs=random.choice(FOOD))
        if event.ends_at < now:
            _take_register(random, desk, event, now=now)
    desk.write()


def _take_register(random: Random, desk: Desk, event: Event, *, now: datetime) -> None:
    """Mark who came, as trainers do, and close the register of all but the newest events."""
    marks = [
        (booking, [(session, _mark(random)) for session in event.sessions.all()])
        for booking in reversed(desk.confirmed(event))
    ]
    trainer = User.objects.get(email="trainer@demo.example")
    is_old = event.ends_at < now - timedelta(days=6)
    desk.take_register(event, marks, by=trainer, closed_at=event.ends_at + timedelta(hours=2) if is_old else None)


def _mark(random: Random) -> str:
    return random.choices(list(Attendance.Mark.values), weights=[88, 4, 2, 6])[0]


EXCUSES = ["Ill", "Court hearing at the same time", "No cover at work", "A child protection visit came up", ""]


def note_absences(random: Random, *, now: datetime) -> None:
    """Give the absences of the past their reasons, as CPD leads do, and count them as told."""
    td = User.objects.get(email="td@demo.example")
    for booking in Booking.objects.missed().filter(missed_told_at__isnull=True).order_by("pk"):
        if reason := random.choice(EXCUSES):
            bookings.note_absence(booking=booking, by=td, reason=reason)
    bookings.settle_missed_places(now=now)
