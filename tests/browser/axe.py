"""What is wrong with a page in the browser for people with disabilities: by axe-core, and by its width."""

from functools import cache

from tests.browser.site import BASE

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
RULES = (*WCAG, "best-practice")
# Only what is wrong comes back: all that is right would be megabytes a page, and three quarters of the time.
RUN = "rules => axe.run({runOnly: rules}).then(result => result.violations)"


@cache
def _source() -> str:
    return (BASE / "static/node_modules/axe-core/axe.min.js").read_text()


def violations(page, rules: tuple[str, ...] = RULES) -> list[str]:
    """Return what axe finds against these rules in the page as it stands, each with the first element that has it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    return [f"{found['id']}: {found['nodes'][0]['html'][:120]}" for found in page.evaluate(RUN, list(rules))]


def sideways(page) -> bool:
    """Return whether something on the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
