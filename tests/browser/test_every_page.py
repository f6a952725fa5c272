"""All pages of the table in tests/pages, as their people see them: axe, 400% zoom, the content policy, no fault.

One load a page, at three widths: 1280, 360 and 320, which is 1280 at 400% zoom (WCAG 1.4.10).
"""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.axe import WCAG, sideways, violations
from tests.browser.conftest import DESKTOP
from tests.browser.every_page import ADMIN, ROLES, somebody

pytestmark = pytest.mark.thorough
ZOOMED = {"width": 320, "height": 256}


@pytest.mark.parametrize("role", ROLES)
def test_every_page(visitor, pages, role):
    page, wrong, said = somebody(visitor, role), {}, []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for name, url in pages.get(role, []):
        page.set_viewport_size(DESKTOP)
        said.clear()
        response = page.goto(url)
        found = [f"{response.status}"] if response.status != 200 else []
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


def test_the_admin(visitor, pages):
    """Its lists, forms, look-ups, exports and histories: WCAG 2.2 AA, 400% zoom, nothing that the policy refuses.

    Without axe's "best practices": Django's own tables keep some of them not.
    """
    page, wrong, said = somebody(visitor, "super"), {}, []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in ADMIN:
        page.set_viewport_size(DESKTOP)
        said.clear()
        response = page.goto(f"/admin/{path}")
        found = said + ([f"{response.status}"] if response.status != 200 else [])  # before axe tries styles of its own
        found += violations(page, WCAG)
        page.set_viewport_size(ZOOMED)
        if found := found + (["wider than 320"] if sideways(page) else []):
            wrong[path] = found
    assert not wrong, json.dumps(wrong, indent=1)


def test_a_look_up_of_the_admin_says_what_it_is_and_what_is_chosen(visitor, pages):
    page = somebody(visitor, "super")
    page.goto("/admin/courses/event/add/")
    page.get_by_role("combobox", name="Course: nothing chosen").click()
    page.get_by_role("searchbox", name="Search Course").last.fill("a")
    choice = page.locator(".select2-results__option--highlighted")
    name = choice.inner_text()
    choice.click()
    expect(page.get_by_role("combobox", name=f"Course: {name}")).to_be_visible()
