"""Fetch and authorise in one call: a stranger gets 404, nothing tells that the thing exists."""

from datetime import datetime

from django.core import signing
from django.core.signing import BadSignature
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Membership, Organisation, User
from bookings.models import Booking, TrainingRecord
from courses.models import Event
from learning import rules
from learning.emails import STOP
from learning.models import ApiToken


def led_organisation(organisation_id: int, *, viewer: User) -> Organisation:
    """Return the organisation if `viewer` is one of its CPD leads, or of T&D; 404 for everybody else."""
    for organisation in viewer.led_organisations:
        if organisation.pk == organisation_id:
            return organisation
    if viewer.is_td:
        return get_object_or_404(Organisation.objects.select_related("sector"), pk=organisation_id)
    raise Http404


def member(organisation: Organisation, person_id: int) -> Membership:
    """Return the membership of somebody who works there now, confirmed; 404 for anybody else."""
    memberships = Membership.objects.open().confirmed().select_related("person__group", "person__coordinator")
    return get_object_or_404(memberships, organisation=organisation, person_id=person_id)


def managed_member(organisation: Organisation, person_id: int) -> Membership:
    """Return the membership of somebody without email, whose details their CPD leads keep; 404 for anybody else."""
    membership = member(organisation, person_id)
    if not membership.person.is_managed:
        raise Http404
    return membership


def newcomer(organisation: Organisation, membership_id: int) -> Membership:
    """Return the membership of somebody who says that they work there; 404 when it is settled or of another place."""
    memberships = Membership.objects.to_confirm().select_related("person", "organisation")
    return get_object_or_404(memberships, organisation=organisation, pk=membership_id)


def staff_booking(organisation: Organisation, code) -> Booking:
    """Return a booking that was made under the organisation, whoever works where by now; 404 for any other."""
    return get_object_or_404(Booking.objects.for_page(), organisation=organisation, code=code)


def staff_record(organisation: Organisation, record_id: int) -> TrainingRecord:
    """Return a record of training elsewhere or online of somebody who works there now; 404 for any other."""
    sent_in = TrainingRecord.objects.exclude(source=TrainingRecord.Source.EVENT).select_related("person", "course")
    return get_object_or_404(sent_in.of_team(organisation), pk=record_id)


def staff_completion(organisation: Organisation, record_id: int) -> TrainingRecord:
    """Return a completed event of somebody who works there now, or whose booking the organisation made; else 404."""
    records = TrainingRecord.objects.filter(source=TrainingRecord.Source.EVENT).select_related("person", "course")
    here = Q(booking__organisation=organisation) | Q(pk__in=records.of_team(organisation).values("pk"))
    return get_object_or_404(records.filter(here), pk=record_id)


def own_record(record_id: int, *, viewer: User) -> TrainingRecord:
    """Return a record of `viewer`'s own; 404 for any other."""
    return get_object_or_404(TrainingRecord.objects.select_related("course"), person=viewer, pk=record_id)


def bookable_event(reference: str) -> Event:
    """Return an event that was published, with what a page about it shows; drafts are T&D's alone."""
    events = Event.objects.exclude(status=Event.Status.DRAFT).select_related("course", "venue")
    return get_object_or_404(events.prefetch_related("sessions"), reference=reference)


def person_of_stop_link(token: str) -> User:
    """Return whose weekly email a signed link stops; 404 for any other token, and when the account is closed."""
    try:
        pk = signing.loads(token, salt=STOP)
    except BadSignature:
        raise Http404 from None
    return get_object_or_404(User, pk=pk, is_active=True)


def token_of(secret: str, *, now: datetime) -> ApiToken | None:
    """Return the token with this secret, when it is in force at `now`, with its organisation and who made it."""
    tokens = ApiToken.objects.in_force(at=now).select_related("organisation__sector", "made_by")
    return tokens.filter(digest=rules.digest_of_token(secret)).first()


def own_token(organisation: Organisation, token_id: int) -> ApiToken:
    """Return a token of the organisation that is not revoked; 404 for any other."""
    return get_object_or_404(ApiToken, organisation=organisation, pk=token_id, revoked_at=None)
