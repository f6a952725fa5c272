"""All pages of the table in tests/pages, in the running site: who looks at which, and how they sign in."""

import json

from playwright.sync_api import expect

from tests.browser.site import Site
from tests.shell import Shell

ROLES = ("nobody", "learner", "lead", "trainer", "td")  # the first of them who may opens a page
ADMIN = (
    "", "accounts/user/", "accounts/user/add/", "accounts/user/1/change/", "accounts/user/1/history/",
    "accounts/user/1/delete/", "accounts/user/import/", "accounts/user/export/", "accounts/auditentry/",
    "accounts/policy/", "bookings/booking/", "courses/event/", "courses/event/add/", "courses/event/1/change/",
    "courses/event/1/history/", "evaluations/questionnaire/", "monitoring/indicator/", "notifications/message/",
)  # fmt: skip
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


def pages_of(site: Site) -> dict[str, list]:
    """Make the world in this site, and return every page of HTML by the role that looks at it."""
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


def somebody(visitor, role: str, **options):
    """Return the page of a fresh browser, signed in as this role of the world; "nobody" is not."""
    page = visitor(**options)
    if role != "nobody":
        sign_in(page, role)
    return page
