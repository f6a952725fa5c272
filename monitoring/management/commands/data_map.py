"""Write docs/data-map.md from the table in the code."""

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.models import Policy
from monitoring.privacy.data_map import as_markdown


class Command(BaseCommand):
    help = "Writes docs/data-map.md: which personal data is held, why, and when it goes."

    def handle(self, *args, **options):
        path = settings.BASE_DIR / "docs/data-map.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(as_markdown(Policy()), encoding="utf-8")
        self.stdout.write(f"Written: {path}")
