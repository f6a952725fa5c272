"""The rules of booking, each as an example (§6.9). No database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bookings import rules
from bookings.rules import PersonFacts
from courses.models import Event
from courses.rules import Places

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)  # a Monday
START = NOW + timedelta(days=20)


def event(**fields) -> Event:
    defaults = {"status": Event.Status.PUBLISHED, "starts_at": START, "ends_at": START + timedelta(hours=3)}
    return Event(**{**defaults, **fields})


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, None),
        ({"status": "draft"}, "This event is not open for booking yet."),
        ({"status": "cancelled"}, "This event was cancelled."),
        ({"status": "completed"}, "This event has already started."),
        ({"starts_at": NOW}, "This event has already started."),
        (
            {"booking_opens_at": NOW + timedelta(days=1)},
            "Booking opens on Tuesday 6 January 2026 at 9am.",
        ),
        ({"booking_opens_at": NOW}, None),
        ({"booking_closes_at": NOW}, "Booking closed on Monday 5 January 2026 at 9am."),
        ({"booking_closes_at": NOW + timedelta(minutes=1)}, None),
    ],
)
def test_why_nobody_can_book(fields, sentence):
    assert rules.event_refusal(event(**fields), now=NOW) == sentence


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, None),
        ({"is_active": False}, "This account is closed. Ask the Training and Development Service to open it again."),
        (
            {"profile_complete": False},
            "Complete your details first: your name, organisation, job role and competence group.",
        ),
        ({"in_audience": False}, "This event is for other organisations or sectors than yours."),
        ({"booked_as": "confirmed"}, "You already have a place on this event."),
        ({"booked_as": "waiting"}, "You are already on the waiting list for this event."),
        (
            {"booked_as": "awaiting"},
            "You already asked for a place on this event. It is held until your organisation approves it.",
        ),
        ({"clashes_with": "Gangs"}, "You already have a place on Gangs at the same time."),
        ({"missing_prerequisites": ["Gangs"]}, "You need to complete Gangs first."),
        (
            {"missing_prerequisites": ["Gangs", "Self Harm", "Domestic Abuse"]},
            "You need to complete Gangs, Self Harm and Domestic Abuse first.",
        ),
    ],
)
def test_why_this_person_cant_book(facts, sentence):
    assert rules.person_refusal(PersonFacts(**facts)) == sentence


def test_what_stops_everybody_is_said_first():
    facts = PersonFacts(profile_complete=False)
    assert rules.refusal(event(status="cancelled"), facts, now=NOW) == "This event was cancelled."


class TestGetsPlace:
    """Capacity 10, of which 1 is kept for the voluntary sector."""

    @pytest.mark.parametrize(
        ("held_vcs", "held_other", "is_vcs", "gets"),
        [
            (0, 8, False, True),
            (0, 9, False, False),  # the last one is kept
            (0, 9, True, True),
            (3, 6, False, True),  # the voluntary sector has its share already, the rest is anybody's
            (1, 9, True, False),
            (10, 0, True, False),
        ],
    )
    def test_while_nobody_waits(self, held_vcs, held_other, is_vcs, gets):
        places = Places(capacity=10, kept=1, held_vcs=held_vcs, held_other=held_other)
        assert rules.gets_place(places, is_vcs=is_vcs, list_is_served=True) is gets

    def test_after_the_cut_off_nobody_passes_those_who_wait(self):
        places = Places(capacity=10, kept=0, held_vcs=0, held_other=9, waiting=2)
        assert not rules.gets_place(places, is_vcs=True, list_is_served=False)

    def test_the_voluntary_sector_takes_its_place_while_a_school_waits(self):
        places = Places(capacity=10, kept=1, held_vcs=0, held_other=9, waiting=2)
        assert rules.gets_place(places, is_vcs=True, list_is_served=True)

    @given(capacity=st.integers(1, 60), kept=st.integers(0, 60), held=st.lists(st.booleans(), max_size=90))
    def test_whoever_comes_in_whatever_order_the_quota_holds(self, capacity, kept, held):
        kept, vcs, other = min(kept, capacity), 0, 0
        for is_vcs in held:
            places = Places(capacity=capacity, kept=kept, held_vcs=vcs, held_other=other)
            if rules.gets_place(places, is_vcs=is_vcs, list_is_served=True):
                vcs, other = vcs + is_vcs, other + (not is_vcs)
        assert vcs + other <= capacity
        assert other <= capacity - kept


class TestPromotion:
    @pytest.mark.parametrize(
        ("fields", "hours_before", "served"),
        [
            ({}, 25, True),
            ({}, 24, False),  # the cut-off: then T&D decides
            ({"booking_closes_at": START - timedelta(hours=48)}, 47, False),
            ({"booking_closes_at": START - timedelta(hours=48)}, 49, True),
            ({"status": "cancelled"}, 100, False),
            ({"status": "draft"}, 100, False),
        ],
    )
    def test_stops_at_close_cut_off_and_cancellation(self, fields, hours_before, served):
        now = START - timedelta(hours=hours_before)
        assert rules.may_promote(event(**fields), now=now, cut_off_hours=24) is served


class TestLateCancellation:
    """Three working days' notice; bank holidays of England and Wales are no working days."""

    @pytest.mark.parametrize(
        ("start", "cancelled", "late"),
        [
            (date(2026, 1, 15), date(2026, 1, 12), False),  # Thursday, cancelled on Monday
            (date(2026, 1, 15), date(2026, 1, 13), True),
            (date(2026, 1, 13), date(2026, 1, 8), False),  # Tuesday: the weekend does not count
            (date(2026, 1, 13), date(2026, 1, 9), True),
            (date(2025, 12, 30), date(2025, 12, 22), False),  # Christmas and Boxing Day do not count
            (date(2025, 12, 30), date(2025, 12, 23), False),
            (date(2025, 12, 30), date(2025, 12, 24), True),
            (date(2026, 4, 8), date(2026, 4, 1), False),  # Good Friday and Easter Monday do not count
            (date(2026, 4, 8), date(2026, 4, 2), True),
        ],
    )
    def test_boundary(self, start, cancelled, late):
        assert rules.is_late(starts_at=_at(start, 9), now=_at(cancelled, 23), notice_days=3) is late

    def test_possible_up_to_the_start(self):
        assert rules.cancel_refusal(is_live=True, starts_at=START, now=START - timedelta(minutes=1)) is None
        assert "already started" in rules.cancel_refusal(is_live=True, starts_at=START, now=START)

    def test_once(self):
        assert rules.cancel_refusal(is_live=False, starts_at=START, now=NOW) == "This booking has already ended."


