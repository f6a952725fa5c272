"""What a web process loads before it answers: nothing that only documents and charts need."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

HEAVY = [
    "weasyprint",
    "fontTools",
    "pygal",
    "holidays.countries.france",
    "pandas",
    "numpy",
    "schemathesis",
    "hypothesis",
    "pytest",
    "faker",
]
START = """
import json, os, sys
import django
django.setup()
from django.contrib import admin
import wscb_training.wsgi, wscb_training.urls
from django.urls import get_resolver
get_resolver().url_patterns
resident = int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024**2
print(json.dumps({"modules": list(sys.modules), "admin": len(admin.site._registry), "megabytes": resident}))
"""
MOST = 130  # megabytes of a web process, as docs/performance.md promises


@pytest.fixture(scope="module")
def started() -> dict:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "wscb_training.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    done = subprocess.run([sys.executable, "-c", START], env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", HEAVY)
def test_leaves_out_what_is_heavy(started, name):
    assert started["admin"] > 20  # the whole administration is there
    assert name not in started["modules"]


def test_is_as_small_as_promised(started):
    assert started["megabytes"] < MOST
