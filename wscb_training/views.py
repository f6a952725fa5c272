"""What a balancer asks, and the pages for what went wrong: no database, no person, only the Board's words."""

from django.db import connection
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseServerError
from django.template.loader import render_to_string

from wscb_training.context_processors import board_context


def health(request) -> HttpResponse:
    """Return "ok" when this process answers and reaches the database; fails with 500 otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def live(request) -> HttpResponse:
    """Return "ok" when this process answers at all: asked by what restarts it, so it asks nothing further."""
    return HttpResponse("ok", content_type="text/plain")


def bad_request(request, exception) -> HttpResponseBadRequest:
    """Return the page for what can't be read."""
    return HttpResponseBadRequest(render_to_string("400.html", board_context()))


def server_error(request) -> HttpResponseServerError:
    """Return the page for a fault of ours."""
    return HttpResponseServerError(render_to_string("500.html", board_context()))
