"""The catalogue on the real site: found by a typo, and all of it without script."""

import urllib.request
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE


def test_from_a_typo_on_the_home_page_to_a_course(visitor):
    page = visitor(PHONE)
    page.goto("/")
    page.get_by_label("What do you want to learn about?").fill("complx neglct")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("Showing results for “complex neglect”")).to_be_visible()
    page.get_by_role("link", name="Complex Neglect", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == "Complex Neglect"


def test_filters_are_set_and_taken_away_without_script(visitor):
    page = visitor(PHONE, java_script_enabled=False)
    page.goto("/events/")
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Events with places").check()
    page.get_by_label("Competence group").select_option("3")
    page.get_by_role("button", name="Apply filters").click()
    assert page.url.endswith("/events/?only=places&group=3")
    page.get_by_role("link", name="Remove filter: Group 3").click()
    assert page.url.endswith("/events/?only=places")
    page.get_by_role("link", name="Calendar", exact=True).click()
    assert page.url.endswith("/events/calendar/?only=places")
    page.get_by_role("link", name="List", exact=True).click()
    page.get_by_text("Filter (1 set)").click()
    page.get_by_role("link", name="Clear all filters").click()
    assert page.url.endswith("/events/")


@pytest.mark.parametrize("letter", ["x", "😀", "%", "'"])
@pytest.mark.parametrize("path", ["/events/", "/courses/", "/events/calendar/"])
def test_ten_thousand_characters_are_answered_by_the_real_server(site, path, letter):
    with urllib.request.urlopen(f"{site.url}{path}?q={quote(letter * 10_000)}", timeout=20) as response:
        assert response.status == 200
        assert len(response.url) < 3_000


def test_the_trail_on_a_phone_leads_to_the_page_above(visitor):
    """GOV.UK's shows home and the page that one is on: no way back to the register from a session of it."""
    page = visitor(PHONE)
    page.goto("/courses/domestic-abuse/")
    assert page.locator(".govuk-breadcrumbs__list-item:visible").all_inner_texts() == ["Home", "Courses"]
    page.set_viewport_size(DESKTOP)
    assert page.locator(".govuk-breadcrumbs__list-item:visible").count() == 3
