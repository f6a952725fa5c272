"""Headers beside Django's and django-csp's: what the browser may use, what it may keep. Nothing of the domain."""

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_cache_control


class PermissionsMiddleware:
    """Switches off what of the browser no page uses, and keeps our answers out of other sites' pages."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = ", ".join(f"{feature}=()" for feature in settings.PERMISSIONS_OFF)

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.policy)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class CompressedPagesMiddleware(GZipMiddleware):
    """Compresses pages, with Django's own guard against guessing by size; what is no text gains nothing."""

    def process_response(self, request, response):
        if response.headers.get("Content-Type", "").startswith("text/"):
            return super().process_response(request, response)
        return response


class NothingKeptMiddleware:
    """Tells browsers to keep no page of somebody signed in: on a shared computer the next one could go back to it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        # Only where the page looked who is there: no query for those that are the same for everybody.
        if request.session.accessed and SESSION_KEY in request.session:
            patch_cache_control(response, private=True, no_store=True)
        return response
