"""A site with workers of its own that may be killed: for the tests of what is sent, and for measuring it."""

import os
import signal

from tests.browser.site import Site, wait_for
from tests.shell import Shell

WORKER = ("celery", "-A", "wscb_training", "worker", "--concurrency", "1", "--loglevel", "WARNING")


class Workers:
    """The site, a Python in it, and its workers by name."""

    def __init__(self, site: Site):
        self.site, self.shell = site, Shell(site.environment)

    def start(self, name: str = "worker") -> None:
        """Start a worker."""
        self.site.start(name, *WORKER)

    def kill(self, name: str = "worker") -> None:
        """Kill a worker with -9, with all of its processes."""
        process = self.site.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_all(self) -> None:
        """Kill every worker that runs."""
        for name in list(self.site.processes):
            self.kill(name)

    def hand_out(self, *tasks: str) -> None:
        """Hand tasks to the workers, as beat does: "notifications.tasks.deliver_due"."""
        self.shell.run("from celery import current_app\n" + "".join(f"current_app.send_task({t!r})\n" for t in tasks))

    def wait(self, expression: str, what: str, *, seconds: float = 90) -> None:
        """Wait until an expression is true in the site's database."""
        wait_for(lambda: self.shell.value(expression), what, seconds=seconds)

    def mails(self) -> list[tuple[str, str]]:
        """Return (recipient, whole email) of each email that went out, as they lie in the mail folder."""
        texts = [file.read_text(errors="replace") for file in (self.site.folder / "mail").iterdir()]
        mails = [mail for text in texts for mail in text.split("-" * 79 + "\n") if "\nTo: " in mail]
        return [(mail.partition("\nTo: ")[2].partition("\n")[0], mail) for mail in mails]

    def begin(self) -> None:
        """Begin a test: no worker, no task, no message and no email of the one before."""
        self.kill_all()
        self.shell.run(
            "from celery import current_app\nfrom notifications.models import Message\n"
            "from django.utils import timezone\ncurrent_app.control.purge()\nMessage.objects.all().delete()\n"
        )
        for file in (self.site.folder / "mail").iterdir():
            file.unlink()
