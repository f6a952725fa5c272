"""What the build of the styles writes may carry none of GOV.UK's own marks, and nothing that is not there."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

ASSETS = Path(settings.STATICFILES_DIRS[0])
pytestmark = pytest.mark.skipif(not (ASSETS / "wscb.css").exists(), reason="needs the built assets: make assets")


@pytest.fixture(scope="module")
def css() -> str:
    """Return the built style sheet."""
    return (ASSETS / "wscb.css").read_text()


@pytest.mark.parametrize("mark", ["GDS Transport", "crown", "crest", "govuk-header", "#1d70b8", "#00703c", "#ffdd00"])
def test_the_site_is_not_on_gov_uk_so_its_marks_and_colours_are_absent(css, mark):
    assert mark.lower() not in css.lower()


def test_every_file_that_the_styles_name_is_there(css):
    for address in re.findall(r"url\([\"']?(?!data:)([^)\"']+)", css):
        assert (ASSETS / address).exists(), address


def test_a_page_costs_less_than_60_kb_of_styles_and_script():
    assert sum(len(gzip.compress((ASSETS / name).read_bytes())) for name in ("wscb.css", "wscb.js")) < 60_000
