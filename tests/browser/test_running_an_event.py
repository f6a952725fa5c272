"""A two-day event, from planning to a certificate checked by its QR code: the real site, worker and documents."""

import io
import re
import shutil
import subprocess
from datetime import timedelta

import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import problems
from tests.browser.test_first_booking import LINK, sign_in
from tests.browser.test_register import TABLET

COURSE = "Working with Gangs"
A4 = (595, 842)  # points

BOOK_19 = """
from django.utils import timezone
from accounts.models import User
from bookings import actions
from courses.models import Event
event = Event.objects.get(reference="{reference}")
people = User.objects.filter(email__isnull=False, organisation__isnull=False, group__isnull=False, is_active=True)
people = people.exclude(email="learner@demo.example").exclude(organisation__requires_approval=True).order_by("pk")
for person in people:
    if Event.objects.get(pk=event.pk).held_vcs + Event.objects.get(pk=event.pk).held_other == 19:
        break
    try:
        actions.book(event=event, person=person, by=person, now=timezone.now(), override_reason="Rang us")
    except actions.Refused:
        pass
print("booked")
"""
# Only the clock is helped along: two days and a week are long for a test.
MOVE_TO = """
from datetime import timedelta
from django.utils import timezone
from courses import actions
from courses.models import Event
event = Event.objects.get(reference="{reference}")
for session, start in zip(event.sessions.all(), {starts}):
    session.starts_at = timezone.now() + timedelta(minutes=start)
    session.ends_at = session.starts_at + timedelta(hours=3)
    session.save()
actions.settle(event=event, by=None)
print("moved")
"""


# For a batch of all at once, as where T&D has switched the condition off.
WAIT_FOR_QUESTIONS = """
from accounts.models import Policy
Policy.objects.update_or_create(pk=1, defaults={{"certificate_needs_evaluation": {wait}}})
"""


def choose(page, field: str, words: str) -> None:
    """Choose from one of the admin's search boxes."""
    page.locator(f"#id_{field} + .select2").click()
    page.locator(".select2-search__field").last.fill(words)
    page.locator(".select2-results__option", has_text=words).first.click()


def pdf(page, url: str) -> bytes:
    answer = page.request.get(url)
    assert answer.ok and answer.headers["content-type"] == "application/pdf"
    return answer.body()


def pages_of(content: bytes) -> list[Image.Image]:
    """Return the pages of a PDF as pictures, each A4."""
    for page in PdfReader(io.BytesIO(content)).pages:
        size = sorted(round(float(side)) for side in page.mediabox[2:])
        assert all(abs(side - right) <= 1 for side, right in zip(size, A4, strict=True))
    if not shutil.which("pdftoppm"):
        pytest.skip("needs poppler: apt-get install poppler-utils")
    done = subprocess.run(["pdftoppm", "-png", "-r", "120", "-"], input=content, capture_output=True, check=True)
    parts = done.stdout.split(b"\x89PNG")[1:]
    return [Image.open(io.BytesIO(b"\x89PNG" + part)) for part in parts]


def qr_of(picture: Image.Image) -> str:
    [code] = zxingcpp.read_barcodes(picture)
    return code.text


@pytest.mark.thorough
def test_planned_published_booked_taught_closed_certificated_and_checked(visitor, site):
    td, trainer, learner, stranger = visitor(), visitor(TABLET), visitor(PHONE), visitor()
    reference = plan_and_publish(td)
    address = f"{site.url}/events/{reference}/"

    flyer = pages_of(pdf(stranger, f"/events/{reference}/flyer.pdf"))
    assert len(flyer) == 1 and qr_of(flyer[0]) == address

    site.manage("shell", "-v", "0", "-c", BOOK_19.format(reference=reference))
    sign_in(learner, "learner@demo.example")
    learner.goto(f"{address}book/")
    learner.get_by_role("button", name="Confirm booking").click()
    expect(learner.get_by_role("heading", level=1)).to_contain_text("booked")

    teach(trainer, site, reference)
    assert len(pages_of(pdf(trainer, f"/register/{reference}/register.pdf"))) == 2

    answer_about_the_course(site, learner)
    certificate_is_told_of(site, learner)
    learner.goto("/my-record/")
    link = learner.locator("tr", has_text=COURSE).get_by_role("link", name=re.compile("^Certificate"))
    [certificate] = pages_of(pdf(learner, link.get_attribute("href")))
    stranger.goto(qr_of(certificate))
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Genuine")
    expect(stranger.locator("main")).to_contain_text("Chloe O'Brien")

    site.manage("shell", "-v", "0", "-c", WAIT_FOR_QUESTIONS.format(wait=False))
    try:
        all_of_the_event(td, reference)
    finally:
        site.manage("shell", "-v", "0", "-c", WAIT_FOR_QUESTIONS.format(wait=True))


