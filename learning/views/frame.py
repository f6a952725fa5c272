"""What every page of a CPD lead shares: the organisation, its navigation, and the way between organisations."""

from functools import wraps

from django.shortcuts import render
from django.utils import timezone

from accounts.models import Membership, Organisation
from accounts.permissions import signed_in
from bookings.models import Booking, TrainingRecord
from learning import permissions


def team_page(view):
    """Let in the CPD leads of the organisation in the address (and T&D); the view gets it in place of its number."""

    @wraps(view)
    def wrapped(request, organisation_id, **kwargs):
        organisation = permissions.led_organisation(organisation_id, viewer=request.user)
        return view(request, organisation, **kwargs)

    return signed_in(wrapped)


def show(request, template: str, organisation: Organisation, context: dict):
    """Render a page of the team with its navigation: three counts, whatever the size of the team.

    `template` is a page of learning ("people"), or the whole path of another floor's ("monitoring/team/return.html").
    """
    frame = {
        "organisation": organisation,
        "other_organisations": [other for other in request.user.led_organisations if other.pk != organisation.pk],
        "approvals_count": Booking.objects.to_approve(at=timezone.now()).filter(organisation=organisation).count(),
        "records_count": TrainingRecord.objects.to_verify().of_team(organisation).count(),
        "newcomers_count": Membership.objects.to_confirm().filter(organisation=organisation).count(),
    }
    path = template if template.endswith(".html") else f"learning/team/{template}.html"
    return render(request, path, {**frame, **context})
