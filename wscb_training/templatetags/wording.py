"""The wording of dates, times and counts as template filters; loaded in every template."""

from django import template
from django.utils import timezone

from wscb_training import wording

register = template.Library()

for function in (wording.day, wording.short_day, wording.clock, wording.day_and_clock, wording.deadline):
    register.filter(function.__name__, function)


@register.filter
def has_passed(moment) -> bool:
    """Whether a moment has come: `{% if event.booking_closes_at|has_passed %}`. No moment never comes."""
    return bool(moment) and moment <= timezone.now()


@register.filter
def counted(number: int, words: str) -> str:
    """Return the number with its noun: `{{ 2|counted:"place" }}`, `{{ 2|counted:"person,people" }}`."""
    return wording.count(number, *words.split(","))


@register.filter
def thousands(number: int) -> str:
    """Return a number as people read it: `{{ 1204|thousands }}` is "1,204"."""
    return f"{number:,}"


@register.simple_tag(takes_context=True)
def query_with(context, **changes) -> str:
    """Return this page's query string with `changes` applied; None drops a parameter. For pagination and filters."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}"
