"""All pages of the table in tests/pages, as their people see them: axe, 400% zoom, the content policy, no fault.

One load a page, at three widths: 1280, 360 and 320, which is 1280 at 400% zoom (WCAG 1.4.10).
"""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import AXE, DESKTOP
from tests.browser.test_accessibility import RULES
from tests.shell import Shell

pytestmark = pytest.mark.thorough
ROLES = ("nobody", "learner", "lead", "trainer", "td")  # the first of them who may opens a page
ADMIN = (
    "", "accounts/user/", "accounts/user/add/", "accounts/user/1/change/", "accounts/user/1/history/",
    "accounts/user/1/delete/", "accounts/user/import/", "accounts/user/export/", "accounts/auditentry/",
    "accounts/policy/", "bookings/booking/", "courses/event/", "courses/event/add/", "courses/event/1/change/",
    "courses/event/1/history/", "evaluations/questionnaire/", "monitoring/indicator/", "notifications/message/",
)  # fmt: skip
ZOOMED = {"width": 320, "height": 256}
# Makes the world beside the demo's, and prints for each page of HTML who looks at it and where.
LIST = """
import json
from django.test import Client, override_settings
from django.urls import reverse
from tests.factories import number_from
from tests.pages.table import PAGES
from tests.pages.test_every_page import address, answer, arriving, looked_at
from tests.pages.world import make_world
number_from(5000)  # beside what other tests made in this site
world, found = make_world(), {}
with override_settings(ALLOWED_HOSTS=["*"]):
    pages = [(name, next(role for role in %r if role in page.roles), page.arguments) for name, page in PAGES.items()]
    for name, role, arguments in [*pages, *looked_at()]:
        url = address(name, world, arguments)
        response = answer(arriving(world, role), "GET", url)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            found.setdefault(role, []).append([name, url])
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def pages(site) -> dict[str, list]:
    """Every page of HTML by the role that looks at it."""
    shell = Shell(site.environment)
    try:
        return json.loads(shell.run(LIST % (ROLES,)).splitlines()[-1])  # before it, what the strategy says
    finally:
        shell.close()


def sign_in(page, role: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("Email address").fill(f"{role}@world.example")
    page.get_by_label("Password", exact=True).fill("correct-horse")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()


def violations(page) -> list[str]:
    return [f"{found['id']}: {found['nodes'][0]['html'][:100]}" for found in page.evaluate(RULES)["violations"]]


def sideways(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.parametrize("role", ROLES)
def test_every_page(visitor, pages, role):
    page, wrong, said = visitor(DESKTOP), {}, []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    if role != "nobody":
        sign_in(page, role)
    for name, url in pages.get(role, []):
        page.set_viewport_size(DESKTOP)
        said.clear()
        response = page.goto(url)
        found = [f"{response.status}"] if response.status != 200 else []
        page.evaluate(AXE.read_text())
        found += violations(page) + [f"console: {text[:150]}" for text in said]
        if page.locator("h1").count() != 1:
            found.append("not exactly one h1")
        for size in ({"width": 360, "height": 740}, ZOOMED):
            page.set_viewport_size(size)
            if sideways(page):
                found.append(f"wider than {size['width']}")
        page.set_viewport_size({"width": 360, "height": 740})
        found += [f"at 360 {each}" for each in violations(page)]
        if found:
            wrong[f"{name} {url}"] = found
    assert not wrong, json.dumps(wrong, indent=1)


def test_the_admin_works_under_the_policy(visitor, pages):
    """Its lists, forms, dates, look-ups, exports and histories, without a script or a style that the policy refuses."""
    page, wrong, said = visitor(DESKTOP), {}, []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    sign_in(page, "super")
    for path in ADMIN:
        said.clear()
        response = page.goto(f"/admin/{path}")
        if response.status != 200 or said:
            wrong[path] = [response.status, *said]
    page.goto("/admin/courses/event/add/")
    page.locator(".select2-selection").first.click()
    expect(page.locator(".select2-results__option").first).to_be_visible()
    assert not wrong, json.dumps(wrong, indent=1)


def test_the_keyboard_alone_signs_in_and_books(visitor, pages):
    """Tab, Enter, Space: the skip link comes first, focus is always seen, and nothing traps it."""
    page = visitor(DESKTOP)
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
    page = visitor(DESKTOP, java_script_enabled=False)
    sign_in(page, "board")
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
