"""Who may answer a form: fetched and authorised in one call; nothing tells that somebody else's exists."""

from datetime import timedelta

from django.core import signing
from django.core.signing import BadSignature
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from evaluations.emails import ANSWER, RESPONDENT
from evaluations.models import Evaluation

LINK_LASTS = timedelta(days=120)  # longer than any form is open


def of_person(person: User):
    """Return the forms that a person is asked to answer: their own, and as manager those about others."""
    mine = Q(respondent=person)
    if person.email:
        mine |= Q(respondent_email__iexact=person.email)
    return Evaluation.objects.filter(mine).for_page()


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
