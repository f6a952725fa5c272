"""The catalogue on the real site: each page at both widths passes axe, and all of it works without script."""

import urllib.request
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import AXE, DESKTOP, PHONE

PAGES = [
    "/",
    "/events/",
    "/events/?q=saftey&only=places&group=3&from_date=2020-01-01",
    "/events/?q=zzzz",
    "/events/?from_date=x",
    "/events/calendar/",
    "/courses/",
    "/courses/?by=subject",
    "/courses/?q=neglct",
    "/courses/child-protection-refresher/",
    "/courses/domestic-abuse/",
    "/courses/keeping-good-records/",
    "/groups/",
    "/groups/3/",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.thorough
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["360", "1280"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_passes_axe_and_fits_its_width(visitor, address, viewport):
    page = visitor(viewport)
    wrong = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(address)
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)["violations"]
    assert [(item["id"], [node["html"] for node in item["nodes"]]) for item in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.locator("h1").count() == 1
    assert wrong == []


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
