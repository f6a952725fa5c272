"""Reports for tests: made by their own actions, with figures of a small world."""

from datetime import date, datetime
from functools import cache

from django.contrib.auth.models import Group

from accounts.actions import ensure_roles
from accounts.models import User
from accounts.models.user import SUB_COMMITTEE
from monitoring.models import Report, Snapshot
from monitoring.report import actions, content
from tests.factories import UserFactory, make_officer
from tests.monitoring.world import NOW, this_year


def with_role(name: str, **fields) -> User:
    ensure_roles()
    someone = UserFactory(**fields)
    someone.groups.add(Group.objects.get(name=name))
    return someone


def td(**fields) -> User:
    return make_officer(**fields)


def member(**fields) -> User:
    return with_role(SUB_COMMITTEE, **fields)


def nothing_to_tell(done: int, of: int) -> None:
    """Progress that nobody watches."""


def counted(*, by: User, now: datetime = NOW, as_at: date | None = None) -> Report:
    """Return a draft with the figures of what is there."""
    report, _ = actions.start(year=None, as_at=as_at, by=by, now=now)
    actions.count(snapshot=report.snapshot, progress=nothing_to_tell)
    return fresh(report)


@cache
def of_nothing(as_at: date | None) -> dict:
    """Return figures as they are counted where nothing happened: for tests that are about something else."""
    shown = this_year(as_at)
    return content.take(shown, progress=nothing_to_tell)


def draft(*, by: User, now: datetime = NOW, as_at: date | None = None) -> Report:
    """Return a draft with the figures of an empty year."""
    report, _ = actions.start(year=None, as_at=as_at, by=by, now=now)
    Snapshot.objects.filter(pk=report.snapshot_id).update(content=of_nothing(as_at), counted_at=now)
    return fresh(report)


def approved(*, by: User, now: datetime = NOW, as_at: date | None = None, make=draft) -> Report:
    return fresh(actions.approve(report=make(by=by, now=now, as_at=as_at), by=by, now=now))


def circulated(*, by: User, now: datetime = NOW) -> Report:
    report = approved(by=by, now=now)
    actions.circulate(report=report, by=by, now=now)
    return fresh(report)


def withdrawn(*, by: User, now: datetime = NOW) -> Report:
    return fresh(actions.withdraw(report=circulated(by=by, now=now), by=by, now=now, reason="A figure was wrong."))


def fresh(report: Report) -> Report:
    return Report.objects.select_related("snapshot", "compared_with__snapshot", "replaces").get(pk=report.pk)


def figure_of(content: dict, code: str) -> dict:
    return next(each for priority in content["priorities"] for each in priority["figures"] if each["code"] == code)
