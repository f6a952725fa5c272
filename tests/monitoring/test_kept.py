"""What was counted is kept, so that nobody waits for a page; a long count is a worker's."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from kombu.exceptions import OperationalError

from monitoring import figures, kept
from monitoring.figures import overview
from monitoring.reach import reach
from monitoring.rules import period
from monitoring.tasks import count_period, count_today
from tests import teams
from tests.monitoring import roles
from tests.monitoring.world import conference, person

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def today():
    return period(year=None, as_at=None, now=timezone.now(), starts_month=4)


@pytest.fixture
def asked(monkeypatch):
    """The tasks that a worker was asked for."""
    names = []
    monkeypatch.setattr(kept.current_app, "send_task", lambda name, given, **options: names.append((name, *given)))
    return names


def long_ago_counted(seconds: float) -> kept.Kept:
    there = kept.Kept({"1A": 1}, NOW - timedelta(minutes=9), seconds)
    cache.set("k", there, 60)
    return there


def test_counted_once_and_read_after():
    counted = []
    for _ in range(3):
        kept.kept("k", lambda: counted.append(1) or {"1A": 1}, period=today(), now=NOW, again=False)
    assert counted == [1]


def test_what_does_not_fit_any_more_is_counted_anew():
    long_ago_counted(0.1)
    found = kept.kept(
        "k", lambda: {"1A": 1, "1B": 2}, period=today(), now=NOW, again=False, fits=lambda what: "1B" in what
    )
    assert (found.what["1B"], found.counted_at) == (2, NOW)


def test_a_short_count_is_made_again_while_one_waits(asked):
    long_ago_counted(0.5)
    found = kept.kept("k", lambda: {"1A": 2}, period=today(), now=NOW, again=True)
    assert (found.what, found.is_counted_again, asked) == ({"1A": 2}, False, [])


def test_a_long_count_is_asked_of_a_worker_and_what_is_there_stays(asked):
    there = long_ago_counted(30)
    found = kept.kept("k", pytest.fail, period=today(), now=NOW, again=True)
    assert (found.what, found.counted_at, found.is_counted_again) == (there.what, there.counted_at, True)
    assert asked == [("monitoring.tasks.count_period", today().year, today().as_at.isoformat())]
    kept.kept("k", pytest.fail, period=today(), now=NOW, again=True)
    assert len(asked) == 1  # one worker is enough


def test_without_a_broker_it_is_counted_all_the_same(monkeypatch):
    def refuse(name, given, **options):
        raise OperationalError

    monkeypatch.setattr(kept.current_app, "send_task", refuse)
    long_ago_counted(30)
    assert kept.kept("k", lambda: {"1A": 2}, period=today(), now=NOW, again=True).what == {"1A": 2}


@pytest.mark.usefixtures("priorities")
def test_a_worker_counts_what_the_pages_show(django_assert_num_queries):
    conference(timezone.localdate() - timedelta(days=1), came=[person()])
    count_today()
    count_today()  # any number of times
    conference(timezone.localdate() - timedelta(days=1), came=[person()])
    with django_assert_num_queries(2):  # indicators and priorities: nothing is counted
        shown = overview(today(), now=timezone.now())
    assert shown.priorities[0].figures[0].value == "1"
    with django_assert_num_queries(0):
        assert reach(today(), now=timezone.now()).headlines[0].this == 1


@pytest.mark.usefixtures("priorities")
class TestWithManyBookings:
    """Then a count takes longer than anybody should wait for a page."""

    @pytest.fixture(autouse=True)
    def many(self, monkeypatch):
        monkeypatch.setattr(kept, "MANY", 1)
        conference(timezone.localdate() - timedelta(days=1), came=[person(), person()])

    @pytest.mark.parametrize("path", ["/priorities/", "/priorities/figures.csv", "/reach/", "/priorities/?year=2018"])
    def test_what_nobody_counted_yet_is_a_workers(self, client, path, asked):
        client.force_login(roles.of_role("td", teams.organisation()))
        assert "We are counting the figures" in client.get(path).content.decode()
        count_period(*asked[0][1:])
        shown = client.get(path)
        assert b"We are counting" not in shown.content and len(asked) == 1

    def test_once_it_is_counted_it_can_be_asked_for_again(self, asked):
        for _ in range(2):
            with pytest.raises(kept.BeingCounted):
                overview(today(), now=timezone.now())
        count_period(*asked[0][1:])
        cache.delete(figures._key(today()))
        with pytest.raises(kept.BeingCounted):
            overview(today(), now=timezone.now())
        assert len(asked) == 2
