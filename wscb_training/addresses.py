"""What an address and a form may hold before anything reads it. Nothing of the domain."""

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Field
from django.forms import ModelMultipleChoiceField
from django.http import Http404
from django.utils.http import url_has_allowed_host_and_scheme

REPLACEMENT = "%EF%BF%BD"  # U+FFFD, what stands where something can't be read


def is_ours(request, address: str | None) -> bool:
    """Return whether somebody may be led to an address that was asked for: a path of this site, no name of a page."""
    return bool(address) and address[0] == "/" and url_has_allowed_host_and_scheme(address, {request.get_host()})


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

    def process_exception(self, request, error):
        """Answer 400 for a number larger than SQLite can ask for; PostgreSQL finds nothing by it."""
        if isinstance(error, OverflowError) and "SQLite INTEGER" in str(error):
            raise BadRequest("A number too large for the database") from error


class FittingMiddleware:
    """Leaves out what Django's admin fails on, though no page of it asks for that.

    What an address fills into a new form is shown as it came, and the widgets fail on a number that is none or a date
    in one piece; what is ticked in a list is looked for as it came, and what can be nobody's key fails.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        model_admin = getattr(view, "model_admin", None)
        if not model_admin or not request.user.is_staff:
            return
        name = request.resolver_match.url_name
        if request.GET and name.endswith("_add"):
            fields, given = model_admin.get_form(request).base_fields, request.GET.copy()
            for name in [name for name in given if name in fields and not _fits(fields[name], given[name])]:
                del given[name]
            request.GET = given
        elif name.endswith("_changelist") and ACTION_CHECKBOX_NAME in request.POST:
            key, given = model_admin.model._meta.pk, request.POST.copy()
            chosen = [value for value in given.getlist(ACTION_CHECKBOX_NAME) if _is_key(key, value)]
            given.setlist(ACTION_CHECKBOX_NAME, chosen)
            request.POST = given

    def process_exception(self, request, error):
        """Answer 400 to a form with a key that is none: a look-up fails on it when the form is shown again."""
        is_key = isinstance(error, ValueError) and "expected a number but got" in str(error)
        if is_key and request.method == "POST" and hasattr(request.resolver_match.func, "model_admin"):
            raise BadRequest("What was chosen can't be") from error


def _fits(field, value: str) -> bool:
    """Return whether a field of a form would take the value; several are parted by commas, as the admin does."""
    try:
        field.clean(value.split(",") if isinstance(field, ModelMultipleChoiceField) else value)
    except (ValidationError, OverflowError):
        return False
    return True


def _is_key(field: Field, value: str) -> bool:
    """Return whether the value can be somebody's key in the database."""
    try:
        field.get_prep_value(value)
    except (ValidationError, ValueError):
        return False
    return True
