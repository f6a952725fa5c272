"""Training that the team had elsewhere: a CPD lead looks at the evidence, and verifies or refuses it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone

from bookings import actions
from bookings.models import TrainingRecord
from learning import permissions
from learning.forms import RecordForm
from learning.views.frame import show, team_page
from wscb_training.files import saved_file


@team_page
def records(request, organisation):
    """The records of the team that wait to be verified, oldest first."""
    waiting = TrainingRecord.objects.to_verify().of_team(organisation).for_page().select_related("person")
    return show(request, "records", organisation, {"records": waiting.order_by("recorded_at", "pk")})


@team_page
def record(request, organisation, record_id):
    """One record: what, where, when, which contents, the evidence; verify or refuse."""
    record, now = permissions.staff_record(organisation, record_id), timezone.now()
    form = RecordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            form.decide(record, by=request.user, now=now)
        except actions.Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, f"{record.person} is told.")
        return redirect("learning:team_records", organisation.pk)
    counts_for = (record.course.satisfies if record.course else record.contents).all()
    return show(request, "record", organisation, {"record": record, "form": form, "counts_for": counts_for})


@team_page
def evidence(request, organisation, record_id):
    """The file that was sent with a record, to save: it is never shown within the site."""
    record = permissions.staff_record(organisation, record_id)
    if not record.evidence:
        raise Http404
    return saved_file(request, record.evidence)
