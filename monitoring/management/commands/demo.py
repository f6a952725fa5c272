"""`manage.py demo`: lifelike data to try the site out."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from monitoring import demo
from wscb_training.starting import alone


class Command(BaseCommand):
    help = "Make the demo data once; with --reset delete everything first and make it afresh."

    def add_arguments(self, parser):
        parser.add_argument("--reset", action="store_true", help="delete all people, events and bookings first")
        parser.add_argument("--full", action="store_true", help="the whole borough: 6,000 people, two programme years")
        parser.add_argument("--force", action="store_true", help="even where real people have signed up")

    def handle(self, *args, **options):
        with alone():
            self._make(**{name: options[name] for name in ("reset", "full", "force")})

    def _make(self, *, reset: bool, full: bool, force: bool) -> None:
        if demo.exists() and not reset:
            self.stdout.write("The demo data is there already. To make it afresh: make demo")
            return
        if not force and (not settings.EMBEDDED and not settings.DEMO):
            raise CommandError("This is no demo site. Set DEMO=on if it should be one.")
        real = User.objects.exclude(email__isnull=True).exclude(email__endswith="@demo.example").count()
        if reset and real and not force:
            raise CommandError(
                f"{real} of the people here are not of the demo, and all would be deleted. "
                "If that is meant: manage.py demo --reset --force"
            )
        if reset:
            demo.reset()
        elif User.objects.exists():
            self.stdout.write("There are people here already, so no demo data is made.")
            return
        start = time.monotonic()
        demo.make(say=lambda step: self._say(step, start), full=full)
        self.stdout.write(f"The demo data was made in {time.monotonic() - start:.1f} seconds.")

    def _say(self, step: str, start: float) -> None:
        self.stdout.write(f"Demo: {step} ({time.monotonic() - start:.0f} s)")
        self.stdout.flush()
