"""Searching the events: by course, subject and venue."""

from urllib.parse import quote

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.courses.samples import course, event, venue
from tests.courses.test_events import listed, text_of

pytestmark = pytest.mark.django_db
URL = reverse("courses:events")


@pytest.fixture
def events():
    return {
        "safety": event(course("Signs of Safety and Wellbeing"), venue=venue("Battersea Library")),
        "neglect": event(course("Complex Neglect"), venue=venue("Tooting Hall")),
        "neglect in battersea": event(course("Neglect basics"), venue=venue("Battersea Library")),
    }


def found(client, events, asked: str, more: str = "") -> set[str]:
    references = listed(client, f"?q={quote(asked)}{more}")
    return {name for name, event in events.items() if event.reference in references}


def test_a_typo_is_forgiven_and_what_was_searched_is_said(client, events):
    assert found(client, events, "saftey") == {"safety"}
    page = text_of(client, "?q=saftey")
    assert "1 event for “safety”" in page
    assert "Showing results for <strong>“safety”</strong>" in page
    assert 'href="?q=saftey&amp;exact=1">Search instead for “saftey”' in page


def test_searching_instead_for_what_was_typed(client, events):
    assert found(client, events, "saftey", "&exact=1") == set()
    page = text_of(client, "?q=saftey&exact=1")
    assert "Showing results for" not in page
    assert "0 events for “saftey”" in page
    assert "No events match" in page
    assert "/courses/?q=saftey" in page


def test_each_word_is_of_the_course_or_of_the_venue(client, events):
    assert found(client, events, "battersea") == {"safety", "neglect in battersea"}
    assert found(client, events, "neglct batersea") == {"neglect in battersea"}


def test_when_nothing_has_all_words_what_has_some_is_shown_and_said(client, events):
    assert found(client, events, "safety tooting") == {"safety", "neglect"}
    assert "Nothing has all of these words" in text_of(client, "?q=safety+tooting")


def test_filters_narrow_before_the_words_are_weighed(client, events):
    """With the filter nothing in Battersea is left, so what has some of the words is shown."""
    assert found(client, events, "neglect battersea", "&course=complex-neglect") == {"neglect"}


@pytest.mark.parametrize(
    "asked", ["🙂", "'; DROP TABLE courses_event; --", "%", "_", '"', "<script>alert(1)</script>", "\0", "ي"]
)
def test_hostile_text_is_only_text(client, events, asked):
    page = text_of(client, f"?q={quote(asked)}")
    assert "<script>alert" not in page
    assert found(client, events, asked) == set()


def test_ten_thousand_characters_are_cut_to_what_is_read(client, events, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        response = client.get(URL, {"q": "neglect " * 1250, "only": "places"}, follow=True)
    assert response.status_code == 200
    assert len(response.request["QUERY_STRING"]) < 300
    assert "only=places" in response.request["QUERY_STRING"]
    assert len(response.context["page_obj"]) == 2


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["q", "page", "only", "group", "subject", "from_date", "course"]), st.text(max_size=300)
    )
)
def test_any_query_string_is_answered(client, events, query):
    assert client.get(URL, query, follow=True).status_code == 200
    assert client.get(reverse("courses:calendar"), query, follow=True).status_code == 200
    assert client.get(reverse("courses:courses"), query, follow=True).status_code == 200
