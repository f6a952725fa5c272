"""`manage.py demo_people`: who can sign in to the demo."""

from django.core.management.base import BaseCommand

from monitoring import demo


class Command(BaseCommand):
    help = "Say which demo people can sign in, and with which password."

    def handle(self, *args, **options):
        if not demo.exists():
            return
        self.stdout.write(f"\n  Demo people (password {demo.DEMO_PASSWORD}):")
        for email, name, _, _, _, purpose in demo.DEMO_PEOPLE:
            self.stdout.write(f"    {email:26} {name:18} {purpose}")
