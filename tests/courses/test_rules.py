"""Places of an event and what it needs before it is published (§6.9). No database."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from courses import rules
from courses.rules import Outline, Places


@pytest.mark.parametrize(
    ("capacity", "quota"), [(0, 0), (1, 1), (5, 1), (6, 1), (10, 1), (15, 2), (20, 2), (25, 3), (200, 20)]
)
def test_ten_percent_rounded_up_and_never_less_than_one(capacity, quota):
    """Places 11."""
    assert rules.vcs_quota(capacity=capacity, share=Decimal("0.1")) == quota


@given(capacity=st.integers(1, 5000), share=st.decimals(0, 1, places=3))
def test_the_quota_is_at_least_its_share_and_never_more_than_the_places(capacity, share):
    quota = rules.vcs_quota(capacity=capacity, share=share)
    assert 1 <= quota <= capacity and quota >= capacity * share and quota - 1 < max(1, capacity * share)


def test_an_event_may_keep_more_than_the_policy_never_less():
    policy = Decimal("0.1")
    assert rules.effective_share(event_share=None, policy_share=policy) == policy
    assert rules.effective_share(event_share=Decimal("0.2"), policy_share=policy) == Decimal("0.2")
    assert rules.effective_share(event_share=Decimal("0.05"), policy_share=policy) == policy


@pytest.mark.parametrize(
    ("held_vcs", "held_other", "waiting", "words"),
    [
        (0, 0, 0, "8 places"),
        (0, 7, 0, "1 place"),
        (0, 8, 0, "2 places for voluntary sector"),
        (1, 8, 0, "1 place for voluntary sector"),
        (0, 8, 4, "2 places for voluntary sector"),
        (2, 8, 0, "Full"),
        (2, 8, 4, "Full, 4 waiting"),
    ],
)
def test_places_in_words(held_vcs, held_other, waiting, words):
    places = Places(capacity=10, kept=2, held_vcs=held_vcs, held_other=held_other, waiting=waiting)
    assert rules.places_in_words(places) == words


def test_places_are_released_at_the_start_of_a_london_day_over_a_clock_change():
    starts_at = datetime(2026, 3, 31, 8, 30, tzinfo=UTC)  # 9:30am in summer time
    released = rules.release_moment(starts_at=starts_at, release_days=7)
    assert timezone.localtime(released).isoformat() == "2026-03-24T00:00:00+00:00"


def test_what_is_missing_to_publish_is_named():
    now = datetime(2026, 1, 5, tzinfo=UTC)
    missing = rules.missing_to_publish(
        has_session=False, has_place=False, has_trainer=False, capacity=0, starts_at=None, now=now
    )
    assert len(missing) == 4 and missing[0] == "a session with its date and times"
    past = rules.missing_to_publish(
        has_session=True, has_place=True, has_trainer=True, capacity=5, starts_at=now, now=now
    )
    assert past == ["a first session that is still to come"]


def test_only_what_changed_is_named():
    """Events 27: day 2 of a two-day event moves."""
    one = (datetime(2026, 1, 12, 9, 30, tzinfo=UTC), datetime(2026, 1, 12, 16, tzinfo=UTC))
    two = (datetime(2026, 1, 19, 9, 30, tzinfo=UTC), datetime(2026, 1, 19, 16, tzinfo=UTC))
    moved = (datetime(2026, 1, 20, 9, 30, tzinfo=UTC), datetime(2026, 1, 20, 16, tzinfo=UTC))
    before, after = Outline((one, two), "Town Hall"), Outline((one, moved), "Town Hall")
    assert rules.changes_in_words(before, after) == [
        "Session 2 is now Tuesday 20 January 2026, 9:30am to 4pm. It was Monday 19 January 2026, 9:30am to 4pm."
    ]
    assert rules.changes_in_words(before, before) == []
