"""`manage.py prepare`: all that lies between an installed site and a running one, in one process."""

from django.core.management import call_command
from django.core.management.base import BaseCommand

from wscb_training.starting import alone


class Command(BaseCommand):
    help = "Check the settings, migrate, load the strategy and collect the static files. Safe to repeat."
    requires_system_checks = "__all__"  # a wrong setting is told before anything is written

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="make the demo data too, where nobody is yet")

    def handle(self, *args, demo, **options):
        with alone():
            call_command("migrate", verbosity=0)
            call_command("load_strategy", stdout=self.stdout)
            if demo:
                call_command("demo", stdout=self.stdout)
        call_command("collectstatic", interactive=False, verbosity=0)
