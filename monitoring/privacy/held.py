"""All that is held about one person, as JSON and as a readable document: what the right of access asks for."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from django.apps import apps
from django.db.models import FileField, Model

from accounts.models import Policy, User
from monitoring.privacy.data_map import SECRET, by_rule, fields_of
from notifications.prepared import CannotBeMade, Progress
from wscb_training.documents import pdf
from wscb_training.wording import day_and_clock, short_day

# Each model of which rows are about a person: its title, and the way from a row to the person.
ABOUT: list[tuple[str, str, str]] = [
    ("Your account", "accounts.User", "pk"),
    ("Your email addresses", "account.EmailAddress", "user"),
    ("Where you worked", "accounts.Membership", "person"),
    ("Organisations whose training you look after", "accounts.CPDLead", "person"),
    ("Safeguarding roles", "accounts.SafeguardingLead", "person"),
    ("Your weekly email", "learning.AlertChoice", "person"),
    ("Courses you asked for", "courses.Interest", "person"),
    ("You as a trainer", "courses.Trainer", "person"),
    ("Your bookings", "bookings.Booking", "person"),
    ("Your attendance", "bookings.Attendance", "booking__person"),
    ("Charges", "bookings.Charge", "booking__person"),
    ("Your training record", "bookings.TrainingRecord", "person"),
    ("Online courses you started", "bookings.OnlineStart", "person"),
    ("Questionnaires you were asked", "evaluations.Evaluation", "respondent"),
    ("What you answered", "evaluations.Answer", "evaluation__respondent"),
    ("Invitations to your address", "accounts.Invitation", "accepted_by"),
    ("Emails to you", "notifications.Message", "recipient"),
    ("Documents made for you", "notifications.PreparedFile", "requested_by"),
    ("Your sign-ins, and files you took out", "accounts.AuditEntry", "person"),
    ("Problems with a page that you reported", "accounts.ProblemReport", "person"),
    ("Your requests to be erased", "monitoring.ErasureRequest", "person"),
]
# Working parts of the system that say nothing about the person: pages of HTML beside the same text, counters, keys.
LEFT_OUT = {"html", "headers", "calendar", "key", "digest", "code", "calendar_sequence", "is_superuser"}
# What the words for a row of these relations name in turn.
FURTHER = {
    "event": ["event__course"],
    "booking": ["booking__person", "booking__event__course"],
    "evaluation": ["evaluation__booking__person", "evaluation__booking__event__course"],
}
MOST = 5000  # rows of one kind in the readable document; the JSON has all


@dataclass(frozen=True)
class Held:
    """What is held of one kind: its title, and a row for each with its fields in words."""

    title: str
    rows: list[dict[str, object]]


def held_about(person: User, *, progress: Progress = lambda done, of: None) -> list[Held]:
    """Return all that is held about somebody, kind by kind; kinds of which there is nothing are left out.

    What a manager wrote about their work is the manager's answer, and is not in it: T&D gives it out when asked.
    """
    found = []
    for number, (title, label, path) in enumerate(ABOUT):
        progress(number, len(ABOUT) + 1)
        model = apps.get_model(label)
        value = person.pk if path == "pk" else person
        kept = model._default_manager.filter(**{path: value}).select_related(*_named(model)).order_by("pk")
        rows = [_row(row, but=path) for row in kept]
        if rows:
            found.append(Held(title, rows))
    return found


def _named(model: type[Model]) -> list[str]:
    """Return the relations that the words of a row name, so that a long record costs no query a row."""
    names = [field.name for field in model._meta.concrete_fields if field.is_relation]
    return names + [further for name in names for further in FURTHER.get(name, [])]


def _row(row: Model, *, but: str) -> dict:
    """Return a row's fields in words, without what is secret or says only whose it is."""
    secret = {name for name, rule in fields_of(row._meta.label).items() if rule is SECRET}
    written = {}
    for field in row._meta.concrete_fields:
        if field.name in secret | LEFT_OUT | {but} or field.primary_key:
            continue
        value = _value(row, field)
        if value not in (None, "", [], {}):
            words = str(field.verbose_name).replace("_", " ")
            written[words[:1].upper() + words[1:]] = value
    return written


def _value(row: Model, field):
    if field.choices:
        return getattr(row, f"get_{field.name}_display")()
    value = getattr(row, field.name)
    if isinstance(field, FileField):
        return "A file is held" if value else ""
    if field.is_relation:
        return str(value) if value is not None else None
    if isinstance(value, datetime | date | bool | int | str | list | dict) or value is None:
        return value
    return str(value)


def as_json(person: User, found: list[Held], *, now: datetime) -> bytes:
    """Return it as JSON, which another system can read."""
    content = {
        "person": str(person), "made_at": now.isoformat(),
        "held": {each.title: each.rows for each in found},
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, indent=2, default=_plain).encode()


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def as_pdf(person: User, found: list[Held], *, now: datetime) -> bytes:
    """Return it as a readable document, tagged for screen readers (PDF/UA)."""
    shown = [(each.title, len(each.rows), [_line(row) for row in each.rows[:MOST]]) for each in found]
    rules = [(rule.name, rule.purpose, ends) for rule, ends, _ in by_rule(Policy.current())]
    return pdf("monitoring/pdf/held.html", {"person": person, "kinds": shown, "rules": rules, "now": now})


def _line(row: dict) -> list[tuple[str, str]]:
    return [(name, _words(value)) for name, value in row.items()]


def _words(value) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return day_and_clock(value)
    if isinstance(value, date):
        return short_day(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def make(parameters: dict, progress: Progress, *, now: datetime) -> tuple[str, bytes]:
    """Make the document that a person asked for: `kind` is "json" or "pdf". For a worker."""
    person = User.objects.filter(pk=parameters["person"], erased_at__isnull=True).first()
    if person is None:
        raise CannotBeMade("There is no such account any more.")
    found = held_about(person, progress=progress)
    write = as_json if parameters["kind"] == "json" else as_pdf
    return f"my-data-{now:%Y-%m-%d}.{parameters['kind']}", write(person, found, now=now)
