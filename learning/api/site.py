"""The interface as a whole: its parts, what it says when something is wrong, and where it stands."""

from django.conf import settings
from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from bookings.actions import Refused
from learning.api.catalogue import router as catalogue
from learning.api.organisation import router as organisation
from learning.api.throttling import PerMinute


class API(NinjaAPI):
    """Sends each answer as a file, so that no browser shows one as a page (ASVS 14.4.2)."""

    def create_response(self, request, data, *, status=None, temporal_response=None):
        response = super().create_response(request, data, status=status, temporal_response=temporal_response)
        response["Content-Disposition"] = 'attachment; filename="api.json"'
        return response


api = API(
    title=f"{settings.BOARD_NAME}: training",
    version="1",
    description="The public catalogue, and an organisation's own staff, bookings and records for its HR system.",
    docs_url=None,  # its page loads scripts from elsewhere; ours is at /api/
    urls_namespace="api",
    throttle=[PerMinute()],
)
api.add_router("", catalogue)
api.add_router("", organisation)


def _answer(request, status: int, sentence: str):
    return api.create_response(request, {"detail": sentence}, status=status)


@api.exception_handler(Http404)
def not_found(request, error):
    """Say 404: of somebody else's things nothing is told."""
    return _answer(request, 404, "There is no such thing here.")


@api.exception_handler(AuthenticationError)
def not_let_in(request, error):
    """Say 401, and which kind of token."""
    answer = _answer(request, 401, "Send a token that is in force: Authorization: Bearer …")
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(Refused)
def refused(request, error):
    """Say 409 with the sentence that the page would show."""
    return _answer(request, 409, str(error))


@api.exception_handler(Throttled)
def too_often(request, error):
    """Say 429 and when to come back."""
    answer = _answer(request, 429, "Too many requests: wait a minute.")
    answer["Retry-After"] = str(int(error.wait or 60) + 1)
    return answer


@api.exception_handler(HttpError)
def wrong(request, error):
    """Say what the view said."""
    return _answer(request, error.status_code, str(error))


@api.exception_handler(ValidationError)
def not_understood(request, error):
    """Say 422 and name each value that is wrong."""
    faults = (f"{'.'.join(str(part) for part in fault['loc'][1:])}: {fault['msg']}" for fault in error.errors)
    return _answer(request, 422, ". ".join(faults))
