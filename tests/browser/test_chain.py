"""From a booking to the manager's answer on the real site, with its worker and beat: the emails come by themselves.

The four questionnaires are filled in on a phone, by the keyboard alone and without JavaScript. Beat finds that it was
down for three days each time, as after a long weekend: every job is due at once, and each email still comes once.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_first_booking import DEMO_PASSWORD, LINK, sign_in
from tests.shell import Shell

WORLD = """
from datetime import timedelta
from django.utils import timezone
from bookings import actions
from courses import actions as courses
from evaluations import actions as evaluations
from evaluations.forms import form_for
from evaluations.models import Evaluation
from notifications.models import Message
from tests.factories import CourseFactory, OrganisationFactory, UserFactory, make_event, make_lead
school = OrganisationFactory(name="Chain Primary School")
lead = make_lead(school, email="lead@chain.example", full_name="Li Wei", password=None)
learner = UserFactory(
    organisation=school, email="nadia@chain.example", full_name="Nadia O'Brien", password="{password}"
)
others = UserFactory.create_batch(4, organisation=school, password=None)
course = CourseFactory(title="Chains of neglect", outcomes="Recognise neglect early")
event = make_event(days=20, capacity=12, course=course)
for person in others:
    actions.book(event=event, person=person, by=person, now=timezone.now())

def move(starts_in):
    session = event.sessions.get()
    session.starts_at = timezone.now() + timedelta(hours=starts_in)
    session.ends_at = session.starts_at + timedelta(hours=3)
    session.save()
    courses.settle(event=event, by=None)
    event.refresh_from_db()

def attend():
    marks = {{(booking.pk, event.sessions.get().pk): "attended" for booking in event.bookings.confirmed()}}
    actions.mark_attendance(event=event, marks=marks, seen={{}}, by=None, now=timezone.now())
    actions.close_register(event=event, by=None, now=timezone.now())

def others_answer(kind, numbers):
    for person, number in zip(others, numbers, strict=True):
        form = Evaluation.objects.get(booking__event=event, booking__person=person, kind=kind)
        typed = {{}}
        for name, question, _ in form_for(form).parts:
            if question.type in ("scale", "outcomes"):
                typed[name] = str(number)
            elif question.type in ("long", "short"):
                typed[name] = "Asked earlier"
            elif question.type == "one_of":
                typed[name] = question.option_list[0]
        filled = form_for(form, typed)
        assert filled.is_valid(), filled.errors
        evaluations.submit(form=form, answers=filled.answers(), share_with_manager=False, now=timezone.now())
"""


def fill_by_keyboard(page, number: int, words: str) -> None:
    """Fill in the form and send it with the keyboard alone: every scale with this number, every text with the words."""
    page.locator("h1").wait_for()
    for _ in range(90):
        page.keyboard.press("Tab")
        tag, kind, name, said = page.evaluate(
            "(e => [e.tagName, e.type || '', e.name || '', e.textContent.trim()])(document.activeElement)"
        )
        if kind == "radio":
            page.keyboard.press("Space")
            scale = page.locator(f"input[name='{name}']").count() == 5
            for _ in range(number - 1 if scale else 0):
                page.keyboard.press("ArrowRight")
        elif kind == "checkbox":
            page.keyboard.press("Space")
        elif tag == "TEXTAREA" or kind == "text":
            page.keyboard.type(words)
        elif said == "Send my answers":
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
            return
    raise AssertionError("The button was not reached by Tab.")


def link_of(site, address: str, about: str) -> str:
    """Wait for the email and return the link in it to answer."""
    mail = site.mail_to(address, about=about)
    return next(link for link in LINK.findall(mail) if "/feedback/" in link)


def row(page, heading: str) -> list[str]:
    """Return what the cells of a table's row say."""
    cells = page.locator("tr", has=page.get_by_role("rowheader", name=heading, exact=True)).locator("td")
    return [" ".join(cell.split()) for cell in cells.all_inner_texts()]


@pytest.mark.thorough
def test_from_the_booking_to_the_managers_answer_and_the_results(visitor, site):
    """Before 3 2 2 1 2, after 5 4 4 4 3, twelve weeks on 4 4 3 3 3, the manager 5 4 4 4 4: 2.0, 4.0, 3.4 and 4.2."""
    shell = Shell(site.environment)
    try:
        run_chain(visitor, site, shell)
    finally:
        shell.close()


def run_chain(visitor, site, shell) -> None:
    shell.run(WORLD.format(password=DEMO_PASSWORD))
    reference = shell.value("event.reference")
    learner = visitor(PHONE, java_script_enabled=False)
    sign_in(learner, "nadia@chain.example")
    learner.goto(f"/events/{reference}/book/")
    learner.get_by_role("button", name="Confirm booking").click()
    expect(learner.get_by_role("heading", level=1)).to_contain_text("booked")

    phone = visitor(PHONE, java_script_enabled=False)  # not signed in
    shell.run("move(20)")
    site.wake_beat(days=3)
    phone.goto(link_of(site, "nadia@chain.example", "Two minutes before your course"))
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    fill_by_keyboard(phone, 3, "To know whom to tell")
    shell.run("others_answer('pre', [2, 2, 1, 2])")

    shell.run("move(-4)\nattend()")
    site.wake_beat(days=3)
    phone.goto(link_of(site, "nadia@chain.example", "Three minutes about your course"))
    fill_by_keyboard(phone, 5, "Ring the school nurse")
    shell.run("others_answer('post', [4, 4, 4, 3])")

    shell.run("move(-24 * 7 * 12 - 30)")
    site.wake_beat(days=3)
    phone.goto(link_of(site, "nadia@chain.example", "What became of it?"))
    expect(phone.locator("form.wscb-questions")).to_contain_text("“Ring the school nurse”")
    fill_by_keyboard(phone, 4, "I rang her twice")
    shell.run("others_answer('impact_learner', [4, 3, 3, 3])")
    phone.goto(link_of(site, "lead@chain.example", "about the training of your staff"))
    phone.get_by_role("link", name=re.compile("Nadia O'Brien")).click()
    phone.get_by_text("What they answered themselves").click()
    expect(phone.get_by_text("I rang her twice").first).to_be_visible()  # she ticked that her manager may read it
    fill_by_keyboard(phone, 5, "She asks earlier")
    expect(phone.get_by_role("heading", name="4 more forms to answer")).to_be_visible()
    phone.get_by_role("button", name=re.compile("^Next")).click()
    expect(phone.get_by_role("button", name="Send my answers")).to_be_visible()
    shell.run("others_answer('impact_manager', [4, 4, 4, 4])")

    board = visitor()
    sign_in(board, "board@demo.example")
    board.goto(f"/results/events/{reference}/")
    assert row(board, "Twelve weeks later: manager") == ["5", "5", "100%"]
    after, later = "+2.00 2.00 to 4.00 5 people", "+1.40 2.00 to 3.40 5 people"
    assert row(board, "Confidence to act on a concern") == [after, later, "No data"]
    assert row(board, "Recognise neglect early") == [after, later, "+2.20 2.00 to 4.20 5 people"]
    kinds = shell.value("sorted(Message.objects.filter(to='nadia@chain.example').values_list('kind', flat=True))")
    assert [kind for kind in kinds if kind.startswith("evaluations/")] == [
        f"evaluations/{k}" for k in ("impact", "post", "pre")
    ]
