"""What T&D types on the pages behind the buttons."""

from datetime import date

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect

from accounts.models import User
from bookings.models import Booking
from bookings.rules import is_working_day
from courses.actions import clashes, moved_sessions
from courses.models import Event
from wscb_training import wording
from wscb_training.wording import local_date


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
                days.append(forms.DateField(input_formats=["%d/%m/%Y", "%Y-%m-%d", "%d %B %Y"]).clean(line))
            except forms.ValidationError:
                raise forms.ValidationError(f"Line {number}: “{line[:40]}” is not a date like 2/3/2027.") from None
        return list(dict.fromkeys(days))

    def copies(self) -> list[tuple[date, list, list[str]]]:
        """Return for each day its sessions (start, end), and what T&D should look at: closed days, double bookings."""
        event, copies = self.event, []
        for day in self.cleaned_data["days"]:
            sessions = moved_sessions(event, first_day=day)
            notes = [
                f"{wording.day(start)} is a weekend or bank holiday."
                for start, _ in sessions
                if not is_working_day(local_date(start))
            ]
            notes += clashes(sessions, venue=event.venue, trainers=event.trainers.all(), without=event)
            copies.append((day, sessions, notes))
        return copies
