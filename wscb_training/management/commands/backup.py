"""`manage.py backup`: the database and the uploads in one file."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from wscb_training import backups


class Command(BaseCommand):
    help = (
        "Back up the database and the uploads into one file, while the site runs. It holds personal data: keep it so."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "file", nargs="?", type=Path, help="where to; a file of now in VAR_DIR/backups when not said"
        )

    def handle(self, *args, file, **options):
        now = timezone.localtime()
        path = file or settings.VAR / "backups" / f"wscb-training-{now:%Y-%m-%d-%H%M%S}.tar.gz"
        try:
            manifest = backups.back_up(path, now=now)
        except backups.CannotRestore as problem:
            raise CommandError(str(problem)) from problem
        rows = sum(manifest["rows"].values())
        self.stdout.write(f"{path}: {rows:,} rows of {len(manifest['rows'])} tables, {path.stat().st_size:,} bytes.")
