"""People who are kept no longer (§16, UK GDPR): told by email 30 days before, then erased; T&D sees who comes up."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from accounts.models import Policy, User
from learning.actions import erase_person, erasing_refusal
from monitoring.privacy import emails
from notifications.actions import queue_many
from notifications.models import Message
from wscb_training.wording import local_date

log = logging.getLogger(__name__)

NOTICE = timedelta(days=30)
MOST_PEOPLE = 200  # erased in one night; the next night goes on
AT_ONCE = 200


@dataclass(frozen=True)
class Leaver:
    """Somebody who is or soon will be kept too long: when they may be erased, when they were told, why not, if not."""

    person: User
    on: date
    told_at: datetime | None
    refusal: str | None


def long_gone(policy: Policy, now: datetime) -> QuerySet[User]:
    """Return who has not signed in, booked or completed anything for as long as people are kept; T&D never."""
    before = now - relativedelta(years=policy.people_years)
    people = User.objects.filter(erased_at__isnull=True, is_staff=False, is_superuser=False, date_joined__lt=before)
    people = people.annotate(
        seen=Greatest(
            Coalesce("last_login", "date_joined"), Coalesce(Max("bookings__requested_at"), "date_joined"),
            Coalesce(Max("bookings__event__ends_at"), "date_joined"),
        ),
        trained=Max("training_records__completed_on"),
    )  # fmt: skip
    never = Q(trained__isnull=True) | Q(trained__lt=local_date(before))
    people = people.filter(never, seen__lt=before).order_by("pk")
    return people.select_related("coordinator").prefetch_related("managed_people")  # `erasing_refusal` asks for these


def coming_up(policy: Policy, now: datetime) -> Iterator[Leaver]:
    """Yield who is to be told or erased by now, or within the 30 days of notice."""
    people = list(long_gone(policy, now + NOTICE))
    for start in range(0, len(people), AT_ONCE):
        yield from _leavers(people[start : start + AT_ONCE], policy, now)


def _leavers(people: list[User], policy: Policy, now: datetime) -> Iterator[Leaver]:
    told = dict(Message.objects.filter(key__in=map(_key, people)).values_list("key", "created_at"))
    for person in people:
        told_at = told.get(_key(person))
        on = _last_seen(person) + relativedelta(years=policy.people_years, days=1)
        refusal = erasing_refusal(person)
        if person.message_email and not refusal:  # nobody reads a notice that goes nowhere
            on = max(on, local_date((told_at or now) + NOTICE))
        yield Leaver(person, on, told_at, refusal)


def tell(policy: Policy, now: datetime) -> int:
    """Tell who comes up, once, what is held of them goes, and what to do to stay; return how many are told now."""
    untold = [each for each in coming_up(policy, now) if not each.told_at and not each.refusal]
    drafts = [emails.erased_soon(each.person, on=each.on, key=_key(each.person)) for each in untold]
    return sum(queue_many(drafts[start : start + AT_ONCE]) for start in range(0, len(drafts), AT_ONCE))


def due(leavers: Iterable[Leaver], now: datetime) -> list[Leaver]:
    """Return those whose day has come: kept long enough, and told 30 days ago where somebody reads their email."""
    today = local_date(now)
    return [each for each in leavers if each.on <= today]


def erase(policy: Policy, now: datetime) -> tuple[int, list[dict]]:
    """Erase whose day has come; return how many, and who can't be and why."""
    found = due(coming_up(policy, now), now)
    left = [{"person": each.person.pk, "why": each.refusal} for each in found if each.refusal]
    number = 0
    for person in [each.person for each in found if not each.refusal][:MOST_PEOPLE]:
        try:
            erase_person(person=person, by=None, now=now)
            number += 1
        except Exception as error:  # one who can't be erased must not keep the others for ever
            log.exception("Person %s could not be erased", person.pk)
            left.append({"person": person.pk, "why": f"Something went wrong ({type(error).__name__}), see the log."})
    return number, left


def _last_seen(person: User) -> date:
    return max(local_date(person.seen), person.trained or date.min)


def _key(person: User) -> str:
    # Who comes back and stays away for years again is told again.
    return f"monitoring/erased_soon/{person.pk}/{_last_seen(person):%Y-%m-%d}"
