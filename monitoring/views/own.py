"""Single-agency training (§6.10, §6.12) as T&D and the Sub-committee see it: all of it, one course, comments."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.models import Sector
from accounts.permissions import kept_form
from monitoring.models import SingleAgencyTraining
from monitoring.permissions import monitoring_page
from monitoring.quality import actions
from monitoring.quality.forms import CommentForm
from monitoring.quality.reading import own_table, with_answers
from wscb_training.tables import xlsx_file
from wscb_training.wording import local_date

PAGE = 50
STATES = {
    "meets": ("Core messages and standards met", Q(uses_core_messages=True, meets_standards=True)),
    "short": ("Assessed, and short of them", Q(uses_core_messages=False) | Q(meets_standards=False)),
    "open": ("Not assessed", Q(uses_core_messages__isnull=True) | Q(meets_standards__isnull=True)),
}


def _found(request):
    """Return the courses asked for by the query: a sector, a state, words of the title or the organisation."""
    found = SingleAgencyTraining.objects.select_related("organisation__sector").annotate(said=Count("comments"))
    if request.GET.get("state") in STATES:
        found = found.filter(STATES[request.GET["state"]][1])
    if sector := request.GET.get("sector", "")[:50]:
        found = found.filter(organisation__sector__reporting_sector=sector)
    if words := request.GET.get("q", "").strip()[:100]:
        found = found.filter(Q(title__icontains=words) | Q(organisation__name__icontains=words))
    return found.order_by("-held_on", "pk")


@monitoring_page
def trainings(request):
    """All single-agency courses with their self-assessment."""
    everything = SingleAgencyTraining.objects.aggregate(
        all=Count("pk"), organisations=Count("organisation", distinct=True),
        **{name: Count("pk", filter=condition) for name, (_, condition) in STATES.items()},
    )  # fmt: skip
    sectors = Sector.objects.order_by("reporting_sector").values_list("reporting_sector", flat=True).distinct()
    context = {
        "page_obj": Paginator(_found(request), PAGE).get_page(request.GET.get("page")), "everything": everything,
        "states": [(key, words) for key, (words, _) in STATES.items()], "state": request.GET.get("state", ""),
        "sector": request.GET.get("sector", ""), "sectors": sectors, "words": request.GET.get("q", "")[:100],
    }  # fmt: skip
    return render(request, "monitoring/own/list.html", context)


@monitoring_page
def trainings_file(request):
    """The same list as a workbook."""
    found = _found(request).prefetch_related("contents")
    return xlsx_file([own_table(found)], name=f"single-agency training {local_date(timezone.now())}")


@monitoring_page
def training(request, training_id):
    """One course with its self-assessment, its reviews and the comments; T&D and the Sub-committee add theirs."""
    found = get_object_or_404(with_answers(), pk=training_id)
    form = CommentForm(request.POST or None, initial=kept_form(request))
    if request.method == "POST" and form.is_valid():
        actions.comment(training=found, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "The comment is added, and the organisation's CPD leads are told.")
        return redirect("monitoring:own_training", training_id)
    return render(request, "monitoring/own/one.html", {"training": found, "form": form})
