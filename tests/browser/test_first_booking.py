"""From sign-up to a booked place, and from the waiting list to a place: on the real site, as people use it."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import PHONE

DEMO_PASSWORD = "demo-pass-2017"
LINK = re.compile(r"http://127\.0\.0\.1:\d+[^\s<>\"]+")


def sign_up(page, site, address: str) -> None:
    """Create an account and follow the link of the email that verifies it."""
    page.goto("/account/signup/")
    page.get_by_label("Email address").fill(address)
    page.get_by_label("Choose a password").fill("three-quiet-otters")
    page.get_by_role("button", name="Create my account").click()
    mail = site.mail_to(address, about="confirm-email")
    page.goto(next(link for link in LINK.findall(mail) if "confirm-email" in link))
    page.get_by_role("button", name="Yes, this is my address").click()


def tell_details(page, *, organisation: str) -> None:
    """Answer the newcomer's questions, one a page."""
    page.get_by_label("What is your full name?").fill("Nadia O'Brien")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Which organisation do you work or volunteer for?").fill(organisation)
    page.get_by_role("button", name="Find organisation").click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What is your job or volunteer role?").fill("Youth worker")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label(re.compile("Group 3")).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label(re.compile("line manager")).fill("boss@harbour.example")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your details")
    page.get_by_role("button", name="These are right, continue").click()


def sign_in(page, address: str) -> None:
    """Sign in as one of the demo's people."""
    page.goto("/account/login/")
    page.get_by_label("Email address").fill(address)
    page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("My training|Today"))


def book(page, title: str) -> None:
    """From the event's page to the confirmation panel."""
    page.get_by_role("button", name=title).click()
    page.get_by_label("Access needs (optional)").fill("Hearing loop")
    page.get_by_role("button", name=re.compile("Confirm booking|Join the waiting list")).click()


def test_from_sign_up_to_a_booked_place_and_back(visitor, site):
    """A newcomer signs up on a phone without JavaScript, finds a course in spite of a typo, books and cancels."""
    page = visitor(PHONE, java_script_enabled=False)
    sign_up(page, site, "nadia@harbour.example")
    tell_details(page, organisation="harbor youth projct")

    page.goto("/")
    page.get_by_label("What do you want to learn about?").fill("safegarding childrn")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("main")).to_contain_text("safeguarding")

    page.goto("/events/?places=on")
    links = page.locator("main li h2 a, main li h3 a").all()
    for address in [link.get_attribute("href") for link in links]:  # one of them is open to a newcomer
        page.goto(address)
        if page.get_by_role("button", name="Book a place").count():
            break
    title = page.get_by_role("heading", level=1).inner_text()
    book(page, "Book a place")
    expect(page.get_by_role("heading", level=1)).to_have_text("Place booked")
    mail = site.mail_to("nadia@harbour.example", about="You have a place")
    assert "text/calendar" in mail and "METHOD:REQUEST" in mail

    page.goto("/my-training/")
    expect(page.locator("main")).to_contain_text(title)
    page.get_by_role("link", name=title).click()
    page.get_by_role("button", name="Cancel this booking").click()
    page.get_by_label(re.compile("Why are you cancelling")).fill("I changed teams")
    page.get_by_role("button", name="Cancel booking").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Booking cancelled")
    assert "METHOD:CANCEL" in site.mail_to("nadia@harbour.example", about="Your booking is cancelled")


def test_a_full_event_puts_the_next_person_on_the_list_and_promotes_them(visitor, site):
    """A cancellation gives the place to the first in the list at once, and tells them."""
    reference = site.manage("shell", "-c", ONE_PLACE_EVENT).strip().splitlines()[-1]
    first, second = visitor(), visitor(PHONE)
    sign_in(first, "childminder@demo.example")
    sign_in(second, "board@demo.example")
    first.goto(f"/events/{reference}/")
    book(first, "Book a place")
    expect(first.get_by_role("heading", level=1)).to_have_text("Place booked")

    second.goto(f"/events/{reference}/")
    book(second, "Join the waiting list")
    expect(second.get_by_role("heading", level=1)).to_have_text("You are on the waiting list")
    expect(second.locator("main")).to_contain_text("Position 1")

    first.get_by_role("link", name="See or change this booking").click()
    first.get_by_role("button", name="Cancel this booking").click()
    first.get_by_role("button", name="Cancel booking").click()

    mail = site.mail_to("board@demo.example", about="A place has come free")
    second.goto("/my-training/")
    expect(second.locator("main")).to_contain_text("Confirmed")

    # The link of the email gives the place back without signing in; opening it changes nothing.
    stranger = visitor()
    stranger.goto(next(link for link in LINK.findall(mail) if "give-back" in link))
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Cancel your booking?")
    second.reload()
    expect(second.locator("main")).to_contain_text("Confirmed")
    stranger.get_by_role("button", name="Cancel booking").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Booking cancelled")


ONE_PLACE_EVENT = """
from datetime import timedelta
from django.utils import timezone
from courses import actions
from courses.models import Course, Trainer, Venue
now = timezone.now()
start = now + timedelta(days=40)
event = actions.create_event(
    course=Course.objects.get(title="Gangs"), by=None, sessions=[(start, start + timedelta(hours=3))], capacity=2,
    venue=Venue.objects.first(), trainers=[Trainer.objects.get(name="Kezia Mensah")], double_booking_reason="A test.",
)
print(actions.publish(event=event, by=None, now=now).reference)
"""
