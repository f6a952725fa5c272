"""Chromium and the real site. Skipped where there is no Chromium; in CI it must be there."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.every_page import pages_of
from tests.browser.site import BASE, running_site

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items):
    # In no group: groups go first, and where Playwright's loop once runs Django refuses its database in that process.
    # As they stand they come last, after all tests with a database, on every process with a site of its own.
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The real site with the strategy and the demo data, on processes of its own."""
    if not CHROMIUM:
        pytest.skip("needs Chromium: apt-get install chromium")
    if not (BASE / "var/assets/wscb.css").exists():
        pytest.skip("needs the built assets: make assets")
    with running_site(tmp_path_factory.mktemp("site")) as running:
        running.manage("demo")
        running.start_all()
        yield running


@pytest.fixture(scope="session")
def pages(site) -> dict[str, list]:
    """Every page of HTML of the table in tests/pages, by the role that looks at it: name and address."""
    return pages_of(site)


@pytest.fixture(scope="session")
def chromium():
    """Headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium, site):
    """Return a function that opens a fresh browser for somebody: `visitor()`, `visitor(PHONE)`."""
    contexts = []

    def arrive(viewport=DESKTOP, **options):
        context = chromium.new_context(viewport=viewport, **{"base_url": site.url} | options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield arrive
    for context in contexts:
        context.close()
