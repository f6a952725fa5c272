"""What a balancer asks, and the pages for what went wrong: no database, no person, only the Board's words."""

import sys

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseServerError
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse

from wscb_training.addresses import is_ours
from wscb_training.context_processors import board_context

BACK_IN = 30  # seconds: a database is restarted in less


def health(request) -> HttpResponse:
    """Return "ok" when this process answers and reaches the database; fails with 500 otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def live(request) -> HttpResponse:
    """Return "ok" when this process answers at all: asked by what restarts it, so it asks nothing further."""
    return HttpResponse("ok", content_type="text/plain")


def admin_login(request, extra_context=None) -> HttpResponse:
    """Lead to the one way in, which has the limits and the second factor; 403 for who is no staff of the admin."""
    wanted = request.GET.get("next", "")
    if not is_ours(request, wanted):
        wanted = reverse("admin:index")
    if not request.user.is_authenticated:
        return redirect_to_login(wanted)
    if not admin.site.has_permission(request):
        raise PermissionDenied
    return redirect(wanted)


def bad_request(request, exception) -> HttpResponseBadRequest:
    """Return the page for what can't be read."""
    return HttpResponseBadRequest(render_to_string("400.html", board_context()))


def server_error(request) -> HttpResponse:
    """Return the page for a fault of ours: 500, or 503 while the database is away, so that who asks comes back."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        page = render_to_string("503.html", board_context())
        return HttpResponse(page, status=503, headers={"Retry-After": str(BACK_IN)})
    return HttpResponseServerError(render_to_string("500.html", board_context()))
