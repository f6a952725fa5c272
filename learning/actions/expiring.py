"""Training runs out: its person is told three months and one month before, once each."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.db import transaction

from bookings.models import TrainingRecord
from competence.rules import DUE_SOON
from learning import emails

NOTICES = (("month", relativedelta(months=1)), ("quarter", DUE_SOON))


@transaction.atomic
def remind_of_expiry(*, today: date) -> int:
    """Tell everybody whose newest record of a course runs out within three months, or one; return how many.

    Each notice goes once, whatever runs twice: the message's key names the record and the notice. After days of not
    running the notice still goes; who is within a month gets that one alone.
    """
    told = 0
    for record in _running_out(today):
        name = next(name for name, notice in NOTICES if record.valid_until <= today + notice)
        told += emails.running_out(record, notice=name)
    return told


def _running_out(today: date):
    records = (
        TrainingRecord.objects.counted()
        .filter(course__refresher_months__isnull=False, person__is_active=True)
        .select_related("course", "person__coordinator")
        .order_by("person", "course", "-completed_on", "-pk")
    )
    last = None
    for record in records.iterator(chunk_size=2000):
        newest, last = (record.person_id, record.course_id) != last, (record.person_id, record.course_id)
        if newest and today <= record.valid_until <= today + DUE_SOON:
            yield record
