"""One start of the site at a time makes its data: migrations, the strategy, the demo."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import CommandError

SOMEBODY_ELSE = (
    "Another start is making this site's data just now: its tables, the strategy or the demo. "
    "Wait until it has finished, and start again if you still need to."
)
_held = []  # by this process: `prepare` calls `demo`


@contextmanager
def alone() -> Iterator[None]:
    """Keep other starts on this machine from making the same data meanwhile; within itself it holds already.

    Raises CommandError at once, with a sentence, while another process holds it: waiting would end at a taken port.
    The lock is the process's, so it goes with it, killed or not.
    """
    if _held:
        yield
        return
    with (settings.VAR / "starting.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(SOMEBODY_ELSE) from None
        _held.append(file)
        try:
            yield
        finally:
            _held.clear()
