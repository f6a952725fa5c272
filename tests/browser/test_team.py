"""A CPD lead of a charity with volunteers, a school's safeguarding lead, a lead of three academies, and T&D: walked."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import problems, walk
from tests.browser.test_first_booking import sign_in

# With what a team of the demo has to show, and filtered; the plain forms are walked by test_every_page.
TEAM = [
    "", "?sort=name&q=a", "?q=nobody", "matrix/", "events/", "bookings/", "bookings/?view=past",
    "bookings/?view=missed", "approvals/", "records/", "evidence/", "events/?content=C1",
]  # fmt: skip


def team_of(page, address: str) -> str:
    """Sign in and return the address of the team that this lead looks after."""
    sign_in(page, address)
    page.goto("/team/")
    return page.url


@pytest.mark.thorough
def test_the_pages_of_a_team_of_the_demo(visitor):
    page = visitor(PHONE)
    team = team_of(page, "dsl@demo.example")
    person = page.locator("tbody th a").first.get_attribute("href")
    page.goto(f"{team}events/")
    event = page.locator("main li h2 a").first.get_attribute("href")
    more = [person, f"{person}left/", event, f"{event}book/"]
    more += [f"{team}safeguarding/{part}" for part in ("", "name/", "all-staff/")]
    assert walk(page, [*(team + path for path in TEAM), *more]) == {}


@pytest.mark.thorough
def test_the_planning_pages_of_td_filtered(visitor):
    page = visitor(PHONE)
    sign_in(page, "td@demo.example")
    pages = ["/schools/?lacks=expired", "/schools/?q=nobody", "/absences/?kind=late", "/programme/?priority=2"]
    assert walk(page, pages) == {}


def choose_three_volunteers(page, team: str) -> None:
    """Choose three people for the first event that has places for them and clashes with nothing of theirs."""
    page.goto(f"{team}events/")
    open_events = page.locator("main li", has_text=re.compile(r"\b([3-9]|\d\d) places\b")).locator("h2 a")
    addresses = [link.get_attribute("href") for link in open_events.all()]
    for address in addresses:
        page.goto(f"{address}book/")
        boxes = page.locator("input[name=people]:not([disabled])")
        if boxes.count() < 3:  # booking opens later, or most are booked already
            continue
        for number in range(3):
            boxes.nth(number).check()
        page.get_by_role("button", name="Continue").click()
        page.wait_for_load_state()
        if page.get_by_role("button", name="Book 3 people").count():
            return
    raise AssertionError("The demo has no event for three volunteers.")


def test_a_charity_books_its_volunteers_swaps_one_in_and_notes_a_leaver(visitor):
    """On a phone: three volunteers without email on one event, one of them replaced, one cancelled."""
    page = visitor(PHONE)
    team = team_of(page, "charity@demo.example")
    expect(page.get_by_text("no email")).to_have_count(12)
    choose_three_volunteers(page, team)
    assert problems(page) == []
    page.get_by_role("button", name="Book 3 people").click()
    expect(page.get_by_text("3 people have a place. Each of them is told.")).to_be_visible()
    page.get_by_role("link", name="Give to a colleague").first.click()
    page.get_by_label("Who takes the place?").select_option(index=1)
    page.get_by_role("button", name="Give the place to this colleague").click()
    expect(page.get_by_text("Both are told.")).to_be_visible()
    assert problems(page) == []


def test_a_bad_line_of_a_pasted_list_is_named(visitor):
    page = visitor(PHONE)
    page.goto(f"{team_of(page, 'charity@demo.example')}invite/")
    page.get_by_label("Email addresses").fill("ann@charity.example\nBen Lee")
    page.get_by_role("button", name="Send invitations").click()
    page.get_by_role("link", name="Line 2: “Ben Lee” has no email address").click()
    assert page.evaluate("document.activeElement.name") == "addresses"
    assert problems(page) == []


def test_a_school_notes_training_and_takes_its_evidence_away(visitor):
    page = visitor()
    page.goto(f"{team_of(page, 'dsl@demo.example')}safeguarding/all-staff/")
    for name, value in (("Day", "1"), ("Month", "9"), ("Year", "2026")):
        page.get_by_label(name).fill(value)
    page.get_by_label("Who gave the training, and where?").fill("NSPCC, in our hall")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Tuesday 1 September 2026: NSPCC, in our hall")).to_be_visible()
    page.locator("main summary", has_text="More").click()
    page.get_by_role("link", name="Evidence pack").click()
    for button, end in (("Download the PDF", ".pdf"), ("Download the spreadsheet", ".xlsx")):
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        assert download.value.suggested_filename.endswith(end)


def test_a_lead_of_three_academies_goes_between_them_and_approves(visitor):
    page = visitor()
    sign_in(page, "lead@demo.example")
    page.get_by_role("link", name="My team").click()
    page.get_by_role("link", name="Roehampton Gate Academy", exact=True).click()
    page.get_by_role("link", name="Your organisations").click()
    page.get_by_role("link", name="Lavender Green Academy", exact=True).click()
    page.get_by_role("navigation", name="Lavender Green Academy").get_by_role("link", name="Approvals").click()
    page.locator("main li h2 a").first.click()
    page.get_by_label("Yes, approve it").check()
    page.get_by_role("button", name="Send your answer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Booking approved")
    assert problems(page) == []
