"""The weekly email of new events (§14): once a person a week, whatever is killed, late or run twice."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Min

from accounts import actions as accounts
from accounts.models import Policy, User
from courses.models import Subject
from learning import alerts, emails, rules
from learning.models import AlertChoice, wants_alert
from notifications.actions import queue_many

AT_ONCE = 200  # people settled in one transaction: what a killed worker loses, and what memory holds


def send_alerts(*, now: datetime) -> int:
    """Send everybody who is due the email of this week; return how many emails were written.

    Harmless at any time, any number of times, by several workers: people are settled some hundreds at a time, each
    with their message in one transaction, so a killed worker's people are taken up by the next run. Missed by up to
    three days it still goes; later, next week's tells. Who has nothing new that they may book gets no email.
    """
    policy = Policy.current()
    moment = rules.alert_moment(now=now, weekday=policy.alert_weekday, hour=policy.alert_hour)
    _make_choices(moment=moment)
    if now - moment > rules.ALERT_LATEST:
        return 0
    pending = AlertChoice.objects.to_tell(week=rules.week_of(moment)).filter(person__date_joined__lt=moment)
    told = pending.aggregate(least=Min("told_until"))["least"] or moment
    earliest = min(told, moment - rules.ALERT_LOOKS_BACK)
    fresh, sent, last = alerts.news(since=earliest, until=now), 0, 0
    while ids := list(pending.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        sent, last = sent + _settle(ids, fresh, moment), ids[-1]
    return sent


def _make_choices(*, moment: datetime) -> None:
    """Give everybody who has none a row, on which their week is noted: they are told of what is new since then."""
    without = User.objects.filter(wants_alert(), alert_choice__isnull=True, date_joined__lt=moment).only("date_joined")
    while some := list(without[:1000]):
        rows = [AlertChoice(person=person, told_until=alerts.begins(person, moment=moment)) for person in some]
        AlertChoice.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def _settle(ids: list[int], fresh: alerts.News, moment: datetime) -> int:
    """Write the emails of these people and note their week. Those whom another worker has in hand are passed over."""
    week, skip = rules.week_of(moment), connection.features.has_select_for_update_skip_locked
    locked = AlertChoice.objects.filter(pk__in=ids).to_tell(week=week)
    locked = locked.select_for_update(of=("self",), skip_locked=skip, no_key=True).values_list("pk", flat=True)
    choices = list(alerts.with_people(AlertChoice.objects.filter(pk__in=list(locked))))
    since = {choice.person_id: choice.told_until or alerts.begins(choice.person, moment=moment) for choice in choices}
    found = alerts.picks(choices, fresh, since=since)
    drafts = [emails.weekly(choice.person, found[choice.person_id], week=week) for choice in choices]
    written = queue_many([draft for draft in drafts if draft])
    AlertChoice.objects.filter(pk__in=[choice.pk for choice in choices]).update(
        alerted_for=week, told_until=fresh.until
    )
    return written


@transaction.atomic
def choose_alert(
    *, person: User, wants: bool, subjects: Collection[Subject], groups: Collection, deliveries: list[str], by: User
) -> None:
    """Keep what somebody wants in their weekly email; empty sets are no limit (§14)."""
    if person.wants_alert != wants:
        accounts.set_details(person=person, by=by, wants_alert=wants)
    choice, _ = AlertChoice.objects.get_or_create(person=person)
    choice.subjects.set(subjects)
    choice.groups.set(groups)
    choice.deliveries = list(deliveries)
    choice.save(update_fields=["deliveries"])


def stop_alert(*, person: User) -> None:
    """Send somebody no weekly email any more: the press of the link in it, without signing in. Safe to repeat."""
    if person.wants_alert:
        accounts.set_details(person=person, by=None, wants_alert=False)


def resume_alert(*, person: User) -> None:
    """Take that back."""
    if not person.wants_alert:
        accounts.set_details(person=person, by=None, wants_alert=True)


def forget_choice(*, person: User) -> None:
    """Delete what a person who is erased wanted."""
    AlertChoice.objects.filter(person=person).delete()
