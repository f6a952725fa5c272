"""Designated Safeguarding Leads of schools and settings, their training, and that of all staff (§9, §10)."""

from datetime import datetime, timedelta
from random import Random

from accounts.models import Organisation, SafeguardingLead, User, WholeSchoolTraining
from bookings.models import TrainingRecord
from courses.models import Course
from wscb_training.wording import local_date

NAMED, WITH_DEPUTY, WHOLE_SCHOOL = 0.94, 0.7, 0.82  # shares of the schools and settings
# days since a lead was trained, and how many have that: in date, soon to be renewed, run out, never
TRAINED = ((60, 30), (200, 25), (400, 20), (640, 12), (800, 9), (None, 4))
PROVIDERS = ("NSPCC Learning", "The borough's schools team", "Safeguarding in Schools Ltd", "Diocese of Southwark")


def make_school_duties(random: Random, organisations: list[Organisation], people: list[User], *, now: datetime) -> None:
    """Name leads and deputies at most schools and settings; note when they, and all staff, were trained."""
    staff: dict[int, list[User]] = {}
    for person in people:
        staff.setdefault(person.organisation_id, []).append(person)
    leads, trainings, records, today = [], [], [], local_date(now)
    course = Course.objects.filter(duty=Course.Duty.SAFEGUARDING_LEAD).order_by("position", "pk").first()
    for school in organisations:
        if not school.is_school_or_setting or random.random() > NAMED:
            continue
        for role, person in zip(_roles(random), staff.get(school.pk, []), strict=False):
            since = today - timedelta(days=random.randint(200, 1500))
            leads.append(SafeguardingLead(organisation=school, person=person, role=role, since=since))
            [days] = random.choices([days for days, _ in TRAINED], weights=[share for _, share in TRAINED])
            if days is not None:
                records.append(
                    _record(random, person, course, today - timedelta(days=days + random.randint(0, 50)), now)
                )
        if random.random() < WHOLE_SCHOOL:
            day = today - timedelta(days=random.randint(20, 420))
            trainings += [
                WholeSchoolTraining(
                    organisation=school, trained_on=on, provider=random.choice(PROVIDERS), noted_at=now,
                    noted_by=staff[school.pk][0],
                )
                for on in (day, day - timedelta(days=380))
            ]  # fmt: skip
    SafeguardingLead.objects.bulk_create(leads)
    WholeSchoolTraining.objects.bulk_create(trainings)
    TrainingRecord.objects.bulk_create(records)


def _roles(random: Random) -> list[str]:
    deputies = (random.random() < WITH_DEPUTY) + (random.random() < 0.15)
    return [SafeguardingLead.Role.LEAD, *[SafeguardingLead.Role.DEPUTY] * deputies]


def _record(random: Random, person: User, course: Course, day, now: datetime) -> TrainingRecord:
    return TrainingRecord(
        person=person, course=course, title=course.title, provider=random.choice(PROVIDERS), completed_on=day,
        source=TrainingRecord.Source.ELSEWHERE, decided_at=now,
    )  # fmt: skip
