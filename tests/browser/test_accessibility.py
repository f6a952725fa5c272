"""Every page passes axe-core (WCAG 2.2 AA) at phone and desktop width, and nothing runs off its side."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import sideways, violations
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_first_booking import sign_in

# What these find besides the plain pages, which test_every_page walks.
PUBLIC = [
    "/events/?q=saftey&only=places&group=3&from_date=2020-01-01", "/events/?q=zzzzqqq", "/events/?from_date=x",
    "/courses/?q=neglct", "/courses/?by=subject", "/courses/child-protection-refresher/", "/courses/domestic-abuse/",
    "/courses/keeping-good-records/", "/groups/3/",
]  # fmt: skip
SIGNED_IN = [
    "/my-record/add/?kind=online", "/your-details/organisation/choose/?typed=falcon",
    "/your-details/organisation/change/?to=childminder", "/account/reauthenticate/",
]  # fmt: skip


def problems(page) -> list[str]:
    """Return what is wrong with the page as it stands: axe's violations, and content wider than the screen."""
    found = violations(page)
    if sideways(page):
        found.append("wider than the screen")
    if page.locator("h1").count() != 1:
        found.append("not exactly one h1")
    return found


def test_what_is_wrong_is_found(visitor):
    page = visitor(PHONE)
    page.goto("/")
    page.evaluate(
        "() => { const main = document.querySelector('main'); main.append(new Image()); main.style.width = '900px' }"
    )
    assert [each.split(":")[0] for each in problems(page)] == ["image-alt", "wider than the screen"]


def walk(page, paths) -> dict:
    """Return the problems of each page that has any."""
    wrong = {}
    for path in paths:
        page.goto(path)
        if found := problems(page):
            wrong[path] = found
    return wrong


@pytest.mark.thorough
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_public_pages(visitor, viewport):
    page, said = visitor(viewport), []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto("/events/")
    event = page.locator("main li h2 a, main li h3 a").first.get_attribute("href")
    assert walk(page, [*PUBLIC, event]) == {} and said == []
    assert walk(page, ["/check/AAAA-AAAA-AAAA/", "/no-such-page/"]) == {}


@pytest.mark.thorough
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_pages_of_somebody_signed_in(visitor, viewport):
    page = visitor(viewport)
    sign_in(page, "learner@demo.example")
    booking = page.locator("main li h3 a").first.get_attribute("href")
    assert walk(page, [*SIGNED_IN, booking, f"{booking}booked/", f"{booking}cancel/"]) == {}


def test_forms_with_errors(visitor):
    """A form that is sent empty says what to do, in its summary and in the page's title."""
    page = visitor(PHONE)
    sign_in(page, "learner@demo.example")
    page.goto("/your-details/name/")
    page.get_by_label("What is your full name?").fill("")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_title(re.compile("^Error: "))  # waits for the answer, on a slow machine too
    page.get_by_role("link", name="Enter your full name").click()
    assert page.evaluate("document.activeElement.name") == "full_name"
    assert problems(page) == []


def test_how_strong_a_new_password_is_is_said_while_it_is_typed(visitor):
    """OWASP ASVS 2.1.8; by words, not by colour alone."""
    page = visitor(PHONE)
    page.goto("/account/signup/")
    field, said = page.get_by_label("Choose a password", exact=True), page.locator(".wscb-strength-line [role=status]")
    expect(said).to_be_hidden()
    for typed, words in (("tadpole", "Too short"), ("aaaaaaaaaaaaaaaaaa", "Easy to guess"),
                         ("tadpole-kettle", "Long enough"), ("tadpole-kettle-moon", "Strong")):  # fmt: skip
        field.fill(typed)
        expect(said).to_contain_text(words)
    assert problems(page) == []


@pytest.mark.thorough
def test_pages_of_the_sub_committee_and_what_td_adds_to_them(visitor):
    page = visitor(PHONE)
    sign_in(page, "td@demo.example")
    pages = ["1A/", "3A/?counted=no", "7D/", "8A/?page=2", "9A/", "10A/", "15A/"]
    assert walk(page, [f"/priorities/{each}" for each in pages]) == {}
    reports = ["2/", "2/commentary/1/", "2/risks/new/", "2/approve/", "2/withdraw/", "1/circulate/"]
    assert walk(page, [f"/reports/{each}" for each in reports]) == {}
