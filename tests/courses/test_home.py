"""The home page: what this is and where to start."""

import pytest
from django.urls import reverse

from courses.models import Event
from tests.courses.samples import at, course, event, many_events, organisation, subject

pytestmark = pytest.mark.django_db


def test_it_says_what_this_is_and_where_to_start(client):
    page = client.get("/").content.decode()
    assert "Safeguarding training for everyone who works with children in Wandsworth" in page
    for words, name in [
        ("Find an event", "courses:events"),
        ("See what your role needs", "courses:groups"),
        ("Learn online now", "courses:courses"),
    ]:
        assert words in page
        assert f'href="{reverse(name)}' in page


def test_the_search_box_leads_to_the_courses(client):
    page = client.get("/").content.decode()
    assert f'<form action="{reverse("courses:courses")}" method="get" role="search"' in page


def test_the_next_five_events_that_anybody_may_see(client):
    many_events(7, [course()])
    event(None, at(1, 12, 2026), audience=Event.Audience.ORGANISATIONS, organisations=[organisation()])
    event(None, at(1, 12, 2026), draft=True)
    assert [item.reference for item in client.get("/").context["events"]] == [f"E-{step:05}" for step in range(5)]


def test_nothing_planned_leads_to_the_courses(client):
    assert "No events are planned at the moment" in client.get("/").content.decode()


def test_the_core_subjects_in_the_words_of_section_7(client):
    subject("Complex Neglect", core_subject="Neglect")
    subject("Adolescence")
    page = client.get("/").content.decode()
    assert ">Neglect</a>" in page
    assert "Adolescence" not in page


@pytest.mark.parametrize("number", [2, 200])
def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries, number):
    many_events(number, [course("Gangs"), course("Neglect")])
    with django_assert_num_queries(2):
        # the next events with course and venue; the core subjects
        client.get("/")
