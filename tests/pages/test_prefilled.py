"""The admin's new forms opened by an address that fills in values, and what is ticked in its lists: what fits stands.

Django's own widgets fail on a number that is none, or a date in one piece; a scanner found it (issue 7).
"""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from courses.models import Course
from tests.factories import UserFactory
from tests.pages.test_every_page import in_lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("value", ["x'", "1,x", "9" * 23, ""])
def test_what_does_not_fit_is_left_out(officer, value):
    wrong, index = {}, officer.get(reverse("admin:index"))
    assert index.status_code == 200  # all of the admin is loaded
    for model, model_admin in admin.site._registry.items():
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        names = [field.name for field in model._meta.get_fields()]
        if (status := officer.get(url, dict.fromkeys(names, value)).status_code) not in (200, 302, 403):
            wrong[str(model_admin)] = status
    assert not wrong, in_lines(wrong)


def test_what_fits_stands_in_the_form(officer):
    course = Course.objects.create(title="Basics", slug="basics")
    asked = {"course": course.pk, "venue": "x", "capacity": "17", "booking_opens_at": "soon"}
    page = officer.get(reverse("admin:courses_event_add"), asked).text
    assert f'<option value="{course.pk}" selected>Basics' in page
    assert 'name="capacity" value="17"' in page


@pytest.mark.parametrize("value", ["x'", "1,x", "9" * 23, ""])
def test_what_is_no_row_is_not_ticked(officer, value):
    """A scanner sent it to the list of problems (issue 7); every list with an action failed (500)."""
    wrong = {}
    for model, model_admin in admin.site._registry.items():
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        actions = [name for name in model_admin.actions or [] if isinstance(name, str)] or ["delete_selected"]
        for action in actions:
            sent = {"action": action, "index": "0", "_selected_action": value}
            if (status := officer.post(url, sent).status_code) not in (200, 302, 400, 403):
                wrong[f"{model_admin} {action}"] = status
    assert not wrong, in_lines(wrong)


def test_what_is_a_row_stays_ticked_beside_it(officer):
    first, second = (UserFactory(is_active=True) for _ in range(2))
    sent = {"action": "mark_bounced", "index": "0", "_selected_action": [first.pk, "x'"]}
    officer.post(reverse("admin:accounts_user_changelist"), sent)
    first.refresh_from_db(), second.refresh_from_db()
    assert first.bounced_at and not second.bounced_at


@pytest.mark.parametrize("name", ["course", "venue", "trainers", "sectors"])
def test_a_form_with_a_key_that_is_none_is_a_wrong_request(officer, name):
    """Django's look-ups fail on it when they show the form again (500); no page sends it."""
    assert (
        officer.post(reverse("admin:courses_event_add"), {name: "x'", "sessions-TOTAL_FORMS": "x"}).status_code == 400
    )


def test_a_copy_that_nobody_offers_and_can_not_be_saved_is_shown_again(officer):
    """Its form has no event yet to link to the register of (500)."""
    assert officer.post(reverse("admin:courses_event_add"), {"_saveasnew": "x"}).status_code == 200
