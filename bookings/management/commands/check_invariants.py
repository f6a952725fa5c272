"""`manage.py check_invariants`: count everything again and name what is wrong; for engineers, any day."""

import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bookings import invariants
from bookings.models import Booking
from courses.models import Event
from notifications.models import Message
from wscb_training.wording import count


class Command(BaseCommand):
    help = (
        "Look whether any rule about places, waiting lists, records and messages is broken. Changes nothing, names "
        "nobody. Ends with 1 and a line for each breach when something is wrong, else with 0."
    )

    def handle(self, *args, **options):
        start = time.monotonic()
        found = invariants.broken(now=timezone.now())
        for invariant, sentences in found.items():
            self.stdout.write(f"{'WRONG' if sentences else 'holds'}  {invariant.name}")
            for sentence in sentences:
                self.stdout.write(f"       {sentence}")
        looked = ", ".join(
            count(model.objects.count(), name)
            for model, name in ((Event, "event"), (Booking, "booking"), (Message, "message"))
        )
        self.stdout.write(f"Looked at {looked} in {time.monotonic() - start:.1f} seconds.")
        if wrong := sum(len(sentences) for sentences in found.values()):
            raise CommandError(f"{count(wrong, 'thing')} wrong..", returncode=1)
