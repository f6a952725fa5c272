"""What people are told about their data."""

from datetime import date

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from notifications.actions import Draft


def erased_soon(person: User, *, on: date, key: str) -> Draft:
    """Return the notice that somebody is erased from a day on, and what to do to stay: sign in."""
    return Draft(
        key=key, template="monitoring/erased_soon", to=person.message_email, recipient=person,
        context={"on": on, "sign_in_url": settings.BASE_URL + reverse("account_login"), "name": str(person),
                 "data_url": settings.BASE_URL + reverse("monitoring:my_data")},
    )  # fmt: skip
