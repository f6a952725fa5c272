"""What a team's navigation asks of the yearly return (§6.10), which stands a floor above it."""

from django import template
from django.utils import timezone

from accounts.models import Organisation
from monitoring.returns.reading import is_due
from wscb_training.wording import local_date

register = template.Library()


@register.simple_tag
def return_is_due(organisation: Organisation) -> int:
    """Return 1 while this year's return of the organisation is asked for and not sent, else 0: the number beside it."""
    return int(is_due(organisation, today=local_date(timezone.now())))
