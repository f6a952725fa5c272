"""Writes of the yearly return: opening a round, asking and reminding, saving a draft, sending, taking back."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from accounts.models import CPDLead, Organisation, User
from monitoring.actions import Refused
from monitoring.models import ReturnRound, ReturnTraining, ReturnWorkforce, YearlyReturn
from monitoring.returns import emails, reading, rules
from notifications.actions import queue_many
from wscb_training.wording import local_date

PARCEL = 300


@transaction.atomic
def open_round(*, year: int, opens_on: date, due_on: date, by: User) -> ReturnRound:
    """Ask for the returns of a programme year from a day on, or change the dates of that year's round."""
    round = ReturnRound.objects.select_for_update().filter(year=year).first() or ReturnRound(year=year)
    round.opens_on, round.due_on = opens_on, due_on
    round._history_user = by
    round.save()
    return round


def ask_for_returns(*, now: datetime) -> int:
    """Write to the CPD leads of every organisation whose return is missing, as the day asks for; return how many.

    One email a lead and notice, whatever runs twice. After days of not running, the notice of the day still goes.
    """
    today, told = local_date(now), 0
    for round in ReturnRound.objects.filter(opens_on__lte=today, due_on__gte=today - rules.STOPS):
        if notice := rules.notice_due(opens_on=round.opens_on, due_on=round.due_on, today=today):
            missing = reading.standings(round).filter(has_sent=False)
            told += _write_to_leads(round, missing, notice=notice, key=notice)
    return told


def remind(*, round: ReturnRound, organisations: Iterable[Organisation], by: User, now: datetime) -> int:
    """Remind the CPD leads of those of these organisations whose return is missing (T&D's button); return how many.

    A lead gets at most one such email a day.
    """
    today = local_date(now)
    if today < round.opens_on:
        raise Refused("This round is not open yet: the CPD leads are asked when it opens.")
    missing = reading.standings(round).filter(has_sent=False, pk__in=[each.pk for each in organisations])
    notice = rules.OVERDUE if today > round.due_on else rules.REMIND
    return _write_to_leads(round, missing, notice=notice, key=f"asked-{today}")


def _write_to_leads(round: ReturnRound, missing, *, notice: str, key: str) -> int:
    leads = CPDLead.objects.filter(organisation__in=missing.values("pk"), person__is_active=True)
    by_lead, told = defaultdict(list), 0
    for leadership in leads.select_related("person__coordinator", "organisation").order_by("organisation__name"):
        by_lead[leadership.person].append(leadership.organisation)
    drafts = [
        emails.asked(round, lead=lead, organisations=organisations, notice=notice, key=key)
        for lead, organisations in by_lead.items()
    ]
    for start in range(0, len(drafts), PARCEL):
        with transaction.atomic():
            told += queue_many(drafts[start : start + PARCEL])
    return told


def _locked(round: ReturnRound, organisation: Organisation, *, by: User, now: datetime) -> YearlyReturn:
    """Return the organisation's return of the round, locked; made as a draft where there is none."""
    YearlyReturn.objects.get_or_create(
        round=round, organisation=organisation, defaults={"saved_at": now, "saved_by": by}
    )
    return YearlyReturn.objects.select_for_update(of=("self",)).get(round=round, organisation=organisation)


@transaction.atomic
def save_return(
    *,
    round: ReturnRound,
    organisation: Organisation,
    by: User,
    now: datetime,
    workforce: dict[int, int],
    known: dict[int, int],
    trainings: list[tuple[str, str, int]],
    subjects: Iterable = (),
    **texts,
) -> YearlyReturn:
    """Keep what was filled in as a draft; return it. What was kept before is replaced.

    `workforce` and `known` are people by group number, `trainings` (title, provider, people); `texts` are the model's
    own: `other_subjects`, `barriers`, `other_barriers`, `notes`. Raises Refused when it was sent or is not open.
    """
    kept = _locked(round, organisation, by=by, now=now)
    _may_change(kept, round, now)
    for name, value in texts.items():
        setattr(kept, name, value.strip() if isinstance(value, str) else value)
    kept.saved_at, kept.saved_by, kept._history_user = now, by, by
    kept.save()
    kept.subjects.set(subjects)
    kept.workforce.all().delete()
    kept.trainings.all().delete()
    ReturnWorkforce.objects.bulk_create(
        ReturnWorkforce(yearly_return=kept, group_id=group, people=people, known=known.get(group, 0))
        for group, people in workforce.items()
    )
    ReturnTraining.objects.bulk_create(
        ReturnTraining(yearly_return=kept, title=title, provider=provider, people=people, position=number)
        for number, (title, provider, people) in enumerate(trainings, start=1)
    )
    return kept


def _may_change(kept: YearlyReturn, round: ReturnRound, now: datetime) -> None:
    if why := rules.refusal_to_change(is_sent=kept.is_sent, opens_on=round.opens_on, today=local_date(now)):
        raise Refused(why)


@transaction.atomic
def send_return(*, yearly_return: YearlyReturn, by: User, now: datetime) -> YearlyReturn:
    """Send a draft to T&D; return it. Raises Refused when it was sent before."""
    kept = YearlyReturn.objects.select_for_update(of=("self",)).select_related("round").get(pk=yearly_return.pk)
    _may_change(kept, kept.round, now)
    kept.sent_at, kept.sent_by, kept._history_user = now, by, by
    kept.save()
    return kept


@transaction.atomic
def take_back(*, yearly_return: YearlyReturn, by: User, now: datetime) -> YearlyReturn:
    """Make a draft again of a return that was sent; return it. Raises Refused as the rule says."""
    kept = YearlyReturn.objects.select_for_update(of=("self",)).select_related("round").get(pk=yearly_return.pk)
    why = rules.refusal_to_take_back(
        is_sent=kept.is_sent, due_on=kept.round.due_on, today=local_date(now), is_td=by.is_td
    )
    if why:
        raise Refused(why)
    kept.sent_at = kept.sent_by = None
    kept._history_user = by
    kept.save()
    return kept
