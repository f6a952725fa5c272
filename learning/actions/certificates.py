"""Telling people that their certificate is ready."""

from datetime import datetime

from django.db import connection, transaction

from bookings.models import TrainingRecord
from learning import certificates, emails

AT_ONCE = 200


def tell_of_certificates(*, now: datetime) -> int:
    """Tell everyone whose certificate has become ready; return how many. Once each, whoever runs it how often."""
    told = 0
    while number := _tell_some(now=now):
        told += number
    return told


@transaction.atomic
def _tell_some(*, now: datetime) -> int:
    skip = connection.features.has_select_for_update_skip_locked
    ready = certificates.ready_to_tell(now=now).select_for_update(no_key=True, skip_locked=skip, of=("self",))
    ids = list(ready.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    records = TrainingRecord.objects.filter(pk__in=ids)
    for record in records.select_related("course", "booking__event", "person__coordinator"):
        emails.certificate_ready(record)
    records.update(certificate_told_at=now)
    return len(ids)
