"""Certificates: one's own, those that a CPD lead prints, and all of an event."""

from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.permissions import signed_in
from bookings.models import TrainingRecord
from bookings.permissions import trained_event
from learning import certificates, pdfs, permissions
from learning.views.frame import team_page
from notifications import prepared
from wscb_training.tables import as_file
from wscb_training.wording import count


@signed_in
def mine(request, record_id):
    """My certificate, or why there is none yet."""
    return _certificate(request, permissions.own_record(record_id, viewer=request.user))


@team_page
def of_staff(request, organisation, record_id):
    """The certificate of somebody of the team, for their CPD lead to print (edge case 20)."""
    return _certificate(request, permissions.staff_completion(organisation, record_id))


def _certificate(request, record: TrainingRecord):
    [standing] = certificates.standings([record], now=timezone.now())
    if standing.refusal:
        own = record.person_id == request.user.pk
        context = {"record": record, "refusal": standing.refusal, "form": None, "waits_for": own and standing.form}
        return render(request, "learning/mine/no_certificate.html", context, status=409)
    content = pdfs.certificates([certificates.certificate_of(record)])
    return as_file(content, f"certificate-{record.check_code}.pdf", "application/pdf")


@signed_in
def of_event(request, reference):
    """How many certificates of an event are ready; pressing the button has them made in the background."""
    event = trained_event(reference, viewer=request.user)
    everyone = certificates.of_event(event, now=timezone.now())
    ready = [standing for standing in everyone if not standing.refusal]
    if request.method == "POST" and ready:
        title = f"{count(len(ready), 'certificate')}: {event.course.title}"[:200]
        return redirect(
            prepared.ask_for(
                title=title, task="learning.tasks.make_certificates", parameters={"event": event.pk},
                by=request.user, now=timezone.now(),
            )
        )  # fmt: skip
    waiting = [standing for standing in everyone if standing.refusal]
    context = {"event": event, "ready": ready, "waiting": waiting}
    return render(request, "learning/event_certificates.html", context)
