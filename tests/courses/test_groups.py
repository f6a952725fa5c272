"""What a role needs: the groups of Appendix 3 and the pathway of Appendix 4."""

from datetime import date

import pytest
from django.urls import reverse

from competence.actions import load_pathway
from competence.models import PathwayTick, PathwayVersion, TrainingContent
from courses.catalogue import load_catalogue
from courses.models import Course
from tests.courses.samples import at, course, event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _pathway():
    load_pathway()


def contents(client, number: int) -> list[str]:
    response = client.get(reverse("courses:group", args=[number]))
    return [content.code for content in response.context["contents"]]


def test_the_eight_groups_with_their_descriptions(client):
    page = client.get(reverse("courses:groups")).content.decode()
    assert page.count('<h2 class="wscb-row__title">') == 8
    assert "librarians, GP receptionists" in page


@pytest.mark.parametrize("number, codes", [(1, "1"), (2, "1256"), (3, "123567"), (4, "1234567"), (8, "123456789")])
def test_a_group_is_trained_in_what_appendix_4_ticks(client, number, codes):
    """As printed: group 2 has Section 47 content (C5), parenting (C4) comes from group 4."""
    assert contents(client, number) == [f"C{code}" for code in codes]


def test_the_pathway_in_force_today_counts(client):
    later = PathwayVersion.objects.create(in_force_from=date(2026, 11, 23))
    PathwayVersion.objects.create(in_force_from=date(2026, 11, 24))
    PathwayTick.objects.create(version=later, group_id=1, content_id="C9")
    assert contents(client, 1) == ["C9"]
    assert list(TrainingContent.objects.needed_by(1, on=date(2026, 11, 22)).values_list("code", flat=True)) == ["C1"]


def test_each_content_with_the_courses_that_complete_it(client):
    made = course("Background to Safeguarding", summary="Not here")
    made.satisfies.set(["C1"])
    related = course("Online safety")
    related.contents.set(["C1"])
    event(made, at(12))
    page = " ".join(client.get(reverse("courses:group", args=[1])).content.decode().split())
    assert "Background to Safeguarding" in page
    assert "next on Tuesday 12 January 2027" in page
    assert "Online safety" not in page
    assert "/events/?group=1" in page


def test_a_content_that_nothing_completes_says_so(client):
    course("Not offered", is_active=False).satisfies.set(["C1"])
    page = client.get(reverse("courses:group", args=[1])).content.decode()
    assert "No course of this programme completes it yet" in page
    assert "Not offered" not in page


@pytest.mark.parametrize("number", [0, 9, 10**30])
def test_no_such_group(client, number):
    assert client.get(f"/groups/{number}/").status_code == 404


def test_the_number_of_queries_of_the_whole_strategy(client, django_assert_num_queries):
    load_catalogue()
    for made in Course.objects.exclude(delivery=Course.Delivery.ONLINE)[:20]:
        event(made)
    with django_assert_num_queries(4):
        # the group; its contents; the courses that complete them; the next event of each
        client.get(reverse("courses:group", args=[8]))
