"""What an address may hold. Nothing of the domain."""

from django.core.exceptions import BadRequest


class ReadableMiddleware:
    """Refuses an address with a null character in it: nobody types one, and PostgreSQL keeps none.

    Forms refuse it by themselves, and so does the interface for machines, in its own words.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        has_null = "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", "")
        if has_null and not request.path_info.startswith("/api/"):
            raise BadRequest("A null character in the address")
        return self.get_response(request)
