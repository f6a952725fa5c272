"""What the priorities of the demo need besides its events: events of both years, answers, evidence, reviews."""

from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from accounts.models import Organisation, Policy, User
from bookings import actions as bookings
from bookings.models import OnlineStart
from courses.models import Course, Event
from monitoring import actions
from monitoring.demo import events as demo_events
from monitoring.models import (
    Baseline,
    ImpactExample,
    Learning,
    Milestone,
    QualityReview,
    SingleAgencyTraining,
    StandardSet,
)  # fmt: skip
from monitoring.rules import Period, period

# course, days after the start of this year (negative: of the last), for everyone?
NEEDED = [
    ("Conference: learning from Serious Case Reviews", 60, True),
    ("Conference: learning from Serious Case Reviews", -200, True),
    ("Outcomes of multi-agency case audits", 96, True),
    ("Managing allegations against staff", 40, True),
    ("Managing allegations against staff", 130, True),
    ("Managing allegations against staff", 150, False),
    ("Managing allegations against staff", -250, True),
    ("Workshop to Raise Awareness of Prevent: Identifying those at risk of being drawn into terrorism", 75, True),
    ("Workshop to Raise Awareness of Prevent: Identifying those at risk of being drawn into terrorism", -220, True),
    ("Designated Safeguarding Lead: basic", 50, True),
    ("Designated Safeguarding Lead: basic", 140, True),
    ("Designated Safeguarding Lead: advanced", 110, True),
    ("Designated Safeguarding Lead: basic", -210, True),
    ("Multi-agency 2 Day Signs of Safety and Wellbeing", 65, True),
    ("Signs of Safety & Wellbeing: Tools for working with children", 120, True),
    ("Complex Neglect", -190, True),
    ("Gangs", -230, True),
]
PLAIN = 0  # the number of an event that is neither a draft, nor virtual, nor for some only
KINDS = {
    "Conference: learning from Serious Case Reviews": Event.Kind.REVIEW_CONFERENCE,
    "Outcomes of multi-agency case audits": Event.Kind.CASE_AUDIT,
}
EXAMPLES = [
    ("Earlier referrals", "A nursery now rings the hub before a concern grows, and has done so three times."),
    ("Better records", "A school writes chronologies since the course, and brought one to a conference."),
]


def make_priorities(random: Random, people: list[User], *, now: datetime, full: bool = False) -> None:
    """Make what every priority needs to show something, in this programme year and the last.

    `full`: last year was in this system, so that the imported baseline is of the year before it.
    """
    this = period(year=None, as_at=None, now=now, starts_month=Policy.current().year_starts_month)
    _events(random, people, this, now)
    _online(random, people, this)
    _quality(random, this, own_courses=60 if full else 12)
    _evidence(this, now)
    _baseline(this.year - 2 if full else this.year - 1, times=25 if full else 1)


def _events(random: Random, people: list[User], this: Period, now: datetime) -> None:
    plan = demo_events.Plan(random, now=now)
    by_title = {course.title: course for course in Course.objects.prefetch_related("subjects")}
    for number, (title, days, for_all) in enumerate(NEEDED):
        day = this.starts_on + timedelta(days=days)
        if day > this.as_at - timedelta(days=10):
            continue  # early in a year there is less to show
        plan.make_event(
            by_title[title], demo_events.working_day(day), PLAIN,
            service_users_in_design=number % 5 == 0, service_users_in_delivery=number % 7 == 3,
            kind=KINDS.get(title, Event.Kind.TRAINING),
            audience=Event.Audience.ALL if for_all else Event.Audience.SECTORS,
        )  # fmt: skip
    made = list(plan.written.events)
    plan.written.write()
    demo_events.fill(random, made, people, now=now)


def _online(random: Random, people: list[User], this: Period) -> None:
    online = list(Course.objects.filter(delivery=Course.Delivery.ONLINE).order_by("position"))
    rows = []
    for days, number in ((0, 30), (-365, 22)):
        for person in random.sample(people, min(number, len(people))):
            course, gone = random.choice(online), (this.as_at - this.starts_on).days
            start = this.starts_at + timedelta(days=days + random.randint(0, max(0, gone - 5)), hours=9)
            sector = person.organisation.sector if person.organisation else None
            OnlineStart.objects.create(
                course=course, person=person, organisation=person.organisation, sector=sector, group=person.group,
                started_at=start,
            )  # fmt: skip
            if random.random() < 0.7:
                rows.append((person, course, timezone.localdate(start) + timedelta(days=3)))
    bookings.import_completions(rows=rows, by=None)


