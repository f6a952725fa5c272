"""Whether the site can do its work: what it stands on is asked, and how old the last tick and the oldest mail are."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.db import Error, connection
from django.db.models import Count, Min
from django.utils import timezone
from kombu.exceptions import KombuError, OperationalError

from notifications import rules
from notifications.models import Message, PreparedFile, Tick

Answer = dict[str, object]


def readiness(*, now: datetime) -> Answer:
    """Return {"ready": …, "checks": {name: {"ok": …, …}}} at `now`; numbers and times only, nothing about people.

    Each check fails by itself and says why in a few words; none raises. Ages are in whole seconds.
    """
    looks: dict[str, Callable[[datetime], Answer]] = {
        "database": _database, "broker": _broker, "beat": _beat, "messages": _messages,
    }  # fmt: skip
    checks = {}
    for name, look in looks.items():
        try:
            checks[name] = look(now)
        except Error:
            checks[name] = {"ok": False, "problem": "The database does not answer."}
    return {"ready": all(check["ok"] for check in checks.values()), "checks": checks}


def _database(now: datetime) -> Answer:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True}


def _broker(now: datetime) -> Answer:
    if broker_answers():
        return {"ok": True}
    return {"ok": False, "problem": "The broker does not answer. Bookings stand; emails go out when it is back."}


def broker_answers() -> bool:
    """Return whether tasks can be handed to workers now; takes a second or two to see that they can't."""
    folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("data_folder_out")
    if folder:
        return os.access(folder, os.W_OK)
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
            return broker.default_channel is not None  # Redis is pinged when its channel opens
    except (OperationalError, KombuError, OSError):
        return False


def _beat(now: datetime) -> Answer:
    at = last_tick()
    age = _seconds(now - at) if at else None
    if rules.is_late(at, now=now, limit=timedelta(seconds=settings.READY_TICK_SECONDS)):
        return {"ok": False, "seconds_ago": age, "problem": "No tick of beat came through a worker. Does each run?"}
    return {"ok": True, "seconds_ago": age}


def _messages(now: datetime) -> Answer:
    waiting, oldest = unsent()
    age = _seconds(now - oldest) if oldest else 0
    answer = {"waiting": waiting, "oldest_unsent_seconds": age}
    if oldest and rules.is_late(oldest, now=now, limit=timedelta(seconds=settings.READY_UNSENT_SECONDS)):
        return {"ok": False, **answer, "problem": "Emails do not go out. Look at Messages in the administration."}
    return {"ok": True, **answer}


def unsent() -> tuple[int, datetime | None]:
    """Return how many messages are not sent and not given up, and when the oldest of them was written."""
    open_ones = Message.objects.filter(status__in=[Message.Status.WAITING, Message.Status.SENDING])
    found = open_ones.aggregate(number=Count("pk"), oldest=Min("created_at"))
    return found["number"], found["oldest"]


def gauges() -> list[tuple[str, str, float]]:
    """Return what waits now, for Prometheus: (name, what it says, value)."""
    now, (waiting, oldest), at = timezone.now(), unsent(), last_tick()
    return [
        ("wscb_messages_unsent", "Messages that are not sent and not given up", waiting),
        ("wscb_messages_oldest_seconds", "Age of the oldest of them", _seconds(now - oldest) if oldest else 0),
        ("wscb_messages_failed", "Messages given up, for T&D to look at", failed()),
        ("wscb_beat_seconds", "Since beat's last tick; -1: none ever came", _seconds(now - at) if at else -1),
        ("wscb_documents_waiting", "Documents that nobody has made yet", documents_waiting()),
    ]


def failed() -> int:
    """Return how many messages were given up."""
    return Message.objects.filter(status=Message.Status.FAILED).count()


def documents_waiting() -> int:
    """Return how many documents people wait for."""
    return PreparedFile.objects.open().count()


def last_tick() -> datetime | None:
    """Return when beat's tick last came through a worker, or None: never."""
    return Tick.objects.filter(name=Tick.BEAT).values_list("at", flat=True).first()


def _seconds(age: timedelta) -> int:
    return max(0, int(age.total_seconds()))
