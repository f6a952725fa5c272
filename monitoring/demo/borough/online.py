"""Online learning of the whole borough, this programme year and the last (§6.3)."""

from datetime import timedelta
from random import Random

from accounts.models import User
from bookings.models import OnlineStart, TrainingRecord
from courses.models import Course
from monitoring.rules import Period
from wscb_training.wording import local_date

A_YEAR = {0: 640, -365: 520}  # starts in a whole year: this one, the last
COMPLETED = 0.72


def make_online(random: Random, people: list[User], this: Period) -> None:
    """Write who started online courses in both years, and who of them completed."""
    courses = list(Course.objects.filter(delivery=Course.Delivery.ONLINE).order_by("position", "pk"))
    starts, records = [], []
    for shift, number in A_YEAR.items():
        days = (this.as_at - this.starts_on).days if shift == 0 else 364
        for person in random.sample(people, number * (days + 1) // 365):
            course = random.choice(courses)
            at = this.starts_at + timedelta(
                days=shift + random.randint(0, max(0, days - 1)), hours=random.randint(8, 20)
            )
            starts.append(
                OnlineStart(
                    course=course, person=person, organisation=person.organisation, group=person.group,
                    sector=person.organisation.sector, started_at=at,
                )
            )  # fmt: skip
            done = local_date(at) + timedelta(days=random.choice([0, 0, 1, 2, 5]))
            if random.random() < COMPLETED and done <= this.as_at:
                records.append(TrainingRecord(person=person, course=course, source="online", completed_on=done))
    OnlineStart.objects.bulk_create(starts)
    TrainingRecord.objects.bulk_create(records)
