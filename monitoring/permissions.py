"""Who sees how the strategy is being met: the Training and Development Service and the Sub-committee (§16)."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.permissions import signed_in
from monitoring.models import Evidence, Indicator


def monitoring_page(view):
    """Let in who monitors the strategy; for everybody else the page does not exist."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if not request.user.monitors:
            raise Http404
        return view(request, *args, **kwargs)

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
