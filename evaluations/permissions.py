"""Who may answer a form: fetched and authorised in one call; nothing tells that somebody else's exists."""

from datetime import timedelta

from django.core import signing
from django.core.signing import BadSignature
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from bookings.models import Booking
from courses.models import Event
from evaluations.emails import ANSWER, RESPONDENT
from evaluations.models import Evaluation, Kind

LINK_LASTS = timedelta(days=120)  # longer than any form is open


def of_person(person: User):
    """Return the forms that a person is asked to answer: their own, and as manager those about others."""
    mine = Q(respondent=person)
    if person.email:
        mine |= Q(respondent_email__iexact=person.email)
    return Evaluation.objects.filter(mine).for_page()


def of_manager(address: str):
    """Return the forms that one address is asked about staff: what the link of the manager's email opens."""
    return Evaluation.objects.of_kind(Kind.IMPACT_MANAGER).filter(respondent_email=address).for_page()


def own_form(code, *, viewer: User) -> Evaluation:
    """Return a form that `viewer` is asked to answer; 404 for any other."""
    return get_object_or_404(of_person(viewer), code=code)


def form_from_link(token: str) -> Evaluation:
    """Return the form of a signed link, if it still asks the same person; 404 for any other token."""
    code, address = _read(token, ANSWER)
    return get_object_or_404(Evaluation.objects.for_page(), code=code, respondent_email=address)


def address_from_link(token: str) -> str:
    """Return the address whose forms a signed link lists; 404 for any other token."""
    return _read(token, RESPONDENT)


def _read(token: str, salt: str):
    try:
        return signing.loads(token, salt=salt, max_age=LINK_LASTS)
    except BadSignature:
        raise Http404 from None


def readable_bookings(*, viewer: User):
    """Return the bookings whose results `viewer` may see; 404 for who sees none (§15).

    T&D and the Sub-committee see all, trainers those of their events, CPD leads those made under their organisations.
    """
    if viewer.monitors:
        return Booking.objects.all()
    led, trains = viewer.led_organisations, hasattr(viewer, "trainer")
    if not led and not trains:
        raise Http404
    theirs = Q(organisation__in=led)
    if trains:
        theirs |= Q(event__in=Event.objects.filter(trainers__person=viewer).values("pk"))
    return Booking.objects.filter(theirs)


def readable_event(reference: str, *, viewer: User) -> Event:
    """Return an event of which `viewer` may see results; 404 for any other."""
    readable = readable_bookings(viewer=viewer).values("event")
    events = Event.objects.exclude(status=Event.Status.DRAFT).select_related("course", "venue")
    return get_object_or_404(events.filter(pk__in=readable).prefetch_related("trainers"), reference=reference)
