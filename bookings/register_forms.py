"""What comes in from the register's pages: marks, answers about the unmarked, and people who came without a booking."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fieldset, Fluid, Layout, Size
from django import forms

from accounts.models import Organisation, User
from bookings import actions
from bookings.actions.attendance import Cell
from bookings.models import Attendance, Booking
from bookings.register import Register
from courses.models import Event, Session


def marks_and_seen(
    data: Mapping[str, str], session: Session, register: Register
) -> tuple[dict[Cell, str], dict[Cell, str]]:
    """Return the marks sent for a session, and those that the trainer had before them; "all present" fills the rest."""
    marks, seen = {}, {}
    for booking, _ in register.of_session(session):
        cell, mark = (booking.pk, session.pk), data.get(f"mark-{booking.pk}", "")
        if "all_present" in data:
            mark = mark or Attendance.Mark.ATTENDED
        if mark in Attendance.Mark.values or (mark == "none"):
            marks[cell] = "" if mark == "none" else mark
            seen[cell] = data.get(f"seen-{booking.pk}", "")
    return marks, seen


def answers(data: Mapping[str, str], register: Register) -> tuple[dict[Cell, str], list[Cell]]:
    """Return the answers about the unmarked, and which of them have none."""
    cells = [(booking.pk, session.pk) for booking, session in register.unmarked]
    marks = {
        (booking, session): mark
        for booking, session in cells
        if (mark := data.get(f"mark-{booking}-{session}", "")) in Attendance.Mark.values
    }
    return marks, [cell for cell in cells if cell not in marks]


@dataclass(frozen=True)
class Asked:
    """One question about somebody unmarked: what was answered before another answer was missing, or that it is."""

    booking: Booking
    session: Session
    mark: str
    is_missing: bool


def asked_again(register: Register, marks: dict[Cell, str], missing: list[Cell]) -> list[Asked]:
    """Return the questions about the unmarked with the answers that came, so that none is asked twice."""
    cells = [((booking.pk, session.pk), booking, session) for booking, session in register.unmarked]
    return [Asked(booking, session, marks.get(cell, ""), cell in missing) for cell, booking, session in cells]


class WalkInForm(forms.Form):
    """Somebody who came without a booking: by the email of their account, or by name and organisation."""

    email = forms.EmailField(
        label="Their email", required=False, help_text="The address that they sign in with, if they have an account."
    )
    full_name = forms.CharField(label="Full name", max_length=200, required=False)
    job_role = forms.CharField(label="Job role", max_length=100, required=False)
    organisation = forms.CharField(
        label="Organisation", max_length=200, required=False, help_text="Start typing and choose it from the list."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].widget.attrs["list"] = "organisations"
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.text("email", label_size=Size.SMALL, field_width=Fluid.TWO_THIRDS, autocomplete="off"),
            Fieldset(
                Field.text("full_name", label_size=Size.SMALL, field_width=Fluid.TWO_THIRDS, autocomplete="off"),
                Field.text("job_role", label_size=Size.SMALL, field_width=Fluid.TWO_THIRDS, autocomplete="off"),
                Field.text("organisation", label_size=Size.SMALL, field_width=Fluid.TWO_THIRDS, autocomplete="off"),
                legend="Or, without an account",
                legend_size=Size.MEDIUM,
            ),
            Button("add", "Add to the register"),
        )

    @staticmethod
    def organisations() -> list[str]:
        """Return the names to choose from."""
        known = Organisation.objects.filter(is_active=True, confirmed_at__isnull=False)
        return list(known.exclude(kind=Organisation.Kind.CHILDMINDER).values_list("name", flat=True).distinct())

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        if data["email"]:
            data["person"] = User.objects.filter(email__iexact=data["email"], is_active=True).first()
            if not data["person"]:
                self.add_error("email", "Nobody has this email. Check it, or enter their name and organisation below")
            return data
        for name, words in (
            ("full_name", "Enter their email, or their full name"),
            ("job_role", "Enter their job role"),
        ):
            if not data[name].strip():
                self.add_error(name, words)
        name = data["organisation"].strip()
        data["organisation"] = Organisation.objects.filter(is_active=True, name__iexact=name).first() if name else None
        if data["organisation"] is None:
            self.add_error("organisation", "Choose their organisation from the list")
        return data

    def add(self, *, event: Event, by: User, now: datetime) -> Booking:
        """Put them on the register; raises actions.Refused."""
        data = self.cleaned_data
        if data["email"]:
            return actions.add_walk_in(event=event, person=data["person"], by=by, now=now)
        return actions.add_unknown_walk_in(
            event=event, full_name=data["full_name"], job_role=data["job_role"],
            organisation=data["organisation"], by=by, now=now,
        )  # fmt: skip
