"""What `make run` starts: all processes must write links to the one address at which the site answers."""

import os
import re
import subprocess

from django.conf import settings
from honcho import environ


def test_every_process_knows_the_port_of_the_site():
    """honcho gives each line of a Procfile a port 100 higher; a worker's emails then led to 8100."""
    lines = environ.parse_procfile((settings.BASE_DIR / "wscb_training/Procfile").read_text()).processes
    ports = {}
    for process in environ.expand_processes(lines, env={"PORT": "8001", "SITE_PORT": "8001"}):
        asked = re.sub(r"\.venv/bin/python .*", "printenv PORT", process.cmd)
        environment = {**os.environ, **process.env}
        ports[process.name] = subprocess.check_output(asked, shell=True, env=environment, text=True).strip()
    assert ports == {"web.1": "8001", "worker.1": "8001", "beat.1": "8001"}
