"""Writes of privacy that a person or T&D starts."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from monitoring.models import ErasureRequest
from notifications import prepared
from notifications.actions import queue
from notifications.models import PreparedFile

TASK = "monitoring.tasks.make_my_data"
KINDS = {"pdf": "All that is held about you, to read (PDF)", "json": "All that is held about you, as data (JSON)"}


def ask_for_my_data(*, person: User, kind: str, now: datetime) -> PreparedFile:
    """Hand what is held about somebody to a worker, as "pdf" or "json"; return the document to wait for."""
    return prepared.ask_for(
        title=KINDS[kind], task=TASK, parameters={"person": person.pk, "kind": kind}, by=person, now=now
    )


@transaction.atomic
def ask_to_be_erased(*, person: User, now: datetime) -> ErasureRequest:
    """Note that somebody asks to be erased, and tell T&D; asked again while it is open, it is the first request."""
    asked, created = ErasureRequest.objects.get_or_create(person=person, settled_at=None, defaults={"asked_at": now})
    if created:
        queue(
            key=f"monitoring/erasure_asked/{asked.pk}", template="monitoring/erasure_asked", to=settings.CONTACT_EMAIL,
            context={"person": person, "erase_url": settings.BASE_URL + reverse("learning:erase", args=[person.pk])},
        )  # fmt: skip
    return asked


def settle(*, request: ErasureRequest, by: User, now: datetime) -> None:
    """Close a request without erasing: T&D has answered the person, for example that the law asks to keep it."""
    ErasureRequest.objects.filter(pk=request.pk, settled_at=None).update(settled_at=now, settled_by=by)
