"""`manage.py restore`: puts a backup back, counts it again, and brings it up to this version."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from wscb_training import backups


class Command(BaseCommand):
    help = "Put a backup back: all of the database and the uploads. Stop web, workers and beat first."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="what `manage.py backup` wrote")
        parser.add_argument("--replace", action="store_true", help="although there are people in the database")

    def handle(self, *args, file, replace, **options):
        try:
            manifest = backups.restore(file, replace=replace)
        except backups.CannotRestore as problem:
            raise CommandError(str(problem)) from problem
        call_command("migrate", verbosity=0)
        rows = sum(manifest["rows"].values())
        self.stdout.write(f"Put back as of {manifest['made_at']}: {rows:,} rows, counted again.")
