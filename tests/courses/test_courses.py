"""The list of courses."""

import pytest
from django.urls import reverse

from competence.actions import load_pathway
from courses.catalogue import load_catalogue
from courses.models import Course, Event, Subject
from tests.courses.samples import at, course, event, group, organisation, subject

pytestmark = pytest.mark.django_db
URL = reverse("courses:courses")


def listed(client, query: str = "") -> list[str]:
    """Return the titles of the courses on the page, in its order."""
    response = client.get(URL + query)
    assert response.status_code == 200
    return [course.title for course in response.context["courses"]]


def text_of(client, query: str = "") -> str:
    return client.get(URL + query).content.decode()


@pytest.fixture
def strategy():
    load_pathway()
    load_catalogue()


def test_all_courses_of_the_strategy_from_a_to_z(client, strategy):
    titles = listed(client)
    assert len(titles) == 61  # 54 of Appendix 1 and 7 that the priorities need
    page = text_of(client)
    assert "61 courses" in page
    assert all(letter in page for letter in ('href="#letter-B"', 'href="#letter-Y"'))
    assert page.index("Background to Safeguarding Children") < page.index("Young People and Violence")


def test_by_subject_under_the_two_headings_of_appendix_2(client, strategy):
    page = text_of(client, "?by=subject")
    order = ["General practice development", ">Asking Difficult Questions<", "Specialist development", ">Self Harm<"]
    places = [page.index(words) for words in [*order, "Other courses", "Training the Trainers"]]
    assert places == sorted(places)
    assert page.count(">Working with Hard to Help Families developing Authoritative Practice<") == 2


@pytest.mark.parametrize(
    "asked, used, first",
    [
        ("saftey", "safety", "Signs of Safety &amp; Wellbeing: Tools for working with children"),
        ("neglct", "neglect", "Complex Neglect"),
        ("CSE", "CSE", "Child Sexual Exploitation – Level 1"),
        ("domestic violance", "domestic violence", "Domestic Violence and Safeguarding Children (Advanced)"),
        ("section 47", "section 47", "Planning and Decision Making in Child Protection"),
        ("radicalization", "radicalisation", "Workshop to Raise Awareness of Prevent"),
        ("DSL", "DSL", "Designated Safeguarding Lead: basic"),
    ],
)
def test_a_search_of_the_strategys_courses(client, strategy, asked, used, first):
    response = client.get(URL, {"q": asked})
    page = response.content.decode()
    assert response.context["found"].used == used
    assert first in page
    assert f"for “{used}”" in page


def test_the_best_match_comes_first(client, strategy):
    assert listed(client, "?q=neglct")[0] == "Complex Neglect"
    assert listed(client, "?q=gangs")[0] == "Gangs"
    assert "See the events for “neglect”" in text_of(client, "?q=neglct")


def test_each_course_with_its_next_event_or_how_else_to_take_it(client):
    event(course("Gangs"), at(12, 2), held=(0, 18))
    event(Course.objects.get(), at(12, 1), held=(0, 12))
    course("Keeping Good Records", delivery=Course.Delivery.ONLINE)
    course("Self Harm")
    page = " ".join(text_of(client).split())
    assert "next on Tuesday 12 January 2027" in page
    assert "6 places" in page
    assert "Start any time" in page
    assert "no date yet" in page


def test_an_event_that_is_not_for_the_viewer_is_no_next_event(client):
    event(course(), audience=Event.Audience.ORGANISATIONS, organisations=[organisation()])
    assert "no date yet" in text_of(client)


@pytest.mark.parametrize(
    "query, expected",
    [
        ("?delivery=online", ["Keeping Good Records"]),
        ("?delivery=online&delivery=conference", ["Keeping Good Records", "Learning from reviews"]),
        ("?group=3", ["Gangs", "Keeping Good Records"]),
        ("?group=6&delivery=online", ["Keeping Good Records"]),
        ("?q=recrods&group=3", ["Keeping Good Records"]),
        ("?q=gangs&group=6", []),
        ("?subject={gangs}", ["Gangs"]),
        ("?subject={gangs}&group=6", []),
    ],
)
def test_filters_narrow_together(client, query, expected):
    course("Gangs", subjects=["Gangs"], groups=[3])
    course("Keeping Good Records", delivery=Course.Delivery.ONLINE)
    course("Learning from reviews", delivery=Course.Delivery.CONFERENCE, groups=[6])
    assert listed(client, query.format(gangs=subject("Gangs").pk)) == expected


def test_a_course_that_is_not_offered_is_neither_listed_nor_found(client):
    course("Gangs", is_active=False)
    assert listed(client) == listed(client, "?q=gangs") == []


def test_nothing_found_says_what_to_do(client):
    course("Gangs")
    page = text_of(client, "?q=zzzz&delivery=virtual")
    assert "No courses match" in page
    assert "0 courses for “zzzz”" in page
    assert "training@wscb.example" in page


def test_a_filter_that_is_wrong_is_named(client):
    assert "Choose one from the list" in text_of(client, "?group=99")


@pytest.mark.parametrize("number", [2, 200])
@pytest.mark.parametrize("query", ["", "?by=subject"])
def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries, number, query):
    many_courses(number)
    with django_assert_num_queries(5):
        # the courses and their subjects; the next event of each; subjects and groups for the filter
        client.get(URL + query)


@pytest.mark.parametrize("number", [2, 200])
def test_the_number_of_queries_of_a_search(client, django_assert_num_queries, number):
    many_courses(number)
    with django_assert_num_queries(8):
        # what the search reads: courses, subjects, contents; then the five of the list
        client.get(f"{URL}?q=saftey")


def many_courses(number: int) -> None:
    group(3)
    made = Course.objects.bulk_create(Course(title=f"Safety {step}", slug=f"s-{step}") for step in range(number))
    of = subject("Safety")
    Subject.courses.through.objects.bulk_create(Subject.courses.through(course=item, subject=of) for item in made)
    for item in made[:20]:
        event(item)
