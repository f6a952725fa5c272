"""Who changed what, and when: the history of a record in words that people read. Nothing is put back from it.

django-simple-history keeps the versions; here two neighbouring ones are compared. Its own page leaves out what a form
doesn't edit (an event's status), shows times as stored, and offers to put old versions back past the actions.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from simple_history.admin import SimpleHistoryAdmin

from wscb_training.screens import PlainForm
from wscb_training.wording import clock, short_day

NOTHING, ITSELF = "–", "By itself"
VERBS = {"+": "Added", "~": "Changed", "-": "Removed"}
PAGE = 50


@dataclass(frozen=True)
class Change:
    """One field: its name, and what it said before and after, as people read it."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """What one save changed. `about` names a part of the record ("Session"), or is "" for the record itself."""

    at: datetime
    by: str
    about: str
    verb: str
    changes: list[Change]
    reason: str


def entries(
    record: models.Model, *, hidden: Iterable[str] = (), parts: Iterable[tuple[type[models.Model], str]] = ()
) -> list[Entry]:
    """Return what happened to a record, newest first.

    `hidden` names fields that are left out; `parts` are models with a history of their own whose rows belong to it,
    each with its foreign key's name. A fixed number of queries for each model, however long the history is.
    """
    own = type(record)
    fields = {own: _fields(own, {*hidden})}
    steps = [*_steps(own, {own._meta.pk.attname: record.pk})]
    for model, key in parts:
        fields[model] = _fields(model, {key})
        steps += _steps(model, {f"{key}_id": record.pk})
    names = _names(steps, fields)
    told = [_entry(before, after, fields[model], names, is_part=model is not own) for model, before, after in steps]
    kept = [entry for entry in told if entry.changes or entry.reason or entry.verb != "Changed"]
    return sorted(kept, key=lambda entry: entry.at, reverse=True)


def _steps(model: type[models.Model], lookup: dict) -> Iterator[tuple]:
    """Yield (model, version before or None, version) for the rows that match, oldest first."""
    key = model._meta.pk.attname
    versions = model.history.filter(**lookup).select_related("history_user")
    for _, group in groupby(versions.order_by(key, "history_date", "history_id"), key=lambda row: getattr(row, key)):
        before = None
        for version in group:
            yield model, before, version
            before = version


def _fields(model: type[models.Model], hidden: set[str]) -> list[models.Field]:
    kept = [field for field in model.history.model.tracked_fields if field.name not in hidden]
    return [field for field in kept if not field.primary_key]


def _names(steps: list[tuple], fields: dict) -> dict[type[models.Model], dict]:
    """Return the records that foreign keys in these versions point to, by model."""
    wanted: dict[type[models.Model], set] = {}
    for model, _, version in steps:
        for field in fields[model]:
            if field.remote_field and (value := getattr(version, field.attname)) is not None:
                wanted.setdefault(field.remote_field.model, set()).add(value)
    return {model: model._base_manager.in_bulk(keys) for model, keys in wanted.items()}


def _entry(before, after, fields: list[models.Field], names: dict, *, is_part: bool) -> Entry:
    model, changes = after.instance_type, []
    for field in fields:
        old = getattr(before, field.attname) if before else None
        new = None if after.history_type == "-" else getattr(after, field.attname)
        was, is_now = _words(field, old, names), _words(field, new, names)
        if (before or is_part) and was != is_now:
            changes.append(Change(capfirst(field.verbose_name), was, is_now))
    return Entry(
        at=after.history_date,
        by=str(after.history_user or ITSELF),
        about=capfirst(model._meta.verbose_name) if is_part else "",
        verb=VERBS[after.history_type],
        changes=changes,
        reason=after.history_change_reason or "",
    )


def _words(field: models.Field, value, names: dict) -> str:
    if value is None or value == "":
        return NOTHING
    if field.remote_field:
        return str(names[field.remote_field.model].get(value, "something that was deleted"))
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{short_day(value)}, {clock(value)}"
    return short_day(value) if isinstance(value, date) else str(value)


class HistoryAdmin(PlainForm, SimpleHistoryAdmin):
    """A screen of the admin whose history people can read."""

    history_hidden: tuple[str, ...] = ()
    history_parts: tuple[tuple[type[models.Model], str], ...] = ()

    def history_view(self, request, object_id, extra_context=None):
        """Everything that happened to one record."""
        record = get_object_or_404(self.get_queryset(request), pk=unquote(object_id))
        if not self.has_view_history_permission(request, record):
            raise PermissionDenied
        found = entries(record, hidden=self.history_hidden, parts=self.history_parts)
        context = {
            **self.admin_site.each_context(request), **(extra_context or {}), "opts": self.opts, "original": record,
            "title": f"History of {record}", "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        }  # fmt: skip
        return render(request, "admin/history.html", context)
