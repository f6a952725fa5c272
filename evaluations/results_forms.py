"""What the results are of: a year, a course, a trainer, a sector, chosen in the address."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout
from django import forms
from django.db.models import QuerySet

from accounts.models import Policy, Sector
from accounts.rules import year_bounds, year_name, year_of
from bookings.models import Booking
from courses.models import Course, Event, Trainer
from evaluations.suppression import Slice
from wscb_training.wording import local_date

FIRST_YEAR = 2017
ALL = "all"


class ResultsForm(forms.Form):
    """The filter of the results page; what makes no sense counts as not said."""

    year = forms.ChoiceField(label="Programme year", required=False)
    course = forms.ModelChoiceField(Course.objects.none(), label="Course", required=False, empty_label="All courses")
    trainer = forms.ModelChoiceField(
        Trainer.objects.none(), label="Trainer", required=False, empty_label="All trainers"
    )
    sector = forms.ChoiceField(label="Sector", required=False)

    def __init__(self, *args, bookings: QuerySet[Booking], today, **kwargs):
        super().__init__(*args, **kwargs)
        self.month = Policy.current().year_starts_month
        self.this_year = year_of(today, starts_month=self.month)
        years = range(self.this_year, FIRST_YEAR - 1, -1)
        named = [(str(year), year_name(year, starts_month=self.month)) for year in years]
        self.fields["year"].choices = [*named, (ALL, "All years")]
        taught = Event.objects.filter(pk__in=bookings.order_by().values("event")).order_by()
        self.fields["course"].queryset = Course.objects.filter(pk__in=taught.values("course"))
        self.fields["trainer"].queryset = Trainer.objects.filter(pk__in=taught.values("trainers"))
        sectors = Sector.objects.order_by("reporting_sector").values_list("reporting_sector", flat=True).distinct()
        self.fields["sector"].choices = [("", "All sectors"), *((name, name) for name in sectors)]
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*[Field(name) for name in self.fields], Button("", "Show"))

    def chosen(self) -> dict:
        """Return what was chosen: the year as a number, None for all; the others None where nothing was."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        year = data.get("year") or str(self.this_year)
        found = {name: data.get(name) or None for name in ("course", "trainer", "sector")}
        return {"year": None if year == ALL else int(year), **found}

    def narrowed(self, bookings: QuerySet[Booking], *, without: str = "") -> QuerySet[Booking]:
        """Return the bookings that were asked for; with `without`, as if that one had not been chosen."""
        chosen = {name: None if name == without else value for name, value in self.chosen().items()}
        if chosen["year"] is not None:
            begin, end = year_bounds(chosen["year"], starts_month=self.month)
            bookings = bookings.filter(event__ends_at__gte=begin, event__ends_at__lt=end)
        if chosen["course"]:
            bookings = bookings.filter(event__course=chosen["course"])
        if chosen["trainer"]:
            taught = Event.objects.filter(trainers=chosen["trainer"])
            bookings = bookings.filter(event__in=taught.values("pk"))
        if chosen["sector"]:
            bookings = bookings.filter(sector__reporting_sector=chosen["sector"])
        return bookings

    def slices(self, bookings: QuerySet[Booking]) -> list[Slice]:
        """Return the wholes that the chosen bookings are parts of, one for each thing that was chosen."""
        chosen, fields = self.chosen(), {"course": "event__course", "trainer": "event__trainers"}
        found = [
            Slice(self.narrowed(bookings, without=name), field, chosen[name].pk)
            for name, field in fields.items()
            if chosen[name]
        ]
        if chosen["sector"]:
            whole = self.narrowed(bookings, without="sector")
            found.append(Slice(whole, "sector__reporting_sector", chosen["sector"]))
        if chosen["year"] is not None:
            found.append(self._years(self.narrowed(bookings, without="year"), chosen["year"]))
        return found

    def slices_of_event(self, bookings: QuerySet[Booking], event: Event) -> list[Slice]:
        """Return the wholes that an event is a part of: the events of its course in its year, and all of its year."""
        begin, end = year_bounds(year_of(local_date(event.ends_at), starts_month=self.month), starts_month=self.month)
        year = bookings.filter(event__ends_at__gte=begin, event__ends_at__lt=end)
        return [Slice(year.filter(event__course=event.course_id), "event", event.pk), Slice(year, "event", event.pk)]

    def _years(self, whole: QuerySet[Booking], year: int) -> Slice:
        years = range(FIRST_YEAR, self.this_year + 1)
        bounds = {each: year_bounds(each, starts_month=self.month) for each in years}
        return Slice(whole, "", year, bounds)

    def in_words(self) -> str:
        """Return what was asked for, as a title says it: "Complex Neglect, Education, 2026-27"."""
        chosen = self.chosen()
        year = "All years" if chosen["year"] is None else year_name(chosen["year"], starts_month=self.month)
        named = [str(chosen[name]) for name in ("course", "trainer", "sector") if chosen[name]]
        return ", ".join([*named, year])


class TagForm(forms.Form):
    """The answers that were ticked, and the theme for them."""

    theme = forms.CharField(
        label="Theme",
        max_length=60,
        help_text="A known one, or a new name of a few words.",
        error_messages={"required": "Enter a theme"},
    )
    answers = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": "Tick the answers that the theme stands in"}
    )

    def __init__(self, *args, offered: list[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answers"].choices = [(pk, pk) for pk in offered]
