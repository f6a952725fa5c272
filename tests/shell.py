"""A Python that stays, in the database and folder of a site under test: no start of Django for each thing it does."""

import json
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parents[1]
LOOP = """
import contextlib, io, json, sys, traceback
import django
django.setup()
names = {}
for line in sys.stdin:
    said, problem = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(said):
            exec(json.loads(line), names)
    except BaseException:
        problem = traceback.format_exc()
    print(json.dumps([said.getvalue(), problem]), flush=True)
"""


class Shell:
    """One such Python; names that are set stay."""

    def __init__(self, environment: dict):
        environment = {**environment, "DJANGO_SETTINGS_MODULE": "wscb_training.settings", "PYTHONPATH": str(BASE)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", LOOP], cwd=BASE, env=environment, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )  # fmt: skip

    def run(self, code: str) -> str:
        """Run some lines and return what they printed; fails with the traceback of what they raised."""
        print(json.dumps(code), file=self.process.stdin, flush=True)
        said, problem = json.loads(self.process.stdout.readline())
        assert not problem, problem
        return said.strip()

    def value(self, expression: str):
        """Return the value of an expression, as JSON carries it."""
        return json.loads(self.run(f"import json\nprint(json.dumps({expression}))"))

    def close(self) -> None:
        """End it."""
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=20)
