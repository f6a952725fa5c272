"""T&D sees themes in what people write (§15)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import User
from evaluations.models import Answer, Tag, Theme


@transaction.atomic
def tag(*, answers: Iterable[Answer], theme: str, by: User, now: datetime) -> Theme:
    """Note the theme of this name on the answers, and return it; a name not known yet makes a theme. Safe to repeat."""
    name = " ".join(theme.split())[:60]
    found = Theme.objects.filter(name__iexact=name).first()
    if found is None:
        found = Theme(name=name)
        found._history_user = by
        found.save()
    tags = [Tag(answer=answer, theme=found, tagged_by=by, tagged_at=now) for answer in answers]
    Tag.objects.bulk_create(tags, ignore_conflicts=True)
    return found


def untag(*, answers: Iterable[Answer], theme: Theme) -> int:
    """Take the theme off the answers; return off how many."""
    return Tag.objects.filter(answer__in=list(answers), theme=theme).delete()[0]
