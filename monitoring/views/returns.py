"""The yearly returns as T&D and the Sub-committee see them: who has returned, what they say together, reminders."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.models import CPDLead, Policy
from accounts.permissions import td_page
from accounts.rules import year_of
from monitoring.actions import Refused
from monitoring.models import ReturnRound, YearlyReturn
from monitoring.permissions import monitoring_page
from monitoring.returns import actions, reading
from monitoring.returns.forms import RoundForm
from wscb_training.tables import xlsx_file
from wscb_training.wording import count, day, local_date

PAGE = 50


def _rounds() -> list[ReturnRound]:
    return list(ReturnRound.objects.all())


def _round(request, rounds: list[ReturnRound]) -> ReturnRound | None:
    """Return the round of the year asked for, or the newest that has opened, or the one to come."""
    asked = [each for each in rounds if str(each.year) == request.GET.get("year")]
    opened = [each for each in rounds if each.opens_on <= local_date(timezone.now())]
    return next(iter(asked or opened or rounds), None)


def _found(request, round):
    """Return the organisations asked for by the query: a state, a sector, words of the name."""
    found = reading.standings(round).select_related("sector").order_by("name")
    state, sector = request.GET.get("state", ""), request.GET.get("sector", "")
    if state in reading.STATES:
        found = found.filter(reading.STATES[state][1])
    if sector:
        found = found.filter(sector__reporting_sector=sector[:50])
    if words := request.GET.get("q", "").strip()[:100]:
        found = found.filter(name__icontains=words)
    return found


@monitoring_page
def returns(request):
    """Who has returned this year and who has not, and what the returns say together."""
    rounds = _rounds()
    round = _round(request, rounds)
    context = {"round": round, "rounds": rounds, "today": local_date(timezone.now())}
    if round:
        leads = Prefetch("leadships", CPDLead.objects.select_related("person"))
        mine = Prefetch("returns", YearlyReturn.objects.filter(round=round), to_attr="this_return")
        found = _found(request, round).prefetch_related(leads, mine)
        sent, asked = reading.received(round)
        sectors = reading.asked_organisations().order_by("sector__reporting_sector")
        context |= {
            "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
            "sent": sent, "asked": asked, "percent": sent * 100 // asked if asked else 0,
            "nobody": reading.standings(round).filter(reading.STATES["nobody"][1]).count(),
            "together": reading.together(round),
            "states": [(key, words) for key, (words, _) in reading.STATES.items()],
            "state": request.GET.get("state", ""), "sector": request.GET.get("sector", ""),
            "words": request.GET.get("q", "").strip()[:100],
            "sectors": sectors.values_list("sector__reporting_sector", flat=True).distinct(),
        }  # fmt: skip
    return render(request, "monitoring/returns/list.html", context)


@monitoring_page
def one(request, return_id):
    """One return, as it was sent; a draft is its organisation's own."""
    found = YearlyReturn.objects.select_related("organisation__sector", "round", "sent_by")
    found = found.prefetch_related("workforce__group", "trainings", "subjects")
    kept = get_object_or_404(found, pk=return_id, sent_at__isnull=False)
    own = reading.known(kept.organisation, today=local_date(kept.sent_at)).own
    return render(request, "monitoring/returns/one.html", {"kept": kept, "own": own})


@monitoring_page
def returns_file(request):
    """The round as a workbook."""
    round = _round(request, _rounds())
    if round is None:
        raise Http404
    return xlsx_file(reading.tables(round), name=f"yearly returns {round.name}")


@td_page
def remind(request, year):
    """Remind one organisation, or all that the query finds and that have not returned; asks first."""
    round = get_object_or_404(ReturnRound, year=year)
    found = _found(request, round).filter(has_sent=False)
    if (only := request.GET.get("only", "")).isascii() and only.isdigit():
        found = found.filter(pk=int(only))
    back = f"{reverse('monitoring:returns')}?year={year}"
    if request.method == "POST":
        try:
            told = actions.remind(round=round, organisations=found, by=request.user, now=timezone.now())
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, f"{count(told, 'reminder')} written. Nobody gets two on one day.")
        return redirect(back)
    context = {"round": round, "number": found.count(), "without": found.filter(has_lead=False).count(), "back": back,
               "first": found[:10]}  # fmt: skip
    return render(request, "monitoring/returns/remind.html", context)


@td_page
def open_round(request):
    """From when to when the returns of a year are asked for."""
    this = year_of(local_date(timezone.now()), starts_month=Policy.current().year_starts_month)
    years = [(year, f"{year}-{(year + 1) % 100:02}") for year in (this + 1, this, this - 1)]
    kept = {each.year: each for each in _rounds()}.get(this)
    initial = {"year": this, "opens_on": kept and kept.opens_on, "due_on": kept and kept.due_on}
    form = RoundForm(request.POST or None, years=years, initial=initial)
    if request.method == "POST" and form.is_valid():
        round = actions.open_round(by=request.user, **form.cleaned_data)
        messages.success(request, f"The returns of {round.name} are asked for from {day(round.opens_on)}.")
        return redirect(f"{reverse('monitoring:returns')}?year={round.year}")
    return render(request, "monitoring/returns/round.html", {"form": form})


@td_page
def hand_back(request, return_id):
    """Hand a return back to its CPD leads, so that they can change it."""
    kept = get_object_or_404(YearlyReturn.objects.select_related("organisation"), pk=return_id)
    if request.method == "POST":
        try:
            actions.take_back(yearly_return=kept, by=request.user, now=timezone.now())
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, f"{kept.organisation} can change the return and send it again.")
    return redirect("monitoring:returns")
