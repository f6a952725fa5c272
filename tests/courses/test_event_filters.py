"""The filters of the lists of events, alone and together, in the URL."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.models import Course, Event
from tests.courses.samples import NOW, at, course, event, group, organisation, person, subject, venue
from tests.courses.test_events import listed, text_of

pytestmark = pytest.mark.django_db
URL = reverse("courses:events")


@pytest.fixture
def catalogue():
    """Four events that differ in everything that can be filtered by."""
    gangs = course("Gangs", subjects=["Gangs"], groups=[3, 4])
    skills = course("Supervision Skills", subjects=["Supervision"], groups=[6], delivery=Course.Delivery.VIRTUAL)
    meeting = course("Learning from reviews", subjects=["Reviews", "Gangs"], delivery=Course.Delivery.CONFERENCE)
    return {
        "gangs": event(gangs, at(12), held=(2, 18), waiting=3),
        "gangs in hall": event(gangs, at(14, 2), venue=venue("Roehampton Hall"), hosted_in_community=True),
        "skills": event(skills, at(15, 2), joining_link="https://meet.example/1"),
        "conference": event(meeting, at(16, 3), held=(0, 18)),
    }


def names(client, catalogue, query: str) -> set[str]:
    references = listed(client, query)
    return {name for name, event in catalogue.items() if event.reference in references}


@pytest.mark.parametrize(
    "query, expected",
    [
        ("?from_date=2027-02-14", {"gangs in hall", "skills", "conference"}),
        ("?to_date=2027-02-14", {"gangs", "gangs in hall"}),
        ("?from_date=14/2/2027&to_date=14/02/2027", {"gangs in hall"}),
        ("?delivery=virtual", {"skills"}),
        ("?delivery=virtual&delivery=conference", {"skills", "conference"}),
        ("?only=places", {"gangs in hall", "skills", "conference"}),
        ("?only=community", {"gangs in hall"}),
        ("?only=community&only=places", {"gangs in hall"}),
        ("?group=4", {"gangs", "gangs in hall", "conference"}),
        ("?group=6", {"skills", "conference"}),
        ("?course=gangs", {"gangs", "gangs in hall"}),
        ("?q=supervison", {"skills"}),
        ("?q=roehampton", {"gangs in hall"}),
        ("?q=gangs+roehampton", {"gangs in hall"}),
        ("?q=gangs&from_date=2027-02-01&only=places&group=3", {"gangs in hall", "conference"}),
        ("?q=gangs&only=community&group=6", set()),
        ("?", {"gangs", "gangs in hall", "skills", "conference"}),
    ],
)
def test_filters_narrow_together(client, catalogue, query, expected):
    group(4), group(6)
    assert names(client, catalogue, query) == expected


def test_by_subject(client, catalogue):
    assert names(client, catalogue, f"?subject={subject('Gangs').pk}") == {"gangs", "gangs in hall", "conference"}
    assert names(client, catalogue, f"?subject={subject('Gangs').pk}&delivery=conference") == {"conference"}


def test_a_course_without_groups_is_for_every_group(client, catalogue):
    group(1)
    assert names(client, catalogue, "?group=1") == {"conference"}


def test_an_event_late_in_the_evening_counts_for_its_day_in_london(client):
    """In summer 23:30 in London is 22:30 in UTC; the filter asks for London's day."""
    shown = event(None, at(10, 6, hour=0), at(10, 6, hour=20))
    assert listed(client, "?from_date=2027-06-10&to_date=2027-06-10") == [shown.reference]
    assert listed(client, "?to_date=2027-06-09") == []


def test_each_filter_is_a_tag_that_takes_it_away(client, catalogue):
    query = f"?q=gangs&only=places&only=community&group=3&from_date=2027-01-01&subject={subject('Gangs').pk}&page=1"
    chips = dict(client.get(URL + query).context["chips"])
    assert list(chips) == ["From 1 January 2027", "Events with places", "Events in the community", "Gangs", "Group 3"]
    assert "only=community" in chips["Events with places"]
    assert "only=places" not in chips["Events with places"]
    assert "q=gangs" in chips["Group 3"]
    assert "group" not in chips["Group 3"]
    assert not any("page" in address for address in chips.values())


def test_the_filter_is_a_form_by_get_that_keeps_the_search(client, catalogue):
    page = text_of(client, "?q=gangs&only=places")
    assert '<input type="hidden" name="q" value="gangs">' in page
    assert '<input type="hidden" name="only" value="places">' in page
    assert 'value="places" checked="checked"' in " ".join(page.split())
    assert "Filter (1 set)" in page
    assert 'href="/events/?q=gangs">Clear all filters' in page


def test_filters_left_empty_are_taken_out_of_the_address(client, catalogue):
    response = client.get(f"{URL}?from_date=&to_date=&only=places&only=&subject=&q=gangs")
    assert response.url == "/events/?only=places&q=gangs"
    assert client.get(f"{URL}?subject=&group=").url == "/events/"


@pytest.mark.parametrize(
    "query, words",
    [
        ("?from_date=31/2/2027", "Enter a real date"),
        ("?from_date=2027-02-02&to_date=2027-02-01", "The last date must be the same as or after the first date"),
        ("?subject=999999", "Choose one from the list"),
        ("?group=x", "Choose one from the list"),
        ("?delivery=online", "Choose one from the list"),
        ("?course=%00", "The course asked for is not offered"),
        ("?course=nothing", "The course asked for is not offered"),
        ("?only=%F0%9F%98%80", "Choose one from the list"),
    ],
)
def test_a_wrong_filter_is_named_and_passed_over(client, catalogue, query, words):
    page = text_of(client, query)
    assert words in page
    assert "<title>Error: Upcoming events" in page
    assert "There is a problem" in page


def test_for_somebody_outside_the_voluntary_sector_kept_places_are_none(client, catalogue):
    client.force_login(person("t@riverside.example"))
    assert names(client, catalogue, "?only=places") == {"gangs in hall", "skills"}
    client.force_login(person("c@charity.example", at=organisation("Charity", is_vcs=True)))
    assert names(client, catalogue, "?only=places") == {"gangs in hall", "skills", "conference"}


def test_booking_that_has_closed_leaves_no_places(client):
    event(booking_closes_at=NOW)
    assert listed(client, "?only=places") == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    capacity=st.integers(1, 8),
    vcs=st.integers(0, 8),
    other=st.integers(0, 8),
    waiting=st.integers(0, 2),
    kept=st.integers(0, 8),
    released=st.booleans(),
)
def test_the_filter_says_what_the_words_say(
    django_db_blocker, places_event, capacity, vcs, other, waiting, kept, released
):
    """An event is "full" in words exactly when the filter for places leaves it out."""
    if vcs + other > capacity or kept > capacity:
        return
    events = Event.objects.filter(pk=places_event.pk)
    events.update(
        capacity=capacity, held_vcs=vcs, held_other=other, waiting=waiting, vcs_places=kept,
        released_at=NOW if released else None, over_capacity=8, over_quota=8,
    )  # fmt: skip
    places = events.get().places()
    assert events.with_places(at=NOW).exists() != events.get().places_in_words.startswith("Full")
    assert events.with_places(at=NOW, is_vcs=False).exists() == (places.left_for_others > 0 and not waiting)


@pytest.fixture
def places_event(db):
    return event()


def test_an_event_without_a_venue_is_held_in_a_virtual_classroom_whatever_its_course(client):
    online = event(course("Gangs"), at(12), joining_link="https://meet.example/1")
    assert listed(client, "?delivery=virtual") == [online.reference]
    assert listed(client, "?delivery=face_to_face") == []
