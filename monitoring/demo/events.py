"""Invented venues, trainers and events of the demo, and who booked what."""

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from accounts.models import Organisation, Sector, User
from bookings import actions as bookings
from bookings.models import Attendance, Booking
from bookings.rules import is_working_day
from courses import actions as courses
from courses.models import Course, Event, Subject, Trainer, Venue

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
    venues, trainers = list(Venue.objects.all()), list(Trainer.objects.all())
    taught = list(Course.objects.exclude(delivery=Course.Delivery.ONLINE).order_by("position", "pk"))
    events = []
    for number in range(past + coming):
        course = taught[(number * 11) % len(taught)]
        days = -random.randint(3, 120) if number < past else random.randint(2, 150)
        day = working_day((now + timedelta(days=days)).date())
        events.append(make_event(random, course, day, venues, trainers, number, now))
    return events


def working_day(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def make_event(random, course, day, venues, trainers, number, now) -> Event:
    whole_day = "day" in course.length.lower() and "Half" not in course.length
    hours = (
        [(time(9, 30), time(16, 30))]
        if whole_day
        else [random.choice([(time(9, 30), time(12, 30)), (time(13, 30), time(16, 30))])]
    )
    days = [day, working_day(day + timedelta(days=7))] if course.required_sessions == 2 else [day]
    sessions = [(at_hour(on, start), at_hour(on, end)) for on in days for start, end in hours]
    virtual = number % 9 == 4 and not whole_day
    venue = None if virtual else random.choice(venues)
    capacity = min(venue.capacity if venue else 25, random.choice([10, 15, 16, 20, 24, 30]))
    fields = {
        "venue": venue,
        "joining_link": f"https://meet.wscb.example/{number:04}" if virtual else "",
        "joining_instructions": "Join five minutes early with your camera on." if virtual else BRING,
        "trainers": _who_may(random, trainers, course)[: 2 if whole_day else 1],
        "capacity": capacity,
        "hosted_in_community": bool(venue and venue.is_community),
        "vcs_share": "0.2" if number % 11 == 3 else None,
        "minimum": 8 if capacity >= 15 else None,
        "double_booking_reason": "Two rooms, and a second trainer stands by.",
    }  # fmt: skip
    event = courses.create_event(course=course, by=None, sessions=sessions, **_audience(number, fields))
    if number % 13 == 12:
        return event  # a draft
    before = timedelta(days=random.randint(0, 10), hours=2) if day > now.date() else timedelta(days=60)
    published_at = min(now, event.starts_at) - before
    return courses.publish(event=event, by=None, now=published_at)


def _who_may(random: Random, trainers: list[Trainer], course: Course) -> list[Trainer]:
    may = [trainer for trainer in trainers if not trainer.refusal(course=course, is_multi_agency=True)]
    return random.sample(may, len(may))


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


def _audience(number: int, fields: dict) -> dict:
    if number % 17 == 5:
        schools = Sector.objects.filter(reporting_sector="Education")
        return {**fields, "audience": Event.Audience.SECTORS, "sectors": list(schools)}
    if number % 17 == 9:
        one = Organisation.objects.filter(kind=Organisation.Kind.MAINTAINED_SCHOOL).order_by("pk")[number % 5]
        return {**fields, "audience": Event.Audience.ORGANISATIONS, "organisations": [one]}
    return fields


def at_hour(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour), timezone.get_default_timezone())


def fill(random: Random, events: list[Event], people: list[User], *, now: datetime) -> int:
    """Book people on the events, some to the brim and beyond; mark and close the past ones. Return the bookings."""
    made = 0
    for number, event in enumerate(event for event in events if event.is_published):
        share = random.choice([0.2, 0.4, 0.6, 0.8, 0.9]) if number % 4 else 1.25
        at = min(event.first_published_at + timedelta(hours=1), event.starts_at - timedelta(hours=30))
        wanted = random.sample(people, min(len(people), round(event.capacity * share)))
        for person in wanted:
            at += (
                timedelta(minutes=random.randint(1, 90))
                if at + timedelta(hours=2) < min(now, event.starts_at)
                else timedelta(seconds=5)
            )
            try:
                bookings.book(
                    event=event, person=person, by=person, now=at,
                    access_needs=random.choice(NEEDS), dietary_needs=random.choice(FOOD),
                )  # fmt: skip
                made += 1
            except bookings.Refused:
                continue
        if event.ends_at < now:
            take_register(random, event, now=now)
    return made


def take_register(random: Random, event: Event, *, now: datetime) -> None:
    """Mark who came, as trainers do, and close the register of all but the newest events."""
    marks = {
        (booking.pk, session.pk): random.choices(list(Attendance.Mark.values), weights=[88, 4, 2, 6])[0]
        for booking in event.bookings.confirmed()
        for session in event.sessions.all()
    }
    trainer = User.objects.get(email="trainer@demo.example")
    bookings.mark_attendance(event=event, marks=marks, seen={}, by=trainer, now=event.ends_at)
    if event.ends_at < now - timedelta(days=6):
        bookings.close_register(event=event, by=trainer, now=event.ends_at + timedelta(hours=2))


EXCUSES = ["Ill", "Court hearing at the same time", "No cover at work", "A child protection visit came up", ""]


def note_absences(random: Random, *, now: datetime) -> None:
    """Give the absences of the past their reasons, as CPD leads do, and count them as told."""
    td = User.objects.get(email="td@demo.example")
    for booking in Booking.objects.missed().filter(missed_told_at__isnull=True).order_by("pk"):
        if reason := random.choice(EXCUSES):
            bookings.note_absence(booking=booking, by=td, reason=reason)
    bookings.settle_missed_places(now=now)
