"""The floor: the smallest Django page of 20 rows. Served with the product's settings, but no middleware."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.template import Context, Template
from django.urls import path

PAGE = "<!DOCTYPE html><title>Events</title><ul>{% for row in rows %}<li>{{ row.0 }} {{ row.1 }}</li>{% endfor %}</ul>"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wscb_training.settings")
django.setup()
template = Template(PAGE)


def rows(request):
    """Answer with 20 rows from one query."""
    from courses.models import Event

    twenty = Event.objects.values_list("reference", "starts_at")[:20]
    return HttpResponse(template.render(Context({"rows": list(twenty)})))


urlpatterns = [path("", rows)]
settings.ROOT_URLCONF, settings.MIDDLEWARE = "benchmarks.minimal", []
application = WSGIHandler()
