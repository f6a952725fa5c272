"""What an address may hold. Nothing of the domain."""

from django.http import Http404

REPLACEMENT = "%EF%BF%BD"  # U+FFFD, what stands where something can't be read


class ReadableMiddleware:
    """Lets no null character of an address further in: nobody types one, and PostgreSQL keeps none.

    A page by such a name is not there; in what was asked of a page it is a sign like another that matches nothing.
    Forms refuse it by themselves, and so does the interface for machines, in its own words.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith("/api/"):
            if "\x00" in request.path_info:
                raise Http404("A null character in the address")
            request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", REPLACEMENT)
        return self.get_response(request)
