"""Who may open a page at all, and what they wanted before they had to sign in."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect

from wscb_training.addresses import is_ours

WANTED, KEPT_FORM = "wanted_page", "kept_form"
MOST_KEPT = 50_000  # letters; nobody types more, and a session is no store for strangers


def signed_in(view):
    """Let in who is signed in; the others sign in first and come back.

    What somebody typed into a form after their session had ended is kept for the page (`kept_form`), never lost.
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        path = request.get_full_path()
        request.session[WANTED] = path
        if request.method == "POST":
            fields = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
            if sum(len(value) for values in fields.values() for value in values) <= MOST_KEPT:
                request.session[KEPT_FORM] = {"path": path, "fields": fields}
        return redirect_to_login(path)

    return wrapped


def with_details(view):
    """Let in who is signed in and whose details are complete; the others complete them first, then come back here."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if not request.user.profile_complete:
            request.session[WANTED] = request.get_full_path()
            return redirect("accounts:start")
        return view(request, *args, **kwargs)

    return signed_in(wrapped)


def td_page(view):
    """Let in T&D; for everybody else the page does not exist."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if not request.user.is_td:
            raise Http404
        return view(request, *args, **kwargs)

    return signed_in(wrapped)


def kept_form(request) -> dict:
    """Return what was typed into this page's form before signing in, once; as initial values of the form."""
    kept = request.session.get(KEPT_FORM)
    if request.method != "GET" or not kept or kept["path"] != request.get_full_path():
        return {}
    del request.session[KEPT_FORM]
    return {name: values[0] if len(values) == 1 else values for name, values in kept["fields"].items()}


def want_page(request, address: str | None) -> None:
    """Remember where somebody wants to go when their details are complete; other sites' addresses are ignored."""
    if is_ours(request, address):
        request.session[WANTED] = address


def wanted_page(request, *, default: str) -> str:
    """Return where they wanted to go, once."""
    return request.session.pop(WANTED, default)
