"""Who may open what of the catalogue: address × person × status."""

import pytest
from django.urls import reverse

from courses.models import Event
from tests.courses.samples import course, event, group

pytestmark = pytest.mark.django_db

PUBLIC = ["home", "events", "calendar", "courses", "groups", "month", "group"]
ARGUMENTS = {"month": [2027, 1], "group": [3]}


@pytest.fixture
def sign_in(client, request):
    """Sign in as "nobody", "learner" or "td"."""

    def as_(role: str):
        if role != "nobody":
            client.force_login(request.getfixturevalue(role))
        return client

    return as_


@pytest.mark.parametrize("role", ["nobody", "learner", "td"])
@pytest.mark.parametrize("name", PUBLIC)
def test_the_catalogue_is_open_to_everybody(sign_in, role, name):
    group(3)
    assert sign_in(role).get(reverse(f"courses:{name}", args=ARGUMENTS.get(name))).status_code == 200


@pytest.mark.parametrize("name", PUBLIC)
def test_the_catalogue_is_only_read(client, name):
    assert client.post(reverse(f"courses:{name}", args=ARGUMENTS.get(name))).status_code == 405


@pytest.mark.parametrize(
    "role, is_offered, status",
    [
        ("nobody", True, 200), ("learner", True, 200), ("td", True, 200),
        ("nobody", False, 404), ("learner", False, 404), ("td", False, 200),
    ],
)  # fmt: skip
def test_a_course_that_is_not_offered_is_seen_by_td_alone(sign_in, role, is_offered, status):
    shown = course(is_active=is_offered)
    client = sign_in(role)
    assert client.get(shown.get_absolute_url()).status_code == status
    if role != "nobody":
        interest = client.post(reverse("courses:interest", args=[shown.slug]))
        assert interest.status_code == (302 if status == 200 else 404)


@pytest.mark.parametrize("role", ["nobody", "learner", "td"])
@pytest.mark.parametrize(
    "status, answer",
    [
        (Event.Status.DRAFT, 404),
        (Event.Status.PUBLISHED, 200),
        (Event.Status.CANCELLED, 200),
        (Event.Status.COMPLETED, 200),
    ],
)
def test_the_calendar_entry_of_an_event(sign_in, role, status, answer):
    shown = event()
    Event.objects.filter(pk=shown.pk).update(status=status)
    assert sign_in(role).get(reverse("courses:event_ics", args=[shown.reference])).status_code == answer


def test_no_such_course(client, learner):
    assert client.get("/courses/nothing/").status_code == 404
    client.force_login(learner)
    assert client.post("/courses/nothing/interest/").status_code == 404
