"""Venues and events from a file. Events come in as drafts, through the same action and gate as in the admin."""

import re
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from courses import actions
from courses.models import Course, Event, Trainer, Venue
from wscb_training.importing import Column, Rows, all_faults, number, one_of, required, yes_or_no

SESSION = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d?:\d\d) to (\d\d?:\d\d)")
KINDS = {kind.label: kind.value for kind in Event.Kind}


class VenueRows(Rows):
    """Venues, found by their name."""

    name = Column("name", lambda venue: venue.name, "Town Hall")
    address = Column("address", lambda venue: venue.address, "Wandsworth High Street")
    postcode = Column("postcode", lambda venue: venue.postcode, "SW18 2PU")
    capacity = Column("capacity", lambda venue: venue.capacity, "60")
    is_step_free = Column("is_step_free", lambda venue: venue.is_step_free, "yes")
    has_hearing_loop = Column("has_hearing_loop", lambda venue: venue.has_hearing_loop, "yes")
    is_community = Column("is_community", lambda venue: venue.is_community, "no")
    access_notes = Column("access_notes", lambda venue: venue.access_notes, "Lift to all floors.")
    travel_notes = Column("travel_notes", lambda venue: venue.travel_notes, "Buses 28 and 37 stop outside.")
    is_active = Column("is_active", lambda venue: venue.is_active, "yes")

    class Meta(Rows.Meta):
        model = Venue
        import_id_fields = ["name"]
        fields = [
            "name", "address", "postcode", "capacity", "is_step_free", "has_hearing_loop", "is_community",
            "access_notes", "travel_notes", "is_active",
        ]  # fmt: skip

    def find(self, row):
        return Venue.objects.filter(name__iexact=row.get("name", "")).first()

    def write(self, found, row, *, by, now):
        required(row, "name", "address", "postcode", "capacity")
        venue = found or Venue()
        with all_faults() as read:
            facts = {
                name: read(yes_or_no, row, name, default=getattr(venue, name))
                for name in ("is_step_free", "has_hearing_loop", "is_community", "is_active")
            }
            facts["capacity"] = read(number, row, "capacity")
        return actions.record_venue(
            venue=found, by=by,
            name=row["name"][:100], address=row["address"][:200], postcode=row["postcode"].upper()[:10],
            access_notes=row.get("access_notes", venue.access_notes),
            travel_notes=row.get("travel_notes", venue.travel_notes), **facts,
        )  # fmt: skip


class EventRows(Rows):
    """Events: new ones come in as drafts. What is there already, by its reference, is changed in the admin alone."""

    reference = Column("reference", lambda event: event.reference, "")
    course = Column("course", lambda event: event.course.title, "Domestic Abuse")
    kind = Column("kind", lambda event: event.get_kind_display(), "Training")
    sessions = Column("sessions", lambda event: _sessions_in_words(event),
                      "2027-03-15 09:30 to 16:30; 2027-03-22 09:30 to 16:30")  # fmt: skip
    venue = Column("venue", lambda event: event.venue and event.venue.name, "Town Hall")
    joining_link = Column("joining_link", lambda event: event.joining_link, "")
    joining_instructions = Column("joining_instructions", lambda event: event.joining_instructions, "Bring photo ID.")
    trainers = Column("trainers", lambda event: "; ".join(each.name for each in event.trainers.all()), "Kezia Mensah")
    capacity = Column("capacity", lambda event: event.capacity, "20")
    minimum = Column("minimum", lambda event: event.minimum, "8")
    hosted_in_community = Column("hosted_in_community", lambda event: event.hosted_in_community, "no")
    status = Column("status", lambda event: event.get_status_display(), "")
    booked = Column("booked", lambda event: event.held_vcs + event.held_other, "")
    waiting = Column("waiting", lambda event: event.waiting, "")

    class Meta(Rows.Meta):
        model = Event
        import_id_fields = ["course"]
        fields = [
            "reference", "course", "kind", "sessions", "venue", "joining_link", "joining_instructions", "trainers",
            "capacity", "minimum", "hosted_in_community", "status", "booked", "waiting",
        ]  # fmt: skip

    def get_queryset(self):
        return super().get_queryset().select_related("course", "venue").prefetch_related("trainers", "sessions")

    def find(self, row):
        return self.get_queryset().filter(reference__iexact=row["reference"]).first() if row.get("reference") else None

    def write(self, found, row, *, by, now):
        if found:
            raise ValidationError(
                {"reference": f"{found.reference} is there already: change it in the administration."}
            )
        if row.get("reference"):
            raise ValidationError({"reference": "A new event gets its reference by itself: leave this empty."})
        required(row, "course", "sessions", "capacity")
        courses = {course.title: course for course in Course.objects.filter(is_active=True)}
        venues = {venue.name: venue for venue in Venue.objects.filter(is_active=True)}
        with all_faults() as read:
            fields = {
                "course": read(one_of, row, "course", courses),
                "sessions": read(_sessions, row),
                "venue": read(one_of, row, "venue", venues) if row.get("venue") else None,
                "kind": read(one_of, row, "kind", KINDS, default=Event.Kind.TRAINING),
                "trainers": read(_trainers, row),
                "capacity": read(number, row, "capacity") or 1,
                "minimum": read(number, row, "minimum"),
                "hosted_in_community": read(yes_or_no, row, "hosted_in_community", default=False),
            }
        try:
            return actions.create_event(
                by=by, joining_link=row.get("joining_link", ""),
                joining_instructions=row.get("joining_instructions", ""), **fields,
            )  # fmt: skip
        except actions.TrainersRefused as refused:
            raise ValidationError({"trainers": refused.reasons}) from None

    def save_instance(self, instance, is_create, row, **kwargs):
        super().save_instance(instance, is_create, row, **kwargs)
        if kwargs.get("dry_run"):
            instance.reference = ""  # the import itself draws another


def _sessions_in_words(event: Event) -> str:
    words = []
    for session in event.sessions.all():
        start, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
        words.append(f"{start:%Y-%m-%d %H:%M} to {end:%H:%M}")
    return "; ".join(words)


def _sessions(row: dict) -> list[tuple[datetime, datetime]]:
    sessions = []
    for part in row["sessions"].split(";"):
        found = SESSION.fullmatch(part.strip())
        try:
            day, start, end = found.groups()
            times = [
                timezone.make_aware(datetime.strptime(f"{day} {clock}", "%Y-%m-%d %H:%M")) for clock in (start, end)
            ]
        except (AttributeError, ValueError):
            fault = f"“{part.strip()[:40]}” is not like 2027-03-15 09:30 to 16:30."
            raise ValidationError({"sessions": fault}) from None
        if times[1] <= times[0]:
            raise ValidationError({"sessions": f"“{part.strip()[:40]}” ends before it starts."})
        sessions.append(tuple(times))
    return sessions


def _trainers(row: dict) -> list[Trainer]:
    names = [name.strip() for name in row.get("trainers", "").split(";") if name.strip()]
    known = {trainer.name.casefold(): trainer for trainer in Trainer.objects.filter(is_active=True)}
    if unknown := [name for name in names if name.casefold() not in known]:
        raise ValidationError({"trainers": f"{', '.join(unknown)[:100]} is not in the pool of trainers."})
    return [known[name.casefold()] for name in names]
