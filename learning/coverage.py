"""Who has which content of the pathway on a day (Appendix 4): of everybody at once, whatever they attended.

The database works out the distinct people of each content; nothing here reads a record one by one, so that a million
bookings cost what their distinct people cost.
"""

from collections import defaultdict
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.db.models import Q, QuerySet

from accounts.models import User
from bookings.models import TrainingRecord
from competence.models import PathwayTick
from competence.rules import valid_until
from courses.models import Course


def people_with(*, on: date) -> dict[str, set[int]]:
    """Return for each content (its code) the people (their ids) who have it on a day; two queries and one of courses.

    Through a course that satisfies it, or training elsewhere that was verified; what has run out does not count.
    """
    records = TrainingRecord.objects.counted().filter(in_date(on), completed_on__lte=on).order_by()
    found = defaultdict(set)
    for content in ("course__satisfies", "contents"):
        for code, person in records.filter(**{f"{content}__isnull": False}).values_list(content, "person").distinct():
            found[code].add(person)
    return found


def in_date(on: date) -> Q:
    """Return the condition that a record still counts on a day, by how long its course lasts."""
    lasting = Course.objects.filter(refresher_months__isnull=False).order_by()
    condition = Q(course__isnull=True) | Q(course__refresher_months__isnull=True)
    for months in lasting.values_list("refresher_months", flat=True).distinct():
        condition |= Q(course__refresher_months=months, completed_on__gte=first_day_in_date(on, months=months))
    return condition


def first_day_in_date(on: date, *, months: int) -> date:
    """Return the earliest day on which training that lasts so many months was completed and still counts on `on`."""
    day = on - relativedelta(months=months)
    while valid_until(completed_on=day, refresher_months=months) < on:  # months end on different days
        day += timedelta(days=1)
    return day


def needed_by_group(*, on: date) -> dict[int, set[str]]:
    """Return the contents that each group needs by the pathway in force on a day."""
    needed = defaultdict(set)
    for group, content in PathwayTick.objects.in_force(on=on).values_list("group", "content"):
        needed[group].add(content)
    return needed


def lacking(people: QuerySet[User], *, on: date) -> dict[str, set[int]]:
    """Return for each content which of these people need it for their group and do not have it on a day."""
    needed, have, found = needed_by_group(on=on), people_with(on=on), defaultdict(set)
    for person, group in people.values_list("pk", "group"):
        for content in needed.get(group, ()):
            if person not in have[content]:
                found[content].add(person)
    return found