def add_with_sessions(page, days: tuple[int, ...]) -> None:
    """Give the new event in the admin's form a session so many days from now each, and add it."""
    for number, away in enumerate(days):
        day = (timezone.localtime() + timedelta(days=away)).strftime("%d/%m/%Y")
        for end, clock in (("starts_at", "09:30"), ("ends_at", "16:30")):
            page.locator(f"#id_sessions-{number}-{end}_0").fill(day)
            page.locator(f"#id_sessions-{number}-{end}_1").fill(clock)
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".messagelist")).to_contain_text("was added successfully")


def plan_and_publish(td) -> str:
    """Plan a two-day event in the admin, without a superuser's account, and publish it; return its reference."""
    sign_in(td, "td@demo.example")
    td.goto("/admin/courses/event/add/")
    choose(td, "course", COURSE)
    choose(td, "venue", "Professional Centre")
    choose(td, "trainers", "Kezia Mensah")
    td.get_by_label("Capacity").fill("25")
    td.get_by_label("Double booked: the reason").fill("Two rooms")
    td.locator(".add-row a").click()
    add_with_sessions(td, (60, 67))
    reference = re.search(r"E-[A-Z0-9]{5}", td.locator("#content").inner_text())[0]
    td.get_by_role("button", name="Publish").click()
    expect(td.locator(".messagelist")).to_contain_text("is published.")
    return reference


def teach(trainer, site, reference: str) -> None:
    """Take the register of both days, one person absent on the second, and close it."""
    site.manage("shell", "-v", "0", "-c", MOVE_TO.format(reference=reference, starts="[-5, 10080]"))
    sign_in(trainer, "trainer@demo.example")
    trainer.goto(f"/register/{reference}/session/1/")
    trainer.get_by_role("button", name="Mark everyone else present").click()
    expect(trainer.get_by_text("20 present, 20 of 20 marked")).to_be_visible()

    site.manage("shell", "-v", "0", "-c", MOVE_TO.format(reference=reference, starts="[-12960, -2880]"))
    trainer.goto(f"/register/{reference}/session/2/")
    other = trainer.locator("[data-booking]").filter(has_not_text="Chloe O'Brien").first
    other.get_by_label("Absent").check()
    expect(trainer.get_by_text("0 present, 1 of 20 marked")).to_be_visible()
    trainer.get_by_role("button", name="Mark everyone else present").click()
    expect(trainer.get_by_text("19 present, 20 of 20 marked")).to_be_visible()
    trainer.goto(f"/register/{reference}/close/")
    trainer.get_by_role("button", name="Close the register").click()
    expect(trainer.get_by_text("The register is closed.")).to_be_visible()


def answer_about_the_course(site, learner) -> None:
    """Answer the questions that the certificate waits for, by the link of the email, on a phone."""
    site.manage("shell", "-v", "0", "-c", "from evaluations.tasks import run_chain; run_chain.delay()")
    mail = site.mail_to("learner@demo.example", about=f"Three minutes about your course: {COURSE}")
    learner.goto("/my-record/")
    expect(learner.locator("tr", has_text=COURSE)).to_contain_text("Answer now")
    learner.goto(next(link for link in LINK.findall(mail) if "/feedback/link/" in link))
    assert problems(learner) == []
    for scale in learner.locator(".wscb-questions input[value='4']").all():
        scale.check()
    for text in learner.locator(".wscb-questions textarea").all():
        text.fill("Ask the school nurse earlier")
    learner.get_by_role("button", name="Send my answers").click()
    expect(learner.get_by_role("heading", level=1)).to_have_text("Thank you")


def certificate_is_told_of(site, learner) -> None:
    """Hand the beat's job to the worker now, and wait for the email."""
    task = "from learning.tasks import tell_of_certificates; tell_of_certificates.delay()"
    site.manage("shell", "-v", "0", "-c", task)
    mail = site.mail_to("learner@demo.example", about="certificate is ready")
    assert "/my-record/" in mail


def all_of_the_event(td, reference: str) -> None:
    """T&D gets all certificates as one PDF, made by the worker while the page shows how far it is."""
    td.goto(f"/register/{reference}/certificates/")
    td.get_by_role("button", name="Make 19 certificates as one PDF").click()
    link = td.get_by_role("link", name=f"Download certificates-{reference}.pdf")
    expect(link).to_be_visible(timeout=30_000)
    answer = td.request.get(link.get_attribute("href"))
    assert len(PdfReader(io.BytesIO(answer.body())).pages) == 19
