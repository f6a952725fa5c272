"""T&D's part of the report: commentary, risks and actions of a draft; approve, circulate, withdraw, begin again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.permissions import kept_form
from monitoring import permissions
from monitoring.actions import Refused
from monitoring.models import SUMMARY, Report, ReportPoint
from monitoring.permissions import monitoring_page
from monitoring.report import actions
from monitoring.report.forms import CommentaryForm, PointForm, WithdrawForm
from monitoring.report.reading import Reading
from wscb_training.wording import count


@monitoring_page
def commentary(request, number, priority):
    """What T&D says to one priority, or to the whole (0), with its figures beside it; typed text is never lost."""
    found = permissions.written_report(number, request.user)
    reading = Reading(found)
    shown = next((each for each in reading.priorities if each.frozen["number"] == priority), None)
    if shown is None and priority != SUMMARY:
        permissions.nothing()
    written = found.commentaries.select_related("written_by").filter(number=priority).first()
    initial = {"text": written.text if written else "", "seen": written.written_at.isoformat() if written else ""}
    form = CommentaryForm(
        _posted(request), initial=initial | kept_form(request), is_summary=priority == SUMMARY
    )  # fmt: skip
    refusal = "" if found.is_draft else "This report is no draft any more, so that nothing in it can be changed."
    if request.method == "POST" and form.is_valid():
        try:
            actions.comment(report=found, number=priority, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            refusal, found = str(refused), permissions.report(number, request.user)
            form = _with_newest(form, found, priority)
        else:
            return _after_commentary(request, found, priority)
    if "later" in request.POST:  # kept as it is typed
        return HttpResponse(status=409)
    written = found.commentaries.select_related("written_by").filter(number=priority).first()
    context = {
        "report": found, "reading": reading, "each": shown, "form": form, "written": written, "refusal": refusal,
        "number": priority, "last_said": _last_said(reading, priority),
    }  # fmt: skip
    return render(request, "monitoring/report/commentary.html", context, status=409 if refusal else 200)


def _with_newest(form: CommentaryForm, report: Report, number: int) -> CommentaryForm:
    """Return the form with what was typed; saving it again then goes over what the other person wrote."""
    now = report.commentaries.filter(number=number).first()
    data = {"text": form.cleaned_data["text"], "seen": now.written_at.isoformat() if now else ""}
    return CommentaryForm(data, is_summary=number == SUMMARY)


def _after_commentary(request, report: Report, number: int):
    if "later" in request.POST:
        return HttpResponse(status=204)
    messages.success(request, "The commentary is saved.")
    if "next" in request.POST and number < len(report.snapshot.content["priorities"]):
        return redirect("monitoring:report_commentary", report.number, number + 1)
    anchor = f"#priority-{number}" if number else ""
    return redirect(report.get_absolute_url() + anchor)


def _last_said(reading: Reading, number: int) -> str:
    return reading.last.words["commentary"].get(str(number), "") if reading.last else ""


@monitoring_page
def add_point(request, number, kind):
    """A new risk or action of a draft."""
    found = permissions.written_report(number, request.user)
    return _point(request, found, kind, None)


@monitoring_page
def point(request, number, point_id):
    """One risk or action of a draft: change it, or take it out."""
    found = permissions.written_report(number, request.user)
    kept = get_object_or_404(found.points, pk=point_id)
    if "delete" in request.POST:
        try:
            actions.delete_point(point=kept, by=request.user)
            messages.success(request, f"The {kept.get_kind_display().lower()} is taken out.")
        except Refused as refused:
            messages.warning(request, str(refused))
        return redirect(found.get_absolute_url() + "#risks")
    return _point(request, found, kept.kind, kept)


def _point(request, found: Report, kind: str, kept: ReportPoint | None):
    form = PointForm(_posted(request), instance=kept, kind=kind, initial=_kept_point(request))
    refusal = "" if found.is_draft else "This report is no draft any more, so that nothing in it can be changed."
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_point(report=found, by=request.user, point=kept, kind=kind, **form.cleaned_data)
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, f"The {kind} is saved.")
            return redirect(found.get_absolute_url() + "#risks")
    context = {"report": found, "form": form, "kind": kind, "point": kept, "refusal": refusal}
    return render(request, "monitoring/report/point.html", context, status=409 if refusal else 200)


def _posted(request):
    return request.POST if request.method == "POST" else None


def _kept_point(request) -> dict:
    kept = kept_form(request)
    if kept:
        kept["due_on"] = [kept.get(f"due_on_{part}", "") for part in range(3)]
    return kept


@monitoring_page
def approve(request, number):
    """Ask, then approve; who is second is told who was first."""
    found = permissions.written_report(number, request.user)
    if request.method == "POST":
        return _do(request, found, "Approved. It can be circulated now.", actions.approve)
    lacking = actions.uncommented(found) if found.snapshot.content else []
    return render(request, "monitoring/report/approve.html", {"report": found, "lacking": lacking})


@monitoring_page
def circulate(request, number):
    """Ask, showing who gets it, then send the Sub-committee the link."""
    found = permissions.written_report(number, request.user)
    if request.method == "POST":
        try:
            told = actions.circulate(report=found, by=request.user, now=timezone.now())
            if told:
                messages.success(request, f"The link goes to {count(told, 'member')} of the Sub-committee.")
            else:
                messages.warning(request, "Every member has the link already. Nothing was sent.")
        except Refused as refused:
            messages.warning(request, str(refused))
        return redirect(found)
    return render(request, "monitoring/report/circulate.html", {"report": found, "members": actions.members()})


@monitoring_page
def withdraw(request, number):
    """Ask for the reason, then withdraw."""
    found = permissions.written_report(number, request.user)
    form = WithdrawForm(_posted(request), initial=kept_form(request))
    if request.method == "POST" and form.is_valid():
        return _do(request, found, "Withdrawn.", actions.withdraw, **form.cleaned_data)
    return render(request, "monitoring/report/withdraw.html", {"report": found, "form": form})


@monitoring_page
def begin_again(request, number):
    """Start a draft in place of a withdrawn report: with its figures, or counted again."""
    found = permissions.written_report(number, request.user)
    if request.method == "POST":
        try:
            new, document = actions.begin_again(
                report=found, by=request.user, now=timezone.now(), count_again="count" in request.POST
            )
        except Refused as refused:
            messages.warning(request, str(refused))
            return redirect(found)
        messages.success(request, f"{new} takes the place of {str(found).lower()}.")
        return redirect(document or new)
    return render(request, "monitoring/report/begin_again.html", {"report": found})


def _do(request, report: Report, done: str, action, **fields):
    try:
        action(report=report, by=request.user, now=timezone.now(), **fields)
        messages.success(request, done)
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect(report)
