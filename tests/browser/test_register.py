"""The trainer in the room, on a tablet and a phone: marks survive a lost connection; people check themselves in."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import problems, walk
from tests.browser.test_first_booking import sign_in

TABLET = {"width": 820, "height": 1180}
TODAY = "Multi-agency 2 Day Signs of Safety and Wellbeing"


def todays_register(page) -> str:
    """Sign in as the demo's trainer and return the address of today's register."""
    sign_in(page, "trainer@demo.example")
    page.goto("/register/")
    page.get_by_role("link", name=TODAY).first.click()
    return page.url


@pytest.mark.thorough
def test_every_page_of_a_register(visitor):
    page = visitor(PHONE)
    register = todays_register(page)
    pages = [
        "/register/",
        "",
        "session/1/",
        "session/2/",
        "walk-in/",
        "room/",
        "close/",
        "certificates/",
        "/check-in/",
        "/check-in/?code=A",
    ]
    assert walk(page, [path if path.startswith("/") else register + path for path in pages]) == {}


def test_no_mark_is_lost_when_the_connection_drops(visitor):
    page = visitor(TABLET)
    page.goto(f"{todays_register(page)}session/1/")
    people = page.locator("[data-booking]").filter(has_not_text="Chloe O'Brien")  # who checks in below
    status = page.get_by_role("status")
    people.nth(0).get_by_label("Absent").check()
    expect(status).to_have_text("All saved.")
    page.context.set_offline(True)
    people.nth(1).get_by_label("Came late").check()
    people.nth(2).get_by_label("Attended").check()
    expect(status).to_contain_text("2 marks are kept on this device")
    page.context.set_offline(False)
    expect(status).to_have_text("All saved.")
    page.reload()
    checked = [people.nth(number).locator("input:checked").get_attribute("value") for number in range(3)]
    assert checked == ["absent", "late", "attended"]


def test_everyone_else_is_present_in_one_press_and_one_checks_in_before(visitor):
    trainer, learner = visitor(TABLET), visitor(PHONE)
    register = todays_register(trainer)
    trainer.goto(f"{register}room/")
    code = trainer.locator(".wscb-room__code").inner_text()
    sign_in(learner, "learner@demo.example")
    learner.goto(f"/check-in/?code={code}")
    learner.get_by_role("button", name="I am here").click()
    expect(learner.get_by_role("heading", name="You are checked in")).to_be_visible()
    assert problems(learner) == []
    trainer.goto(f"{register}session/1/")
    expect(trainer.get_by_text(re.compile("checked in at"))).to_have_count(1)
    trainer.get_by_role("button", name="Mark everyone else present").click()
    expect(trainer.get_by_text(re.compile(r"(\d+) of \1 marked"))).to_be_visible()
    expect(trainer.get_by_role("status")).to_have_text("All saved.")


def test_two_trainers_never_overwrite_each_other_unseen(visitor):
    """The first mark stands, and the other trainer is told whose it is."""
    first, second = visitor(TABLET), visitor(TABLET)
    register = todays_register(first)
    todays_register(second)
    for page in (first, second):
        page.goto(f"{register}session/1/")
    first.locator("[data-booking]").nth(5).get_by_label("Absent").check()
    expect(first.locator("[data-register-status]")).to_have_text("All saved.")
    second.locator("[data-booking]").nth(5).get_by_label("Came late").click()  # `check` looks whether it stays so
    expect(second.get_by_text("marked meanwhile “Absent”, and that stands")).to_be_visible()
    expect(second.locator("[data-booking]").nth(5).get_by_label("Absent")).to_be_checked()


def test_marks_left_on_a_device_are_named_on_every_page_of_the_register(visitor):
    page = visitor(TABLET)
    register = todays_register(page)
    page.goto(f"{register}session/1/")
    page.route("**/session/1/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.locator("[data-booking]").nth(6).get_by_label("Came late").check()
    expect(page.locator("[data-register-status]")).to_contain_text("1 mark is kept on this device")
    page.goto(register)
    expect(page.get_by_text("1 mark is kept on this device and not sent yet.")).to_be_visible()
    page.unroute("**/session/1/")
    page.get_by_role("link", name=re.compile("^Open session 1 of")).click()
    expect(page.locator("[data-register-status]")).to_have_text("All saved.")
    page.goto(register)
    expect(page.get_by_text("not sent yet")).to_have_count(0)
