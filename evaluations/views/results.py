"""What the answers say: to T&D and the Sub-committee all, to trainers their events, to CPD leads their people (§15)."""

from dataclasses import dataclass, replace

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Policy
from accounts.permissions import signed_in
from accounts.rules import year_name, year_of
from bookings.models import Booking
from courses.models import Course, Event, Trainer
from evaluations import comparing, pdfs, permissions, result_tables, rules
from evaluations import results as reading
from evaluations.changes import STAGES
from evaluations.models import Kind
from evaluations.results_forms import ResultsForm
from evaluations.suppression import Slice
from wscb_training.charts import bars
from wscb_training.tables import as_file, csv_file, xlsx_file
from wscb_training.wording import local_date

PAGE = 20
BY = {"event": "Event", "course": "Course", "trainer": "Trainer", "sector": "Sector", "year": "Year"}


@dataclass(frozen=True)
class Asked:
    """What a request asks the results of, and what they are."""

    form: ResultsForm
    bookings: QuerySet[Booking]
    found: reading.Results
    title: str


@signed_in
def overview(request):
    """All results that I may see, filtered; compared by event, course, trainer, sector or year."""
    asked = _asked(request)
    by = request.GET.get("by") if request.GET.get("by") in BY else "event"
    context = {
        "asked": asked,
        "form": asked.form,
        "chart": chart(asked.found),
        "by": by,
        "ways": BY,
        "csv_names": result_tables.NAMES.items(),
        **_compared(request, asked, by),
        **_shown(asked.found),
    }
    return render(request, "evaluations/results.html", context)


@signed_in
def event(request, reference):
    """The results of one event."""
    found_event = permissions.readable_event(reference, viewer=request.user)
    found = _of_event(request, found_event)
    context = {"event": found_event, "found": found, "chart": chart(found), **_shown(found)}
    return render(request, "evaluations/event_results.html", context)


@signed_in
def summary(request, reference):
    """The same on paper."""
    found_event = permissions.readable_event(reference, viewer=request.user)
    found = _of_event(request, found_event)
    content = pdfs.summary(found_event, found, chart=chart(found), now=timezone.now())
    return as_file(content, f"summary-{found_event.reference}.pdf", "application/pdf")


@signed_in
def xlsx(request):
    """All tables of what is asked as a workbook."""
    asked = _asked(request)
    return xlsx_file(result_tables.tables(asked.found).values(), name=f"results {asked.title}")


@signed_in
def csv(request, table):
    """One table of what is asked."""
    asked = _asked(request)
    tables = result_tables.tables(asked.found)
    if table not in tables:
        raise Http404
    return csv_file(tables[table], name=f"{table} {asked.title}")


def _asked(request) -> Asked:
    bookings = permissions.readable_bookings(viewer=request.user)
    if reference := request.GET.get("event"):
        found_event = permissions.readable_event(reference, viewer=request.user)
        return Asked(_form(bookings), bookings, _of_event(request, found_event), found_event.reference)
    form = _form(bookings, request.GET)
    narrowed, by_outcome = form.narrowed(bookings), form.chosen()["course"] is not None
    found = _results(request, narrowed, by_outcome=by_outcome, slices=form.slices(bookings))
    return Asked(form, narrowed, found, form.in_words())


def _of_event(request, found_event: Event) -> reading.Results:
    bookings = permissions.readable_bookings(viewer=request.user)
    slices = _form(bookings).slices_of_event(bookings, found_event)
    return _results(request, bookings.filter(event=found_event), by_outcome=True, slices=slices)


def _form(bookings: QuerySet[Booking], data=None) -> ResultsForm:
    return ResultsForm(data or {}, bookings=bookings, today=local_date(timezone.now()))


def _results(request, bookings: QuerySet[Booking], *, by_outcome: bool, slices: list[Slice]) -> reading.Results:
    threshold = Policy.current().suppression_threshold
    found = reading.results(bookings, threshold=threshold, now=timezone.now(), by_outcome=by_outcome, slices=slices)
    if request.user.is_td or not found.comments:
        return found
    writers = bookings.filter(evaluations__answers__question__type__in=reading.TEXTS).order_by()
    names = {name for pair in writers.values_list("person__full_name", "evaluations__respondent__full_name").distinct()
             for name in pair if name}  # fmt: skip
    comments = [
        replace(each, texts=each.texts and [rules.without_names(text, names) for text in each.texts])
        for each in found.comments
    ]
    return replace(found, comments=comments)


def _shown(found: reading.Results) -> dict:
    """Return the spreads and comments, questionnaire by questionnaire."""
    parts = []
    for kind in Kind:
        spreads = [spread for spread in found.spreads if spread.kind == kind]
        comments = [comments for comments in found.comments if comments.kind == kind]
        if spreads or comments:
            scales = [spread for spread in spreads if spread.average is not None or spread.counts is None]
            choices = [spread for spread in spreads if spread.average is None and spread.counts is not None]
            parts.append({"name": kind.label, "scales": scales, "choices": choices, "comments": comments})
    return {"parts": parts, "stages": [name for _, name in STAGES]}


def chart(found: reading.Results) -> str:
    """Return the picture of what changed, or "" where there is nothing to draw."""
    drawn = [change for change in found.changes if any(pair.change is not None for pair in change.pairs)]
    if not drawn:
        return ""
    series = [
        (name, [change.pairs[number].change for change in drawn])
        for number, (_, name) in enumerate(STAGES)
        if any(change.pairs[number].change is not None for change in drawn)
    ]
    values = [value for _, each in series for value in each if value is not None]
    return bars([change.name for change in drawn], series, least=min(-1, min(values)), most=max(2, max(values)))


def _compared(request, asked: Asked, by: str) -> dict:
    """Return the lines of the comparison: a page of events, or all courses, trainers, sectors, years of the filter."""
    bookings, options = asked.bookings, {"threshold": asked.found.threshold, "now": timezone.now()}
    events = Event.objects.filter(pk__in=bookings.order_by().values("event"), ends_at__lte=timezone.now())
    if by == "event":
        page = Paginator(events.for_list().order_by("-ends_at", "-pk"), PAGE).get_page(request.GET.get("page"))
        lines = comparing.compare(bookings, "event", [each.pk for each in page], **options)
        return {"page_obj": page, "lines": [(each, lines[each.pk]) for each in page]}
    if by == "year":
        lines = comparing.guarded(dict(_by_year(asked, events, options)), threshold=options["threshold"])
        return {"lines": list(lines.items())}
    field, named = {
        "course": ("event__course", Course.objects.filter(events__in=events)),
        "trainer": ("event__trainers", Trainer.objects.filter(events__in=events)),
        "sector": ("sector__reporting_sector", None),
    }[by]
    if named is None:
        sectors = bookings.order_by("sector__reporting_sector").values_list("sector__reporting_sector", flat=True)
        keys = {name: name for name in sectors.distinct() if name}
    else:
        keys = {each.pk: each for each in named.distinct()}
    lines = comparing.compare(bookings, field, keys, **options)
    return {"lines": [(keys[key], line) for key, line in lines.items()]}


def _by_year(asked: Asked, events: QuerySet[Event], options: dict):
    month = asked.form.month
    years = sorted({year_of(local_date(ends_at), starts_month=month) for ends_at in _ends(events)}, reverse=True)
    for year in years:
        form = ResultsForm({"year": str(year)}, bookings=asked.bookings, today=local_date(timezone.now()))
        name = year_name(year, starts_month=month)
        yield name, comparing.whole(form.narrowed(asked.bookings), name, **options)


def _ends(events: QuerySet[Event]):
    return events.order_by().datetimes("ends_at", "month")
