"""Nothing of fewer than five people: not on the page, not in files, and not by taking one figure from another (§15)."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models.user import SUB_COMMITTEE
from bookings import actions as bookings
from bookings.models import Booking
from evaluations import comparing, results
from evaluations.models import Kind
from evaluations.rules import shown_parts
from evaluations.suppression import Slice
from tests.evaluations.test_chain import DAY, DAY_BEFORE, END, LONG_BEFORE, START, attend, run
from tests.evaluations.test_results import answer
from tests.factories import CourseFactory, OrganisationFactory, SectorFactory, UserFactory, make_event

pytestmark = pytest.mark.django_db
LATER = END + 3 * DAY


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 5, "b": 9}, {"a", "b"}),
        ({"a": 8, "b": 6, "c": 4}, {"a"}),  # the whole of 18 less 8 and 6 would tell of 4
        ({"a": 8, "b": 3, "c": 2}, {"a"}),  # the whole less 8 tells of 5 together
        ({"a": 8, "b": 3}, set()),
        ({"a": 4}, set()),
        ({"a": 8, "b": 0}, {"a"}),
        ({}, set()),
    ],
)
def test_which_parts_may_stand_beside_the_whole(counts, shown):
    assert shown_parts(counts, threshold=5) == shown


def world(*numbers: int, same_course=True, outcomes="Evidence neglect") -> list:
    """Return an event for each number, answered before and after by so many people, each event of its own sector."""
    course, events = CourseFactory(title="Complex Neglect", outcomes=outcomes), []
    for index, number in enumerate(numbers):
        sector = SectorFactory(name=f"Sector {index}", reporting_sector=f"Sector {index}")
        school = OrganisationFactory(sector=sector)
        course = course if same_course else CourseFactory()
        event = make_event(now=LONG_BEFORE, starts_at=START, capacity=30, course=course)
        people = UserFactory.create_batch(number, organisation=school)
        made = [bookings.book(event=event, person=person, by=person, now=LONG_BEFORE) for person in people]
        run(DAY_BEFORE)
        for booking in made:
            answer(booking, Kind.PRE, min(5, index + 1), now=DAY_BEFORE)
            attend(booking, close=False)
        bookings.close_register(event=event, by=None, now=END)
        run(END)
        for booking in made:
            answer(booking, Kind.POST, 5, now=END)
        events.append(event)
    return events


def test_people_are_counted_not_their_answers():
    """Two people who rate three outcomes each gave six answers, and are two people."""
    world(2, outcomes="One\nTwo\nThree")
    found = results.results(Booking.objects.all(), threshold=5, now=LATER, by_outcome=False)
    assert {spread.counts for spread in found.spreads} == {None}


def test_a_part_is_hidden_where_the_whole_would_tell_the_rest():
    events = world(8, 6, 4)
    everything = Booking.objects.all()

    def of(event):
        slices = [Slice(everything, "event", event.pk)]
        part = everything.filter(event=event)
        return results.results(part, threshold=5, now=LATER, by_outcome=True, slices=slices)

    shown = [of(event) for event in events]
    assert [found.changes[0].pairs[0].change is not None for found in shown] == [True, False, False]
    assert [any(spread.counts for spread in found.spreads) for found in shown] == [True, False, False]
    assert [any(each.texts for each in found.comments) for found in shown] == [True, False, False]
    assert [found.rates[0].answered for found in shown] == [8, 6, 4]  # how many answered is no secret


def test_a_comparison_hides_the_smallest_beside_the_small():
    events = world(8, 6, 4)
    lines = comparing.compare(Booking.objects.all(), "event", [event.pk for event in events], threshold=5, now=LATER)
    assert [lines[event.pk].confidence.change for event in events] == [4.0, None, None]


def test_pages_and_files_say_the_same(client, time_machine):
    """The page of an event, the filtered page, the comparison and each file, for somebody who may see all."""
    events = world(8, 6, 4)
    time_machine.move_to(LATER, tick=False)
    board = UserFactory()
    board.groups.add(Group.objects.get_or_create(name=SUB_COMMITTEE)[0])
    client.force_login(board)
    for event, sector, is_shown in zip(events, range(3), (True, False, False), strict=True):
        pages = [
            (reverse("evaluations:event_results", args=[event.reference]), {}),
            (reverse("evaluations:results"), {"year": "2025", "sector": f"Sector {sector}"}),
        ]
        for url, data in pages:
            assert ("Too few answered both to show" not in client.get(url, data).text) is is_shown, url
        for data in ({"event": event.reference}, {"year": "2025", "sector": f"Sector {sector}"}):
            for name in ("change", "answers"):
                url = reverse("evaluations:results_csv", args=[name])
                assert ("too few" not in client.get(url, data).content.decode()) is is_shown, (name, data)
        comments = client.get(reverse("evaluations:results_csv", args=["comments"]), {"event": event.reference})
        assert ("health visitor" in comments.content.decode()) is is_shown
    whole = client.get(reverse("evaluations:results"), {"year": "2025", "by": "sector"}).text
    assert whole.count("Too few answers</span>") == 2


@pytest.mark.parametrize("number", [1, 6])
def test_it_asks_the_database_the_same_for_any_number(number, django_assert_num_queries):
    events = world(*[5] * number, same_course=False)
    slices = [Slice(Booking.objects.all(), "event", events[0].pk)]
    with django_assert_num_queries(9):
        results.results(Booking.objects.filter(event=events[0]), threshold=5, now=LATER, by_outcome=True, slices=slices)
