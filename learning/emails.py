"""What people are told about their training record. One function an email."""

from django.conf import settings
from django.urls import reverse

from bookings.models import TrainingRecord
from notifications.actions import queue
from notifications.models import Message


def running_out(record: TrainingRecord, *, notice: str) -> bool:
    """Tell a person that training of theirs runs out soon; return whether this call wrote the message."""
    key = f"learning/running_out/{record.pk}/{notice}"
    if Message.objects.filter(key=key).exists():
        return False
    message = queue(
        key=key,
        template="learning/running_out",
        to=record.person.message_email,
        recipient=record.person,
        context={"record": record, "pathway_url": settings.BASE_URL + reverse("learning:pathway")},
    )
    return message is not None


def certificate_ready(record: TrainingRecord) -> None:
    """Tell a person (their coordinator, where they have no email) that the certificate is there. Once a record."""
    person = record.person
    page = reverse("learning:certificate", args=[record.pk])
    if person.is_managed and record.booking.organisation_id:
        page = reverse("learning:team_certificate", args=[record.booking.organisation_id, record.pk])
    queue(
        key=f"learning/certificate/{record.pk}",
        template="learning/certificate",
        to=person.message_email,
        recipient=person,
        context={"record": record, "certificate_url": settings.BASE_URL + page},
    )
