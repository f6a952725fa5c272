"""Who a token lets in."""

from django.utils import timezone
from ninja.security import HttpBearer

from learning import actions, permissions
from learning.models import ApiToken


class Bearer(HttpBearer):
    """`Authorization: Bearer wscb_…`: a token that a CPD lead made on their team's settings page."""

    def authenticate(self, request, token: str) -> ApiToken | None:
        now = timezone.now()
        found = permissions.token_of(token, now=now)
        if found:
            actions.note_token_use(token=found, now=now)
        return found
