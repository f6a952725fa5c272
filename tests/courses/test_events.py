"""The list of events."""

from datetime import timedelta

import pytest
from django.urls import reverse

from courses.models import Event
from tests.courses.samples import NOW, at, course, event, many_events, organisation, person, venue

pytestmark = pytest.mark.django_db
URL = reverse("courses:events")


def listed(client, query: str = "") -> list[str]:
    """Return the references of the events on the page, in its order."""
    return [event.reference for event in client.get(URL + query).context["page_obj"]]


def text_of(client, query: str = "") -> str:
    response = client.get(URL + query)
    assert response.status_code == 200
    return response.content.decode()


def test_an_event_is_listed_with_its_course_date_venue_and_places(client):
    event(course("Gangs"), at(12, hour=9), capacity=20, held=(0, 12))
    page = text_of(client)
    for words in ("Gangs", "Tuesday 12 January 2027,", "9am to midday", "Town Hall", "6 places", "1 event<"):
        assert words in page


@pytest.mark.parametrize(
    "held, waiting, words",
    [
        ((0, 12), 0, "6 places"),
        ((0, 17), 0, "1 place<"),
        ((0, 18), 0, "2 places for voluntary sector"),
        ((2, 18), 0, "Full<"),
        ((2, 18), 4, "Full, 4 waiting"),
        ((0, 18), 4, "2 places for voluntary sector"),
    ],
)
def test_the_places_left_in_words(client, held, waiting, words):
    event(capacity=20, held=held, waiting=waiting)
    assert words in text_of(client)


def test_a_virtual_event_is_online_and_one_in_the_community_says_so(client):
    event(course("Supervision Skills"), joining_link="https://meet.example/1")
    event(course("Gangs"), hosted_in_community=True, venue=venue("Roehampton Hall"))
    page = text_of(client)
    assert ">Online<" in page
    assert "Roehampton Hall · in the community" in page


def test_soonest_first_under_their_months(client):
    late, soon, middle = event(None, at(3, 2)), event(None, at(30, 11, 2026)), event(None, at(20))
    assert listed(client) == [soon.reference, middle.reference, late.reference]
    page = text_of(client)
    places = [page.index(f">{month}<") for month in ("November 2026", "January 2027", "February 2027")]
    assert places == sorted(places)


def test_drafts_cancelled_completed_and_started_events_are_not_listed(client):
    shown = event()
    event(draft=True)
    for status in (Event.Status.CANCELLED, Event.Status.COMPLETED):
        Event.objects.filter(pk=event().pk).update(status=status)
    event(None, NOW - timedelta(minutes=1))
    assert listed(client) == [shown.reference]


def test_twenty_a_page_with_the_filters_kept(client):
    many_events(41, [course()])
    assert [len(listed(client, f"?page={number}")) for number in (1, 2, 3)] == [20, 20, 1]
    page = text_of(client, "?page=2&delivery=face_to_face")
    assert "41 events" in page
    assert "?delivery=face_to_face&amp;page=3" in page
    assert "(page 2 of 3)" in page


@pytest.mark.parametrize("page", ["0", "99", "x", "-1", "9" * 50, "%00"])
def test_a_page_that_is_not_there_shows_one_that_is(client, page):
    shown = event()
    assert listed(client, f"?page={page}") == [shown.reference]


def test_nothing_planned_says_what_to_do(client):
    page = text_of(client)
    assert "0 events" in page
    assert "register interest" in page
    assert reverse("courses:courses") in page


def test_an_event_for_one_organisation_is_listed_for_its_people_and_td_only(client, learner, td):
    """Its own page stays open to who has the address, which the flyer carries."""
    bespoke = event(audience=Event.Audience.ORGANISATIONS, organisations=[learner.organisation, organisation("Other")])
    assert listed(client) == []
    for viewer, expected in [
        (learner, [bespoke.reference]),
        (td, [bespoke.reference]),
        (person("o@x.example", at=organisation("Third")), []),
    ]:
        client.force_login(viewer)
        assert listed(client) == expected


def test_an_event_for_some_sectors_is_listed_for_everybody(client, learner):
    shown = event(audience=Event.Audience.SECTORS, sectors=[learner.organisation.sector])
    assert listed(client) == [shown.reference]


@pytest.mark.parametrize("number", [2, 200])
def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries, number):
    many_events(number, [course("Gangs"), course("Neglect")])
    with django_assert_num_queries(4):
        # subjects and groups for the filter; how many events; the page of events with course and venue
        client.get(URL)


@pytest.mark.parametrize("number", [2, 200])
def test_the_number_of_queries_of_somebody_signed_in(client, learner, django_assert_num_queries, number):
    many_events(number, [course("Gangs"), course("Neglect")])
    client.force_login(learner)
    with django_assert_num_queries(10):
        # session, person, their roles, organisation and sector; subjects and groups; how many; the page;
        # the organisations they lead, for the navigation
        client.get(URL)


@pytest.mark.parametrize("number", [2, 200])
def test_the_number_of_queries_of_a_search(client, django_assert_num_queries, number):
    many_events(number, [course("Gangs"), course("Neglect")])
    with django_assert_num_queries(8):
        # subjects, groups; courses with their subjects and contents, venues; how many; the page
        client.get(f"{URL}?q=neglct")
