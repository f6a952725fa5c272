"""Who sees how the strategy is being met: the Training and Development Service and the Sub-committee (§16)."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render

from accounts.permissions import signed_in
from monitoring.kept import BeingCounted
from monitoring.models import Evidence, Indicator, Report


def monitoring_page(view):
    """Let in who monitors the strategy; for everybody else the page does not exist.

    Where a worker counts what the page shows, the answer says so, and looks again.
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if not request.user.monitors:
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except BeingCounted:
            return render(request, "monitoring/being_counted.html")

    return signed_in(wrapped)


def indicator(code: str) -> Indicator:
    """Return an indicator by its code ("1A"); 404 where there is none."""
    return get_object_or_404(Indicator.objects.select_related("priority"), code=code)


def writes_evidence(user) -> None:
    """Let T&D write evidence; the Sub-committee reads it (403)."""
    if not user.is_td:
        raise PermissionDenied


def evidence_file(evidence_id: int) -> Evidence:
    """Return evidence that has a file; 404 for any other."""
    return get_object_or_404(Evidence.objects.exclude(file=""), pk=evidence_id)


def readable_reports(user):
    """Return the reports that somebody may see: T&D all, the Sub-committee what was circulated."""
    return Report.objects.all() if user.is_td else Report.objects.for_members()


def report(number: int, user) -> Report:
    """Return a report that somebody may see, with its figures; 404 for any other."""
    people = ("started_by", "approved_by", "circulated_by", "withdrawn_by", "replaces", "compared_with__snapshot")
    return get_object_or_404(readable_reports(user).select_related("snapshot", *people), number=number)


def whole_report(number: int, user) -> Report:
    """Return a report whose figures somebody may see: to the Sub-committee a withdrawn one has none (404)."""
    found = report(number, user)
    if found.status == Report.Status.WITHDRAWN and not user.is_td:
        raise Http404
    return found


def written_report(number: int, user) -> Report:
    """Return a report for T&D to work on; 403 for the Sub-committee, 404 where it does not see it."""
    found = report(number, user)
    writes_reports(user)
    return found


def writes_reports(user) -> None:
    """Let T&D make reports; the Sub-committee reads them (403)."""
    if not user.is_td:
        raise PermissionDenied


def replacement(report: Report, user) -> Report | None:
    """Return the report that took the place of this one, where somebody may see it."""
    return readable_reports(user).filter(replaces=report).for_list().first()


def nothing():
    """There is no such page."""
    raise Http404
