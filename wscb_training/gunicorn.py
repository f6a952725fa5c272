"""How gunicorn serves the site: `gunicorn --config python:wscb_training.gunicorn wscb_training.wsgi`."""

import ctypes
import gc
import platform
import tempfile

# glibc gives each thread memory of its own to hand out, and keeps it: 25 MB a process with eight threads. One is enough
# where one thread at a time runs Python.
ARENA_MAX = -8  # M_ARENA_MAX of malloc.h
if platform.libc_ver()[0] == "glibc":
    ctypes.CDLL(None).mallopt(ARENA_MAX, 1)

# The site is loaded once, and all processes share the memory that this takes: with two, each counts for a third less.
preload_app = True

# Where the processes of this gunicorn add up their numbers for Prometheus: a folder of its own, new at each start.
raw_env = [f"PROMETHEUS_MULTIPROC_DIR={tempfile.mkdtemp(prefix='wscb-metrics-')}"]

# A search of 10,000 letters reaches the page, which cuts it; the default of 4,094 answers it with a bare "Bad Request".
limit_request_line = 0
# What is being answered when the site is told to stop has this long to end, well within Docker's ten seconds.
graceful_timeout = 5
# One socket for all gunicorns of a person would be one for the tests' and the site's.
control_socket_disable = True


def when_ready(server) -> None:
    """Leave what is loaded alone from now on: a collector that looks at it would copy it into every process."""
    gc.collect()
    gc.freeze()


def child_exit(server, worker) -> None:
    """Forget the live numbers of a process that has ended."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