class TestApproval:
    def test_is_due_at_the_end_of_the_fifth_working_day(self):
        monday = _at(date(2026, 1, 5), 10)
        due = rules.approval_due_at(now=monday, closes_at=_at(date(2026, 3, 1), 9), lapse_days=5)
        assert timezone.localtime(due) == _at(date(2026, 1, 13), 0)  # midnight after Monday 12 January

    def test_is_due_at_the_booking_close_if_that_comes_first(self):
        close = _at(date(2026, 1, 7), 12)
        assert rules.approval_due_at(now=_at(date(2026, 1, 5), 10), closes_at=close, lapse_days=5) == close

    def test_is_reminded_of_after_two_working_days(self):
        asked = _at(date(2026, 1, 8), 10)  # a Thursday
        assert not rules.approval_reminder_due(requested_at=asked, now=_at(date(2026, 1, 11), 12), days=2)
        assert rules.approval_reminder_due(requested_at=asked, now=_at(date(2026, 1, 12), 0), days=2)


def test_capacity_never_below_the_places_held():
    assert rules.capacity_refusal(capacity=5, held=5) is None
    assert rules.capacity_refusal(capacity=4, held=5) == (
        "5 people have a place, so the capacity can't be less than 5."
    )


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour), timezone.get_default_timezone())


@pytest.mark.parametrize(
    ("marks", "completed", "closed", "words"),
    [
        (["attended", "late"], True, True, "Attended"),
        (["attended"], False, False, "Attended"),  # the register is not closed yet
        (["attended"], False, True, "Attended in part"),  # at one session of two
        (["attended", "absent"], False, False, "Attended in part"),
        (["left_early"], False, True, "Attended in part"),
        (["absent"], False, False, "Did not attend"),
        ([], False, True, "Did not attend"),
        ([], False, False, "Not marked yet"),
    ],
)
def test_how_a_place_was_used(marks, completed, closed, words):
    assert rules.attendance(marks=marks, completed=completed, closed=closed) == words
