"""The page of one course."""

from datetime import date

import pytest
from django.urls import reverse

from competence.models import TrainingContent
from courses.models import Course
from tests.courses.samples import NOW, at, course, event, many_events

pytestmark = pytest.mark.django_db


def text_of(client, of: Course) -> str:
    response = client.get(of.get_absolute_url())
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def content(code: str) -> TrainingContent:
    return TrainingContent.objects.create(code=code, title=f"Content {code} as printed", short_name=code)


def test_what_it_is_about_and_for_whom(client):
    shown = course(
        "Complex Neglect", subjects=["Neglect"], groups=[3, 4], length="One day", summary="How neglect builds up.",
        outcomes="Recognise it\n\nAct on it\n", audience_note="Practitioners", materials_reviewed_on=date(2026, 3, 14),
    )  # fmt: skip
    page = text_of(client, shown)
    for words in (
        "<title>Complex Neglect – WSCB Training</title>",
        "Face to face · One day",
        "How neglect builds up.",
        "<li>Recognise it</li><li>Act on it</li>",
        "Practitioners",
        "Group 3: Group of kind 3",
        "Who does work number 4.",
        ">Neglect</a>",
        "14 March 2026",
    ):
        assert words in page


def test_a_course_for_all_groups_names_none(client):
    assert "all competence groups" in text_of(client, course(groups=range(1, 9)))
    assert "all competence groups" in text_of(client, course("Gangs"))


def test_what_it_completes_is_told_from_what_it_only_has_to_do_with(client):
    shown = course()
    first, second = content("C1"), content("C2")
    shown.contents.set([first, second])
    shown.satisfies.set([first])
    page = text_of(client, shown)
    completes, related = page.index("It completes this part"), page.index("It has to do with another part")
    assert completes < page.index(first.title) < related < page.index(second.title)
    assert page.count(first.title) == page.count(second.title) == 1


def test_a_course_that_completes_nothing_does_not_say_so(client):
    shown = course()
    shown.contents.set([content("C3")])
    page = text_of(client, shown)
    assert "It completes" not in page
    assert "without completing it" in page


def test_what_is_needed_before_how_long_it_lasts_and_its_sessions(client):
    first = course("Level 1")
    second = course("Level 2", refresher_months=24, required_sessions=2)
    second.prerequisites.set([first])
    page = text_of(client, second)
    assert f'You need to have completed <a class="govuk-link" href="{first.get_absolute_url()}">Level 1</a>' in page
    assert "2 years, then take it again" in page
    assert "come to all of them" in page
    assert "Lasts" not in text_of(client, first)


@pytest.mark.parametrize("months, words", [(None, ""), (0, ""), (12, "1 year"), (36, "3 years"), (18, "18 months")])
def test_how_long_a_completion_lasts_in_words(months, words):
    assert Course(refresher_months=months).lasts_in_words == words


def test_its_next_five_dates_with_their_places(client):
    shown = course()
    event(shown, at(12), held=(0, 12))
    event(course("Gangs"), at(13))
    for day in range(20, 25):
        event(shown, at(day), held=(2, 18), waiting=1)
    page = text_of(client, shown)
    assert "Tuesday 12 January 2027" in page
    assert "6 places" in page
    assert "Full, 1 waiting" in page
    assert "Sunday 24 January 2027" not in page
    assert "/events/?course=complex-neglect" in page
    assert "Wednesday 13 January 2027" not in page


def test_online_learning_has_its_own_start_link(client):
    shown = course(delivery=Course.Delivery.ONLINE, start_link="https://learning.example/neglect")
    page = text_of(client, shown)
    assert '<a href="https://learning.example/neglect" role="button"' in page
    assert "Start learning" in page
    assert "Register interest" not in page
    assert "Next dates" not in page


def test_online_learning_without_a_link_says_whom_to_ask(client):
    assert "Ask the Training and Development Service" in text_of(client, course(delivery=Course.Delivery.ONLINE))


@pytest.mark.parametrize(
    "dates, offered",
    [
        ({}, True),
        ({"booking_closes_at": None}, False),
        ({"booking_closes_at": NOW}, True),
        ({"draft": True}, True),
    ],
)
def test_interest_is_asked_for_where_no_event_is_open(client, dates, offered):
    shown = course()
    if dates:
        event(shown, **dates)
    assert ("Would you come?" in text_of(client, shown)) is offered


def test_a_course_that_is_full_has_a_waiting_list_instead(client):
    shown = course()
    event(shown, held=(2, 18), waiting=3)
    assert "Would you come?" not in text_of(client, shown)


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(client):
    page = text_of(client, course())
    assert f"{reverse('account_login')}?next=/courses/complex-neglect/" in page


@pytest.mark.parametrize("number", [2, 200])
def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries, number):
    shown = course(subjects=["Neglect"], groups=[3])
    many_events(number, [shown])
    with django_assert_num_queries(7):
        # the course; its subjects, contents, what it satisfies, groups, prerequisites; its next events
        client.get(shown.get_absolute_url())
