"""What a web process loads before it answers: nothing that only documents and charts need."""

import json
import os
import platform
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


THREADS = """
import ctypes, sys, threading
import wscb_training.gunicorn
line = threading.Barrier(8)
def work():
    kept = [bytes(1000) for _ in range(1000)]
    line.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc = ctypes.CDLL(None)
libc.fopen.restype, libc.fopen.argtypes = ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_char_p]
libc.malloc_info.argtypes, libc.fclose.argtypes = [ctypes.c_int, ctypes.c_void_p], [ctypes.c_void_p]
file = libc.fopen(sys.argv[1].encode(), b"w")
libc.malloc_info(0, file)
libc.fclose(file)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives threads memory of their own")
def test_its_threads_share_their_memory(tmp_path):
    """Without that a web process of eight threads has some 25 MB more."""
    to, environment = tmp_path / "heaps.xml", {**os.environ, "PYTHONPATH": str(settings.BASE_DIR)}
    subprocess.run([sys.executable, "-c", THREADS, str(to)], env=environment, check=True)
    assert to.read_text().count("<heap nr=") == 1
