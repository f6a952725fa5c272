"""Long documents: asked for on a page, made by a worker with its progress shown, fetched when ready, then forgotten."""

import logging
from collections.abc import Callable
from datetime import datetime

from celery import current_app
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from notifications import rules
from notifications.models import PreparedFile

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]  # (done, of how many)
Maker = Callable[[dict, Progress], tuple[str, bytes]]  # (parameters, progress) -> (file name, content)


class CannotBeMade(Exception):
    """What was asked for can't be made; the sentence tells the person why."""


@transaction.atomic
def ask_for(*, title: str, task: str, parameters: dict, by, now: datetime, page: str = "") -> PreparedFile:
    """Note that `by` wants a document, and hand it to a worker after the commit; return the row to send them to.

    `task` names the Celery task that gets the row's id and calls `make`; `parameters` are JSON. Who asks for the
    same again while it is being made gets the first one.
    """
    under_way = PreparedFile.objects.open().filter(requested_by=by, task=task, parameters=parameters).first()
    if under_way:
        return under_way
    prepared = PreparedFile.objects.create(
        title=title, task=task, parameters=parameters, requested_by=by, requested_at=now, heard_at=now, page=page
    )
    transaction.on_commit(lambda: _hand_over(prepared), robust=True)
    return prepared


def _hand_over(prepared: PreparedFile) -> None:
    current_app.send_task(prepared.task, [str(prepared.pk)], retry=False)


def make(*, prepared_id: str, maker: Maker, now: datetime) -> bool:
    """Make the document if it waits, and keep it; return whether this call made it.

    Claimed by a conditional UPDATE: two workers never make one document. An error is told to the person in plain
    words and to the log in full; a repetition is harmless.
    """
    waiting = PreparedFile.objects.filter(pk=prepared_id, status=PreparedFile.Status.WAITING)
    if waiting.update(status=PreparedFile.Status.MAKING, heard_at=now, attempts=F("attempts") + 1) != 1:
        return False
    mine = PreparedFile.objects.filter(pk=prepared_id, status=PreparedFile.Status.MAKING)

    def progress(done: int, of: int) -> None:
        mine.update(done=done, of=of, heard_at=timezone.now())

    prepared = mine.get()
    try:
        prepared.file_name, content = maker(prepared.parameters, progress)
    except CannotBeMade as refusal:
        return _give_up(prepared, str(refusal))
    except Exception:
        log.exception("Prepared file %s failed", prepared_id)
        return _give_up(prepared, "Something went wrong while we made it. Ask for it again.")
    prepared.file.save(f"{prepared.pk}", ContentFile(content), save=False)
    prepared.status, prepared.finished_at = PreparedFile.Status.READY, timezone.now()
    prepared.save(update_fields=["file", "file_name", "status", "finished_at"])
    return True


def _give_up(prepared: PreparedFile, problem: str) -> bool:
    prepared.status, prepared.finished_at, prepared.problem = PreparedFile.Status.FAILED, timezone.now(), problem
    prepared.save(update_fields=["status", "finished_at", "problem"])
    return False


def take_up_silent(*, now: datetime) -> int:
    """Hand over again what no worker took up or finished; what was tried often enough is failed. Return how many."""
    silent = PreparedFile.objects.silent(since=now - rules.SILENCE)
    silent.filter(attempts__gte=rules.MOST_TRIES).update(
        status=PreparedFile.Status.FAILED,
        finished_at=now,
        problem="It took too long. Ask for it again, or for less at once.",
    )
    again = list(silent)
    for prepared in again:
        PreparedFile.objects.filter(pk=prepared.pk).update(status=PreparedFile.Status.WAITING, heard_at=now)
        _hand_over(prepared)
    return len(again)


def forget_old(*, now: datetime) -> int:
    """Delete the documents that were made a week ago, with their files; return how many."""
    old = PreparedFile.objects.filter(finished_at__lt=now - rules.KEPT)
    for prepared in (found := list(old)):
        prepared.file.delete(save=False)
        prepared.delete()
    return len(found)
