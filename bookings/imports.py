"""What comes in as a file: completions of online learning from its provider, and bookings."""

import csv
from datetime import date, datetime
from io import StringIO

from django.core.exceptions import ValidationError

from accounts.models import User
from bookings import actions
from bookings.models import Booking
from courses.models import Course, Event
from wscb_training.importing import Column, Rows, required
from wscb_training.wording import local_date

COLUMNS = ("email", "course", "completed_on")
FORMATS = ("%Y-%m-%d", "%d/%m/%Y")


def read_completions(text: str, *, today: date) -> tuple[list[tuple[User, Course, date]], list[str]]:
    """Return the completions in a CSV text (person, course, date), and what is wrong with it, a sentence a fault.

    The columns are email, course (its title) and completed_on (2026-03-27 or 27/03/2026); lines count from 1 with the
    heading. A fixed number of queries, whatever the number of rows.
    """
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff"), newline=""))
    try:
        absent = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
        lines = [] if absent else [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        return [], [f"Line {reader.line_num + 1}: this is no CSV ({error})."]
    if absent:
        return [], [f"Line 1: the column {' and '.join(absent)} is missing. The columns are {', '.join(COLUMNS)}."]
    addresses = {(row["email"] or "").strip().lower() for _, row in lines}
    people = {person.email: person for person in User.objects.filter(email__in=addresses)}
    courses = {course.title.casefold(): course for course in Course.objects.filter(delivery=Course.Delivery.ONLINE)}
    rows, problems = [], []
    for number, row in lines:
        values = {column: (row[column] or "").strip() for column in COLUMNS}
        person = people.get(values["email"].lower())
        course = courses.get(values["course"].casefold())
        day = _day(values["completed_on"])
        faults = [
            (person, "email", f"nobody has the address “{values['email'][:60]}”"),
            (course, "course", f"“{values['course'][:60]}” is no online course"),
            (day, "completed_on", f"“{values['completed_on'][:20]}” is no date"),
            (not day or day <= today, "completed_on", "the date is still to come"),
        ]
        wrong = [f"Line {number}, {column}: {fault}." for right, column, fault in faults if not right]
        problems += wrong
        if not wrong:
            rows.append((person, course, day))
    return rows, problems


def _day(text: str) -> date | None:
    for pattern in FORMATS:
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None


class BookingRows(Rows):
    """Bookings: imported by the one way in, so full events make a waiting list, and each person is told of theirs."""

    event = Column("event", lambda booking: booking.event.reference, "E-7KMPQ")
    email = Column("email", lambda booking: booking.person.email, "amina@riverside.example")
    person = Column("person", lambda booking: booking.person.full_name, "")
    organisation = Column("organisation", lambda booking: booking.organisation and booking.organisation.name, "")
    sector = Column("sector", lambda booking: booking.sector and booking.sector.name, "")
    status = Column("status", lambda booking: booking.get_status_display(), "")
    requested_on = Column("requested_on", lambda booking: local_date(booking.requested_at), "")
    override_reason = Column("override_reason", lambda booking: booking.override_reason, "")

    class Meta(Rows.Meta):
        model = Booking
        import_id_fields = ["event", "email"]
        fields = [
            "event", "email", "person", "organisation", "sector", "status", "requested_on", "override_reason",
        ]  # fmt: skip

    def get_queryset(self):
        related = ("event", "person", "organisation", "sector")
        return super().get_queryset().select_related(*related)

    def find(self, row):
        live = self.get_queryset().live().filter(event__reference__iexact=row.get("event", ""))
        return live.filter(person__email__iexact=row["email"]).first() if row.get("email") else None

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return instance.pk is not None  # booked is booked: nobody is booked twice

    def write(self, found, row, *, by, now):
        required(row, "event", "email")
        event = Event.objects.filter(reference__iexact=row["event"]).first()
        person = User.objects.filter(email__iexact=row["email"]).first()
        faults = {}
        if not event:
            faults["event"] = f"There is no event {row['event'][:20]}."
        if not person:
            faults["email"] = f"Nobody has the address “{row['email'][:60]}”."
        if faults:
            raise ValidationError(faults)
        try:
            reason = row.get("override_reason", "")[:300]
            return actions.book(event=event, person=person, by=by, now=now, override_reason=reason)
        except actions.Refused as refused:
            raise ValidationError({"email": f"{person}: {refused}"}) from None
