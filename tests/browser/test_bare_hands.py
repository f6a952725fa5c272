"""Every page with the keyboard alone, and without script."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.every_page import ADMIN, ROLES, somebody
from tests.browser.test_running_an_event import add_with_sessions

pytestmark = pytest.mark.thorough
HANDS = (Path(__file__).parent / "hands.js").read_text()


@pytest.mark.parametrize("role", [*ROLES, "super"])
def test_the_keyboard_reaches_all_of_every_page(visitor, pages, role):
    """Tab comes to all that can be used, each stop is in sight and looks focused, and nothing traps the keys."""
    page, wrong = somebody(visitor, role), {}
    for name, url in [("admin", f"/admin/{path}") for path in ADMIN] if role == "super" else pages.get(role, []):
        page.goto(url)
        page.evaluate(HANDS)
        for _ in range(page.evaluate("watch()") + 2):
            page.keyboard.press("Tab")
        if found := page.evaluate("faults()"):
            wrong[f"{name} {url}"] = found[:8]
    assert not wrong, json.dumps(wrong, indent=1)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_whole_without_script(visitor, pages, role):
    """All that a page says, links to, asks and sends with script is there without it, and no button does nothing."""
    scripted, plain, wrong = somebody(visitor, role), somebody(visitor, role, java_script_enabled=False), {}
    for name, url in pages.get(role, []):
        for page in (scripted, plain):
            page.goto(url)
            page.evaluate(HANDS)
        dead, offered = plain.evaluate("dead()"), plain.evaluate("offers()")
        if found := dead + [each for each in scripted.evaluate("offers()") if each not in offered]:
            wrong[f"{name} {url}"] = found[:8]
    assert not wrong, json.dumps(wrong, indent=1)


def test_the_admin_is_whole_without_script(visitor, pages):
    """No button is dead; an event of two days is planned, on the form that lists all that may be chosen."""
    page, wrong = somebody(visitor, "super", java_script_enabled=False), {}
    for path in ADMIN:
        page.goto(f"/admin/{path}")
        page.evaluate(HANDS)
        if found := page.evaluate("dead()"):
            wrong[path] = found[:8]
    assert not wrong, json.dumps(wrong, indent=1)
    page.goto("/admin/courses/event/add/")
    page.get_by_role("link", name="Use the form that needs none").click()
    for name, label in (("course", "Working with Gangs"), ("venue", "Balham Library, upper room")):
        page.locator(f"select[name={name}]").select_option(label=label)
    page.locator("select[name=trainers]").select_option(label="Kezia Mensah")
    page.get_by_label("Double booked: the reason").fill("Two rooms")
    add_with_sessions(page, (60, 61))
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".field-shown_status .readonly")).to_have_text("Published")


def test_the_keyboard_alone_signs_in_and_books(visitor, pages):
    """Tab, Enter, Space: the skip link comes first, focus is always seen, and nothing traps it."""
    page = visitor()
    page.goto("/account/login/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    press_until(page, "#id_login")
    page.keyboard.type("stranger@world.example")
    press_until(page, "#id_password")
    page.keyboard.type("correct-horse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("My training")
    event = next(url for name, url in pages["nobody"] if name == "bookings:event")
    page.goto(event)
    press_until(page, "main button:has-text('Book'), main a:has-text('Book')")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Confirm booking")).to_be_visible()  # the next page is there
    press_until(page, "button:has-text('Confirm booking')")
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-panel__title")).to_be_visible()


def press_until(page, selector: str) -> None:
    """Press Tab until focus is there; each stop must be visible and look focused."""
    for _ in range(60):
        page.keyboard.press("Tab")
        wanted = page.locator(selector).first
        if wanted.count() and wanted.evaluate("element => element === document.activeElement"):
            return
        seen = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e); "
            "return e === document.body || s.outlineStyle !== 'none' || s.boxShadow !== 'none' })()"
        )
        assert seen, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    raise AssertionError(f"60 presses of Tab don't lead to {selector}")


def test_without_script_a_second_factor_is_set_up_and_a_session_ended(visitor, pages):
    """With a journey from sign-up to a place (test_first_booking) what people do on their own pages needs no script."""
    page = somebody(visitor, "board", java_script_enabled=False)
    page.goto("/your-details/")
    page.get_by_role("link", name="See where you are signed in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where you are signed in")
    page.get_by_role("link", name="Back to your details").click()
    page.get_by_role("link", name="Change second proof that it is you").click()
    page.get_by_role("link", name="Set up app on your phone").click()
    assert page.locator(".wscb-scan svg").bounding_box()["width"] > 150
    page.get_by_label("Code from the app").fill("000000")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("The code is not right")
