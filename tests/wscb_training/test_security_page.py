"""SECURITY.md goes through every point of ASVS 4.0.3 level 2 once, and what it points to is there."""

import re
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
PAGE = (BASE / "SECURITY.md").read_text()
# The standard's numbers of level 2 and below; some numbers were taken out of it, and some are level 3.
LEVEL_2 = """
1.1:1-7 1.2:1-4 1.4:1,4,5 1.5:1-4 1.6:1-4 1.7:1,2 1.8:1,2 1.9:1,2 1.10:1 1.11:1,2 1.12:2 1.14:1-6
2.1:1-12 2.2:1-3 2.3:1-3 2.4:1-5 2.5:1-7 2.6:1-3 2.7:1-6 2.8:1-7 2.9:1-3 2.10:1-4
3.1:1 3.2:1-4 3.3:1-4 3.4:1-5 3.5:1-3 3.7:1 4.1:1,2,3,5 4.2:1,2 4.3:1-3
5.1:1-5 5.2:1-8 5.3:1-10 5.4:1-3 5.5:1-4 6.1:1-3 6.2:1-6 6.3:1,2 6.4:1,2 7.1:1-4 7.2:1,2 7.3:1,3,4 7.4:1-3
8.1:1-4 8.2:1-3 8.3:1-8 9.1:1-3 9.2:1-4 10.2:1,2 10.3:1-3 11.1:1-8
12.1:1-3 12.2:1 12.3:1-6 12.4:1,2 12.5:1,2 12.6:1 13.1:1,3,4,5 13.2:1,2,3,5,6 13.3:1,2 13.4:1,2
14.1:1-4 14.2:1-6 14.3:2,3 14.4:1-7 14.5:1-4
"""


def wanted() -> list[str]:
    found = []
    for section, numbers in re.findall(r"([\d.]+):([\d,-]+)", LEVEL_2):
        for part in numbers.split(","):
            first, _, last = part.partition("-")
            found += [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]
    return found


def test_every_point_has_one_answer():
    rows = re.findall(r"^\| ([\d., ]+) \| ([✔◐▲–✘]) \| (.+) \|$", PAGE, re.MULTILINE)
    answered = [point.strip() for points, _, words in rows for point in points.split(",") if words.strip()]
    assert sorted(answered) == sorted(wanted())
    assert len(answered) == 259


def test_what_it_points_to_is_there():
    paths = set(
        re.findall(r"`((?:\.ci|accounts|bookings|learning|monitoring|templates|tests|wscb_training)/[\w./-]*)`", PAGE)
    )
    commands = set(re.findall(r"(tests/[\w./]+)", PAGE))
    assert len(paths) > 20
    assert [path for path in sorted(paths | commands) if not (BASE / path).exists()] == []
