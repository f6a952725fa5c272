"""`manage.py load_strategy`: the strategy's appendices, sectors and courses into the database."""

from django.core.management.base import BaseCommand

from accounts.actions import ensure_roles, load_sectors
from competence.actions import load_pathway
from courses.catalogue import load_catalogue
from evaluations.loading import load_questionnaires
from monitoring.actions import load_priorities, load_standards


class Command(BaseCommand):
    help = "Load what the strategy names: adds what is missing, never overwrites what T&D edited. Safe to repeat."

    def handle(self, *args, **options):
        load_pathway()
        load_sectors()
        load_catalogue()
        load_questionnaires()
        load_priorities()
        load_standards()
        ensure_roles()
        self.stdout.write("The strategy's groups, contents, sectors, subjects, courses and priorities are there.")