def _quality(random: Random, this: Period, *, own_courses: int) -> None:
    """Write agreed standards, reviews of both years against them, what was learned since, and single-agency courses."""
    before = this.year_before()
    agreed = StandardSet.objects.of_kind(StandardSet.Kind.STANDARDS).get()  # the draft that the strategy brings
    agreed.agreed_on, agreed.minute = before.starts_on - timedelta(days=40), "Sub-committee, item 4"
    agreed.save()
    for year, skipped in ((before, 4), (this, 5)):
        gone = max(1, (year.as_at - year.starts_on).days)
        for number, course in enumerate(Course.objects.order_by("position", "pk")):
            if number % 6 == skipped:
                continue
            QualityReview.objects.create(
                course=course, reviewed_on=year.starts_on + timedelta(days=random.randint(0, gone)),
                reviewer="Kezia Mensah", checked_scrs=True, checked_partnership_reviews=True, checked_case_audits=True,
                checked_policy=number % 8 != 3, found_current=number % 11 != 7,
                standard_set=agreed if number % 4 else None, meets_standards=True if number % 4 else None,
            )  # fmt: skip
        _own_courses(agreed, year, gone, number=own_courses)
    learning = Learning.objects.create(
        kind=Learning.Kind.SCR, title="Learning from the review of Child F", dated=this.as_at - timedelta(days=30)
    )
    learning.subjects.set(Course.objects.get(title="Complex Neglect").subjects.all())


OWN_COURSES = (
    "Safeguarding induction",
    "Annual safeguarding update",
    "Our child protection procedures",
    "Prevent briefing",
)


def _own_courses(agreed: StandardSet, year: Period, gone: int, *, number: int) -> None:
    """Write courses that organisations gave their own staff in a year, most of them reviewed (§6.10, §6.12)."""
    organisations = list(Organisation.objects.filter(is_active=True).exclude(kind="childminder").order_by("pk"))
    step = max(1, len(organisations) // number)
    for each, organisation in enumerate(organisations[::step][:number]):
        held_on = year.starts_on + timedelta(days=min(gone, (10 * each) % 240))
        own = SingleAgencyTraining.objects.create(
            organisation=organisation, title=OWN_COURSES[each % len(OWN_COURSES)], held_on=held_on,
            uses_core_messages=each % 5 != 4, meets_standards=True if each % 6 != 5 else None,
        )  # fmt: skip
        if each % 3:
            QualityReview.objects.create(
                single_agency=own, reviewed_on=held_on, reviewer="Dominic Clarke", standard_set=agreed,
                meets_standards=True,
            )  # fmt: skip


def _evidence(this: Period, now: datetime) -> None:
    """Repeat the milestones for this year and last, sign most of them off; write examples and a baseline."""
    td = User.objects.get(email="td@demo.example")
    for old in Milestone.objects.filter(year=actions.STRATEGY_YEAR).order_by("pk"):
        for year in {this.year - 1, this.year} - {actions.STRATEGY_YEAR}:
            due_on = date(old.due_on.year + year - actions.STRATEGY_YEAR, old.due_on.month, old.due_on.day)
            new = Milestone.objects.create(indicator=old.indicator, year=year, name=old.name, due_on=due_on)
            if "in force" in new.name or (year == this.year and "minuted" in new.name):
                continue
            day = min(due_on - timedelta(days=30), this.as_at - timedelta(days=20))
            actions.add_evidence(
                indicator=new.indicator, by=td, dated=day, milestone=new,
                text=f"{new.name}: report to the Sub-committee.",
                now=demo_events.at_hour(day, datetime.min.time().replace(hour=10)),
            )  # fmt: skip
    for number, (theme, text) in enumerate(EXAMPLES):
        ImpactExample.objects.create(dated=this.starts_on + timedelta(days=92 * number - 315), theme=theme, text=text)
        day = this.starts_on + timedelta(days=50 + 92 * number)
        if day <= this.as_at:
            ImpactExample.objects.create(dated=day, theme=theme, text=text)


def _baseline(year: int, *, times: int) -> None:
    """Import last numbers of the system before this one."""
    sectors = Organisation.objects.open_to_join().order_by().values_list("sector__reporting_sector", flat=True)
    for number, sector in enumerate(sorted(set(sectors))):
        Baseline.objects.create(
            year=year,
            reporting_sector=sector,
            take_up=times * (12 + 9 * (number % 5)),
            source="Export of the old system",
        )
