"""The admin's forms without JavaScript: each has a form that needs none, at `?plain=1` (issue 7, People)."""

import pytest
from django.urls import reverse

from tests.factories import UserFactory, make_event

pytestmark = pytest.mark.django_db


def test_the_plain_form_lists_all_there_is_and_has_a_row_to_fill_in(admin_client):
    event, elsewhere = make_event(), UserFactory(full_name="Rosa Quist")
    form = admin_client.get(reverse("admin:courses_event_change", args=[event.pk]), {"plain": 1}).text
    assert f'<option value="{event.course.pk}" selected>' in form
    assert 'name="sessions-1-starts_at_0"' in form  # beside the one it has
    form = admin_client.get(reverse("admin:accounts_organisation_add"), {"plain": 1}).text
    assert f'<option value="{elsewhere.pk}">Rosa Quist' in form


def test_who_has_no_javascript_is_led_to_it_and_keeps_what_the_address_fills_in(admin_client):
    url = reverse("admin:courses_event_add")
    assert "<noscript>" in (form := admin_client.get(url, {"capacity": 17}).text)
    assert 'href="?capacity=17&amp;plain=1"' in form
    plain = admin_client.get(url, {"capacity": 17, "plain": 1}).text
    assert 'name="capacity" value="17"' in plain and "needs none" not in plain
    assert "needs none" not in admin_client.get(reverse("admin:courses_event_changelist")).text  # lists need no script
