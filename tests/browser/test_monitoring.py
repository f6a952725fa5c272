"""Needs analysis and quality as T&D, a CPD lead and anybody sees them: walked on a phone, a return filled in."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import problems, walk
from tests.browser.test_first_booking import sign_in

# With what the demo has to show, and filtered; the plain pages are walked by test_every_page.
TD = [
    "/gaps/?by=organisation", "/returns/?state=open", "/quality/courses/complex-neglect/",
    "/quality/courses/complex-neglect/review/", "/single-agency-training/1/",
]  # fmt: skip


@pytest.mark.thorough
def test_needs_and_quality_of_the_demo(visitor):
    page = visitor(PHONE)
    sign_in(page, "td@demo.example")
    assert walk(page, TD) == {}


def test_a_return_is_filled_in_on_a_phone_checked_and_sent(visitor):
    page = visitor(PHONE)
    sign_in(page, "dsl@demo.example")
    page.goto("/team/")
    team = page.url
    assert walk(page, [f"{team}own-courses/", f"{team}own-courses/add/", f"{team}return/"]) == {}
    page.get_by_role("button", name="Fill in the return").click()
    page.get_by_label("Training 1").fill("First aid")
    page.get_by_label("Online safety").check()
    page.get_by_label("Courses are full").check()
    assert problems(page) == []
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.locator("main")).to_contain_text("First aid")
    assert problems(page) == []
    page.get_by_role("button", name="Send the return").click()
    expect(page.locator("main")).to_contain_text("The return of")
    assert problems(page) == []
