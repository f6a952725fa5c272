"""How much comes over the line for a page, and how much memory and processor time the web processes take."""

import http.client
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.load import get_page

PUBLIC = ("/", "/events/", "/events/calendar/", "/courses/", "/courses/?by=subject", "/groups/")
SIGNED_IN = ("/events/", "/courses/", "/my-training/", "/my-pathway/")
PART = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"')


def weigh(url: str, world: dict) -> dict[str, int]:
    """Return the bytes of each page with its style sheet and script, as a browser gets them; no fonts, no pictures."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    asked = {page: (page, "") for page in PUBLIC}
    asked |= {f"{page} signed in": (page, world["sessions"][0]) for page in SIGNED_IN}
    return {name: _weight(connection, *page) for name, page in asked.items()}


def _weight(connection, page: str, session: str) -> int:
    parts = PART.findall(get_page(connection, page, session).decode())
    assert parts, f"{page} names no style sheet"
    ways = [(page, session), *((part, "") for part in parts)]
    return sum(len(get_page(connection, *way, accept="br, gzip")) for way in ways)


def memory_of(pid: int) -> int:
    """Return the bytes that the largest child of a process takes: its own, and its share of what several use.

    That is the proportional set size of gunicorn's largest worker: what one more would cost is less, its own alone.
    """
    children = [_field(status, "Pid") for status in _statuses() if _field(status, "PPid") == pid]
    return max(_field(Path(f"/proc/{child}/smaps_rollup").read_text(), "Pss") * 1024 for child in children)


def cpu_of(pid: int) -> float:
    """Return the seconds of processor time that the children of a process have taken: gunicorn's workers."""
    stats = [Path(f"/proc/{_field(status, 'Pid')}/stat") for status in _statuses() if _field(status, "PPid") == pid]
    ticks = [stat.read_text().rpartition(")")[2].split()[11:13] for stat in stats]
    return sum(int(user) + int(system) for user, system in ticks) / os.sysconf("SC_CLK_TCK")


def _statuses() -> list[str]:
    found = []
    for file in Path("/proc").glob("[0-9]*/status"):
        try:
            found.append(file.read_text())
        except OSError:  # it has ended meanwhile
            continue
    return found


def _field(status: str, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+)", status, re.MULTILINE)
    return int(found[1]) if found else 0
