"""Files that people sent: given back to save, said to be gone when they are, deleted once nothing refers to them."""

import logging

from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wscb_training.tables import as_file

ANY = "application/octet-stream"
log = logging.getLogger(__name__)


def saved_file(request: HttpRequest, file: FieldFile, *, name: str = "", content_type: str = ANY) -> HttpResponse:
    """Return the answer that saves a kept file, under `name` or its own; a page with 404 when the disk has lost it.

    The file is read whole: what people send has at most 10 MB.
    """
    try:
        with file.open() as opened:
            content = opened.read()
    except FileNotFoundError:
        log.error("A file that %s %s refers to is missing: %s", file.instance._meta.label, file.instance.pk, file.name)
        return render(request, "file_gone.html", status=404)
    return as_file(content, name or file.name.rpartition("/")[2], content_type)


def delete_after_commit(file: FieldFile) -> None:
    """Delete a file when the transaction is committed, and no row of its table refers to it then.

    A rollback keeps the row, so it must keep the file too. Empty the field in the same transaction.
    """
    model, field, name, storage = type(file.instance), file.field.name, file.name, file.storage

    def delete() -> None:
        if not model._base_manager.filter(**{field: name}).exists():
            storage.delete(name)

    if name:
        transaction.on_commit(delete, robust=True)
