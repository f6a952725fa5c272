"""The events as a month calendar."""

from datetime import date

import pytest
from django.urls import reverse

from tests.courses.samples import at, course, event, many_events

pytestmark = pytest.mark.django_db


def month(client, year: int, number: int, query: str = ""):
    return client.get(reverse("courses:month", args=[year, number]) + query)


def days(response) -> dict[date, list[str]]:
    """Return the titles of the sessions of each day that has any."""
    cells = [day for week in response.context["weeks"] for day in week]
    return {cell.date: [sitting.course.title for sitting in cell.events] for cell in cells if cell.events}


def test_the_calendar_opens_on_the_month_of_the_first_event(client):
    event(course("Gangs"), at(12, 2))
    response = client.get(reverse("courses:calendar"))
    assert response.context["title"] == "February 2027"
    assert days(response) == {date(2027, 2, 12): ["Gangs"]}


def test_it_opens_on_this_month_when_there_is_nothing(client):
    response = client.get(reverse("courses:calendar"))
    assert response.context["title"] == "November 2026"
    assert "No events match" in response.content.decode()


def test_each_session_stands_on_its_own_day_and_counts_as_one_event(client):
    event(course("Two days"), at(12), at(19))
    event(course("Gangs"), at(12, hour=9))
    response = month(client, 2027, 1)
    assert days(response) == {date(2027, 1, 12): ["Gangs", "Two days"], date(2027, 1, 19): ["Two days"]}
    assert "2 events in January 2027" in response.content.decode()


def test_the_second_day_of_an_event_stands_in_its_own_month(client):
    event(course("Two days"), at(29), at(5, 2))
    assert days(month(client, 2027, 2)) == {date(2027, 2, 5): ["Two days"]}


def test_the_months_beside_keep_the_filters(client):
    event(course("Gangs"), at(12))
    event(course("Neglect"), at(12, 3))
    page = month(client, 2027, 2, "?q=neglect&only=places").content.decode()
    assert 'href="/events/calendar/2027/1/?q=neglect&amp;only=places" rel="prev"' in page
    assert 'href="/events/calendar/2027/3/?q=neglect&amp;only=places" rel="next"' in page
    assert '<a class="govuk-link govuk-link--no-visited-state" href="/events/?q=neglect&amp;only=places">List' in page


def test_the_way_on_ends_where_the_events_end_and_the_way_back_at_this_month(client):
    """So that no crawler walks through empty months for ever."""
    event(course("Gangs"), at(12))
    january, november = month(client, 2027, 1), month(client, 2026, 11)
    assert "next_url" not in january.context and "previous_url" in january.context
    assert "next_url" in november.context and "previous_url" not in november.context


def test_an_empty_month_leads_to_the_nearest_with_events(client):
    event(course("Gangs"), at(12, 4))
    page = month(client, 2027, 2).content.decode()
    assert "No events in this month" in page
    assert 'href="/events/calendar/2027/4/">Go to April 2027' in page
    assert 'href="/events/calendar/2027/4/">Go to April 2027' in month(client, 2027, 9).content.decode()


def test_filters_and_search_narrow_it(client):
    event(course("Gangs"), at(12), held=(2, 18))
    event(course("Neglect"), at(13))
    assert days(month(client, 2027, 1, "?only=places")) == {date(2027, 1, 13): ["Neglect"]}
    assert days(month(client, 2027, 1, "?q=gnags")) == {date(2027, 1, 12): ["Gangs"]}


def test_days_of_the_months_beside_stay_empty(client):
    event(course("Gangs"), at(1, 2))
    assert days(month(client, 2027, 1)) == {}


def test_it_is_a_table_with_days_of_the_week_for_headings(client):
    page = month(client, 2027, 1).content.decode()
    assert '<th scope="col">Monday</th>' in page
    assert "Events in January 2027, Monday to Sunday" in page


@pytest.mark.parametrize("year, number", [(2027, 13), (2027, 0), (1, 1), (9999, 12)])
def test_what_is_no_month_is_not_found(client, year, number):
    assert month(client, year, number).status_code == 404


@pytest.mark.parametrize("number", [2, 200])
def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries, number):
    many_events(number, [course("Gangs"), course("Neglect")])
    with django_assert_num_queries(4):
        # the month's sessions with event, course and venue; the next event after it; subjects and groups for the filter
        month(client, 2027, 1)
