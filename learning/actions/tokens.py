"""Tokens by which an organisation's own system reads its data: made once, shown once, revoked by any of its leads."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Organisation, User
from bookings.actions import Refused
from learning.models import ApiToken
from learning.rules import TOKEN_PREFIX, digest_of_token

LASTS = timedelta(days=365)
MOST_IN_FORCE = 10
NOTED_EVERY = timedelta(minutes=5)  # a busy system does not write a row a request


@transaction.atomic
def make_token(
    *, organisation: Organisation, by: User, now: datetime, name: str, may_book: bool
) -> tuple[ApiToken, str]:
    """Make a token that lasts a year; return it and its secret, which is kept nowhere.

    Raises Refused when the organisation has ten in force already, or when `by` does not lead it: the token acts for
    the lead who made it, and stops working when they lead it no more.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if not organisation.leadships.filter(person=by).exists():
        raise Refused("Only a CPD lead of the organisation can make a token: it acts for them.")
    if ApiToken.objects.in_force(at=now).filter(organisation=organisation).count() >= MOST_IN_FORCE:
        raise Refused(f"There are {MOST_IN_FORCE} tokens in force already. Revoke one that is not used first.")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        organisation=organisation, name=name.strip(), digest=digest_of_token(secret), ending=secret[-4:],
        may_book=may_book, made_by=by, made_at=now, expires_at=now + LASTS,
    )  # fmt: skip
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User, now: datetime) -> bool:
    """Let a token work no more; return False when it was revoked before."""
    return bool(ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now, revoked_by=by))


def note_token_use(*, token: ApiToken, now: datetime) -> None:
    """Note that a token was used, to the nearest five minutes."""
    if token.last_used_at is None or now - token.last_used_at >= NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
