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
from notifications.models import PreparedFile, PreparedFileQuerySet

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

    try:
        file_name, content = maker(mine.get().parameters, progress)
    except CannotBeMade as refusal:
        return _give_up(mine, str(refusal))
    except Exception:
        log.exception("Prepared file %s failed", prepared_id)
        return _give_up(mine, "Something went wrong while we made it. Ask for it again.")
    return _keep(prepared_id, file_name, content)


def _give_up(mine: PreparedFileQuerySet, problem: str) -> bool:
    mine.update(status=PreparedFile.Status.FAILED, finished_at=timezone.now(), problem=problem)
    return False


def _keep(prepared_id: str, file_name: str, content: bytes) -> bool:
    """Store the file, unless a worker that took it up after this one was silent for long has made it by now."""
    file = PreparedFile().file
    file.save(prepared_id, ContentFile(content), save=False)
    unmade = PreparedFile.objects.filter(pk=prepared_id).exclude(status=PreparedFile.Status.READY)
    ready = {"status": PreparedFile.Status.READY, "finished_at": timezone.now(), "problem": ""}
    if unmade.update(file=file.name, file_name=file_name, **ready) == 1:
        return True
    file.delete(save=False)  # a file without its row would never be deleted
    return False


def take_up_silent(*, now: datetime) -> int:
    """Hand over again what no worker took up or finished; what was tried often enough is failed. Return how many."""
    silent = PreparedFile.objects.silent(since=now - rules.SILENCE)
    silent.filter(attempts__gte=rules.MOST_TRIES).update(
        status=PreparedFile.Status.FAILED,
        finished_at=now,
        problem="It took too long. Ask for it again, or for less at once.",
    )
    again = 0
    for prepared in list(silent):
        # Asked anew, for its worker may have told how far it is, or finished, since the list was read.
        if silent.filter(pk=prepared.pk).update(status=PreparedFile.Status.WAITING, heard_at=now) == 1:
            _hand_over(prepared)
            again += 1
    return again


def forget_old(*, now: datetime) -> int:
    """Delete the documents that were made a week ago, with their files; return how many."""
    old = PreparedFile.objects.filter(finished_at__lt=now - rules.KEPT)
    for prepared in (found := list(old)):
        prepared.file.delete(save=False)
        prepared.delete()
    return len(found)
