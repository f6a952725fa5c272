"""A key (WebAuthn) as the second proof, read by Chromium from one that it makes believe is plugged in."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import problems
from tests.browser.test_first_booking import sign_in

KEY = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
PERSON = "childminder@demo.example"


def test_set_up_a_key_sign_in_with_it_and_take_it_off(visitor, site):
    page = visitor(PHONE, base_url=site.url.replace("127.0.0.1", "localhost"))  # no keys are read at a bare number
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": KEY | {"automaticPresenceSimulation": True}})
    sign_in(page, PERSON)
    page.goto("/account/second-factor/")
    page.get_by_role("link", name="Set up Keys").click()
    assert problems(page) == []
    page.get_by_label("What do you call it?").fill("Blue key")
    page.get_by_role("button", name="Read the key").click()
    expect(page.get_by_text("The key is set up")).to_be_visible()
    assert page.locator("main li").count() >= 10  # codes on paper, for when it is lost

    page.context.clear_cookies()
    page.goto("/account/login/")
    page.get_by_label("Email address").fill(PERSON)
    page.get_by_label("Password", exact=True).fill("demo-pass-2017")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Second proof that it is you")
    assert problems(page) == []
    page.get_by_role("button", name="Use my key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My training")

    page.goto("/account/second-factor/webauthn/")
    expect(page.locator("main")).to_contain_text("Last used on")
    assert problems(page) == []
    page.get_by_role("link", name="Change Blue key").click()
    assert problems(page) == []
    page.get_by_role("link", name="Take this key off").click()
    assert problems(page) == []
    page.get_by_role("button", name="Take it off").click()
    expect(page.get_by_text("You have no key")).to_be_visible()


def test_a_key_that_can_not_be_read_is_said(visitor):
    page = visitor(PHONE)  # at 127.0.0.1 browsers refuse
    sign_in(page, PERSON)
    page.goto("/account/second-factor/webauthn/add/")
    expect(page.get_by_text("The key was not read")).to_be_hidden()
    page.get_by_role("button", name="Read the key").click()
    expect(page.get_by_role("alert")).to_contain_text("The key was not read")


def test_without_script_the_page_says_what_else_there_is(visitor):
    page = visitor(PHONE, java_script_enabled=False)
    sign_in(page, PERSON)
    page.goto("/account/second-factor/webauthn/add/")
    expect(page.get_by_role("button", name="Read the key")).to_be_hidden()
    expect(page.get_by_role("link", name="set up the app on your phone")).to_be_visible()
