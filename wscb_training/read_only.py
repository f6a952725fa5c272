"""Maintenance with the pages still there: everybody may look, nobody may change anything (READ_ONLY=on)."""

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.shortcuts import render

SAFE = ("GET", "HEAD", "OPTIONS")
SAYS_SO = ("read-only transaction", "readonly database", "read only")
RETRY_AFTER = 600  # seconds


class ReadOnlyMiddleware:
    """Answers whatever would change something with a page that says why, and 503. The database refuses writes too."""

    def __init__(self, get_response):
        if not settings.READ_ONLY:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request) if request.method in SAFE else _refusal(request)

    def process_exception(self, request, exception):
        """A page that looks and would write on the way: the database said no."""
        if isinstance(exception, DatabaseError) and any(words in str(exception) for words in SAYS_SO):
            return _refusal(request)
        return None


def _refusal(request):
    response = render(request, "read_only.html", status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response
