"""Every address of the site has its line in tests/pages/table.py, which says who may open it."""

from pathlib import Path

from django.contrib import admin
from django.urls import URLResolver, get_resolver

from tests.pages.table import ADMIN, ADMIN_PAGES, LOOKED_AT_BY, OWN_TABLES, PAGES

BASE = Path(__file__).resolve().parents[2]
USUAL = ("changelist", "add", "change", "delete", "history", "simple_history")


def every_address(patterns=None, namespace: str = "") -> dict[str, str]:
    """Return the route of every address by its name."""
    found = {}
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = namespace + (f"{pattern.namespace}:" if pattern.namespace else "")
            found |= every_address(pattern.url_patterns, inner)
        elif pattern.name:
            found[namespace + pattern.name] = str(pattern.pattern)
    return found


def test_every_address_has_its_line():
    """Names an address that nobody has said who may open, so that none goes out unguarded."""
    elsewhere = tuple(OWN_TABLES)
    addresses = {name for name in every_address() if not name.startswith(("admin:", *elsewhere))}
    missing, gone = sorted(addresses - set(PAGES)), sorted(set(PAGES) - addresses)
    assert not missing, f"Say in tests/pages/table.py who may open: {', '.join(missing)}"
    assert not gone, f"Take out of tests/pages/table.py what is no more: {', '.join(gone)}"


def test_the_tables_elsewhere_are_there():
    """And name something of what they are said to hold; somebody looks at each of their pages."""
    assert set(LOOKED_AT_BY) == set(OWN_TABLES)
    for beginning, file in OWN_TABLES.items():
        assert beginning.partition(":")[2].rstrip("_") in (BASE / file).read_text(), (
            f"{file} says nothing of {beginning}"
        )


def test_every_page_of_the_admin_has_its_line():
    models = {model._meta.label_lower: model for model in admin.site._registry}
    assert set(models) == set(ADMIN), "Say in tests/pages/table.py (ADMIN) what T&D and a superuser may do with each"
    usual = {f"{label.replace('.', '_')}_{verb}" for label in models for verb in USUAL} | {
        "index",
        "view_on_site",
    }
    pages = {name.removeprefix("admin:") for name in every_address() if name.startswith("admin:")} - usual
    assert pages == set(ADMIN_PAGES), "Say in tests/pages/table.py (ADMIN_PAGES) how each of these pages answers"
