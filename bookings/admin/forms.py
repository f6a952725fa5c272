"""What T&D types on the pages behind the buttons."""

from dataclasses import dataclass
from datetime import date, datetime

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect

from accounts.models import User
from bookings.models import Booking
from bookings.rules import is_working_day
from courses.actions import moved_sessions
from courses.clashes import clashes
from courses.models import Event
from wscb_training import wording
from wscb_training.wording import local_date

DAYS = ["%d/%m/%Y", "%Y-%m-%d", "%d %B %Y"]


@dataclass(frozen=True)
class Copy:
    """An event as it would be on another day: its sessions (start, end), and what T&D should look at."""

    event: Event
    first_day: date
    sessions: list[tuple[datetime, datetime]]
    notes: list[str]


def copy_on(event: Event, day: date) -> Copy:
    """Return the event as it would be if it began on that day; closed days and double bookings are named."""
    sessions = moved_sessions(event, first_day=day)
    notes = [
        f"{wording.day(start)} is a weekend or bank holiday."
        for start, _ in sessions
        if not is_working_day(local_date(start))
    ]
    found = clashes(sessions, venue=event.venue, trainers=event.trainers.all(), without=event)
    notes += [clash.words for clash in found]
    return Copy(event, day, sessions, notes)


class ReasonForm(forms.Form):
    """Why; it stands in the history, and people are told."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=500)


class AddPersonForm(forms.Form):
    """Whom to book; a reason takes them past the rules and the capacity."""

    person = forms.ModelChoiceField(User.objects.filter(is_active=True))
    override_reason = forms.CharField(
        label="Reason to go beyond the rules",
        help_text="Leave it empty to book as they would themselves: then a full event puts them on the waiting list.",
        required=False,
        max_length=300,
    )

    def __init__(self, *args, admin_site, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        field.widget = AutocompleteSelect(Booking._meta.get_field("person"), admin_site, choices=field.choices)


class ImportForm(forms.Form):
    """A CSV file; after the dry run its text comes along, so that what is written is what was looked at."""

    file = forms.FileField(label="CSV file", required=False, help_text="Columns: email, course, completed_on.")
    checked = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def clean(self):
        answers = super().clean()
        file = answers.get("file")
        if file and file.size > 5 * 1024 * 1024:
            self.add_error("file", "The file must be smaller than 5 MB.")
        elif not file and not answers.get("checked"):
            self.add_error("file", "Choose a CSV file.")
        return answers

    def text(self) -> str:
        """Return the text of the file, or of the one that was checked."""
        file = self.cleaned_data["file"]
        return file.read().decode("utf-8-sig", errors="replace") if file else self.cleaned_data["checked"]


class NoteForm(forms.Form):
    """A message to the people booked. The token makes a second press send nothing twice."""

    subject = forms.CharField(max_length=150)
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 8}), max_length=5000)
    token = forms.CharField(widget=forms.HiddenInput, max_length=40)


class ClonesForm(forms.Form):
    """On which days copies of an event begin."""

    MOST = 30

    days = forms.CharField(
        label="First day of each copy",
        help_text="One a line, like 2/3/2027. The times and the distance between sessions stay as they are.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event

    def clean_days(self) -> list[date]:
        lines = [line.strip() for line in self.cleaned_data["days"].splitlines() if line.strip()]
        if len(lines) > self.MOST:
            raise forms.ValidationError(f"Enter no more than {self.MOST} days at a time.")
        days = []
        for number, line in enumerate(lines, start=1):
            try:
                days.append(forms.DateField(input_formats=DAYS).clean(line))
            except forms.ValidationError:
                raise forms.ValidationError(f"Line {number}: “{line[:40]}” is not a date like 2/3/2027.") from None
        return list(dict.fromkeys(days))

    def copies(self) -> list[Copy]:
        """Return the copy of each day."""
        return [copy_on(self.event, day) for day in self.cleaned_data["days"]]


class SeriesForm(forms.Form):
    """When a copy of a whole series begins: its first event on that day, the others as far from it as now."""

    first_day = forms.DateField(
        label="First day of the new series",
        help_text="Like 1/3/2027. The other events follow as far from the first as they do now, at the same times.",
        input_formats=DAYS,
        error_messages={"required": "Enter the first day.", "invalid": "Enter a date like 1/3/2027."},
    )

    def __init__(self, *args, events: list[Event], **kwargs):
        super().__init__(*args, **kwargs)
        self.events = sorted((event for event in events if event.starts_at), key=lambda event: event.starts_at)

    def clean(self):
        if not self.events:
            raise forms.ValidationError("None of these events has a date to count from.")
        return super().clean()

    def copies(self) -> list[Copy]:
        """Return the copy of each event that has a date."""
        begin = local_date(self.events[0].starts_at)
        first = self.cleaned_data["first_day"]
        return [copy_on(event, first + (local_date(event.starts_at) - begin)) for event in self.events]
