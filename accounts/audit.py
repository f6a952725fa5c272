"""The audit: sign-ins, files taken out, access needs seen, changes to accounts. Who, what and when, never the data."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import AuditEntry, User
from wscb_training.files import ANY
from wscb_training.limits import address_of
from wscb_training.metrics import AUDITED

Kind = AuditEntry.Kind
KEPT = timedelta(days=365)
# What leaves the site with people's data in it. Calendars, flyers and the like of the public catalogue are no matter.
# Kept files go out as `ANY`: certificates that people sent, documents made for them, all that is held about somebody.
FILES = ("text/csv", "application/vnd.openxmlformats", "application/pdf", "application/json", "application/zip", ANY)


def note(kind: str, *, by: User | None, what: str = "", now: datetime, request=None) -> AuditEntry:
    """Write that `by` did something; with the request, also from where. Counted, so that alarms ring."""
    AUDITED.labels(str(kind)).inc()
    return AuditEntry.objects.create(
        kind=kind, person=by, what=what[:200], at=now, network_address=address_of(request) if request else None
    )


def forget(*, now: datetime) -> int:
    """Delete the entries that are older than a year; return how many."""
    return AuditEntry.objects.filter(at__lt=now - KEPT).delete()[0]


class ExportsMiddleware:
    """Notes every file that somebody signed in takes out, so that no new export can be forgotten."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_file = response.get("Content-Disposition", "").startswith("attachment")
        is_export = is_file and response.get("Content-Type", "").startswith(FILES)
        if is_export and response.status_code == 200 and request.user.is_authenticated:
            note(Kind.EXPORT, by=request.user, what=request.path, now=timezone.now(), request=request)
        return response
