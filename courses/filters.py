"""What the lists of events and of courses are filtered by. Every filter stands in the URL."""

from datetime import date, datetime, time

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from competence.models import CompetenceGroup
from courses.forms import FilterForm
from courses.models import Course, Event, Subject
from wscb_training.wording import short_day

PLACES, COMMUNITY = "places", "community"
NOT_A_DATE = {"invalid": "Enter a real date, such as 12/1/2027"}
NOT_LISTED = {"invalid_choice": "Choose one from the list"}


def subject_choices() -> list:
    """Return the subjects under their two headings of Appendix 2."""
    names = {category: [] for category, _ in Subject.Category.choices}
    for subject in Subject.objects.all():
        names[subject.category].append((str(subject.pk), subject.name))
    return [(label, names[category]) for category, label in Subject.Category.choices]


def group_choices() -> list:
    """Return the competence groups of Appendix 3."""
    return [(str(group.number), str(group)) for group in CompetenceGroup.objects.all()]


def _date(label: str, method: str) -> django_filters.DateFilter:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    formats = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y"]
    return django_filters.DateFilter(
        label=label, method=method, widget=widget, input_formats=formats, error_messages=NOT_A_DATE
    )


def _one(label: str, choices, empty_label: str, **options) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        label=label, choices=choices, empty_label=empty_label, error_messages=NOT_LISTED, **options
    )


def _several(label: str, choices, **options) -> django_filters.MultipleChoiceFilter:
    widget = forms.CheckboxSelectMultiple
    return django_filters.MultipleChoiceFilter(
        label=label, choices=choices, widget=widget, distinct=False, error_messages=NOT_LISTED, **options
    )


class EventFilter(django_filters.FilterSet):
    """Filters a list of events."""

    from_date = _date("From", "on_or_after")
    to_date = _date("Until", "on_or_before")
    only = _several(
        "Show only", [(PLACES, "Events with places"), (COMMUNITY, "Events in the community")], method="narrowed"
    )
    subject = _one("Subject", subject_choices, "Any subject", method="about")
    group = _one("Competence group", group_choices, "Any group", method="for_group")
    delivery = _several(
        "How it is held",
        [choice for choice in Course.Delivery.choices if choice[0] != Course.Delivery.ONLINE],
        method="held_as",
    )
    course = django_filters.ModelChoiceFilter(
        queryset=Course.objects.offered(),
        to_field_name="slug",
        widget=forms.HiddenInput,
        error_messages=NOT_LISTED,
    )

    class Meta:
        model = Event
        fields = []
        form = FilterForm

    def __init__(self, data, queryset, *, now: datetime, is_vcs: bool = True, without_dates: bool = False):
        super().__init__(data, queryset)
        self.now, self.is_vcs = now, is_vcs
        if without_dates:
            del self.filters["from_date"], self.filters["to_date"]

    def on_or_after(self, events: QuerySet, name: str, value: date) -> QuerySet:
        return events.filter(starts_at__gte=_in_london(value, time.min))

    def on_or_before(self, events: QuerySet, name: str, value: date) -> QuerySet:
        return events.filter(starts_at__lte=_in_london(value, time.max))

    def about(self, events: QuerySet, name: str, value: str) -> QuerySet:
        return events.filter(course__in=Course.objects.filter(subjects=value))

    def for_group(self, events: QuerySet, name: str, value: str) -> QuerySet:
        return events.filter(course__in=Course.objects.for_group(value))

    def held_as(self, events: QuerySet, name: str, values: list[str]) -> QuerySet:
        return events.held_as(values) if values else events

    def narrowed(self, events: QuerySet, name: str, values: list[str]) -> QuerySet:
        if PLACES in values:
            events = events.with_places(at=self.now, is_vcs=self.is_vcs)
        return events.filter(hosted_in_community=True) if COMMUNITY in values else events


class CourseFilter(django_filters.FilterSet):
    """Filters the list of courses."""

    subject = _one("Subject", subject_choices, "Any subject", field_name="subjects")
    group = _one("Competence group", group_choices, "Any group", method="for_group")
    delivery = _several("How it is held", Course.Delivery.choices)

    class Meta:
        model = Course
        fields = []
        form = FilterForm

    def for_group(self, courses: QuerySet, name: str, value: str) -> QuerySet:
        return courses.for_group(value)


def chips(form: forms.Form, query: QueryDict) -> list[tuple[str, str]]:
    """Return what a list is filtered by: the words of each filter, and the query string without it."""
    result = []
    for name, value in form.cleaned_data.items():
        values = value if isinstance(value, list) else [value] if value else []
        result += [(_words(name, form.fields[name], item), _without(query, name, item)) for item in values]
    return result


def _words(name: str, field: forms.Field, value) -> str:
    if name == "group":
        return f"Group {value}"
    if isinstance(value, date):
        return f"{field.label} {short_day(value)}"
    return dict(_flat(field.choices)).get(value, str(value)) if isinstance(value, str) else str(value)


def _flat(choices) -> list[tuple[str, str]]:
    """Return choices without their headings."""
    flat = []
    for value, label in choices:
        flat += label if isinstance(label, list) else [(value, label)]
    return flat


def _without(query: QueryDict, name: str, value) -> str:
    """Return the query string without one filter; of a choice of several, without this one."""
    rest = query.copy()
    rest.pop("page", None)
    rest.setlist(name, [item for item in rest.pop(name) if item != value and isinstance(value, str)])
    return f"?{rest.urlencode()}"


def _in_london(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
