"""The page of a document that a worker makes, how far it is and the link to it; and whether the site is ready."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications import health
from notifications.models import PreparedFile
from wscb_training.files import saved_file


@login_required
@never_cache
def prepared(request, prepared_id):
    """How far the document is; only for the person who asked for it."""
    return render(request, "notifications/prepared.html", {"prepared": _own(request, prepared_id)})


@login_required
@never_cache
def download(request, prepared_id):
    """The document itself."""
    found = _own(request, prepared_id)
    if not found.file:
        raise Http404
    return saved_file(request, found.file, name=found.file_name)


@require_safe
@never_cache
def ready(request):
    """Whether database, broker, beat and mail do their work, as JSON; 503 when one does not (for monitoring)."""
    answer = health.readiness(now=timezone.now())
    return JsonResponse(answer, status=200 if answer["ready"] else 503)


def _own(request, prepared_id) -> PreparedFile:
    return get_object_or_404(PreparedFile, pk=prepared_id, requested_by=request.user)
