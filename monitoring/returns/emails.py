"""The one email of the yearly return: it asks, it reminds, and it says that the date has passed."""

from django.conf import settings
from django.urls import reverse

from accounts.models import Organisation, User
from monitoring.models import ReturnRound
from notifications.actions import Draft


def asked(round: ReturnRound, *, lead: User, organisations: list[Organisation], notice: str, key: str) -> Draft:
    """Return the email to a CPD lead about all of their organisations whose return is missing, at most one a key."""
    pages = [
        (each, settings.BASE_URL + reverse("monitoring:team_return", args=[each.pk])) for each in organisations
    ]  # fmt: skip
    return Draft(
        key=f"monitoring/returns/{round.year}/{key}/{lead.pk}",
        template="monitoring/return_asked",
        to=lead.message_email,
        recipient=lead,
        context={"round": round, "lead": lead, "notice": notice, "pages": pages, "first_url": pages[0][1]},
    )
