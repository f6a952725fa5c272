"""What the site writes about its work: one line an event, with the request it belongs to, and nothing about people.

Addresses of people and the tokens of links are blotted out of every line, whoever wrote it. A request is named by its
id, which also stands in the answer's X-Request-ID, and goes on to the tasks that it starts.
"""

import json
import logging
import re
import time
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")
GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
EMAIL = re.compile(r"[^\s@\"<>(),;:=/\[\]]+@[^\s@'\"<>(),;]+\.[A-Za-z]{2,}")
# What follows a slash and is long and mixed: the token of a signed link, a code, a session.
TOKEN = re.compile(r"(?<=/)(?=[^/\s?]*\d)[A-Za-z0-9_:=.-]{20,}(?=[/\s?\"']|$)")
CODE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
QUERY = re.compile(r"\?[^\s\"']+")
log = logging.getLogger("wscb.requests")


def without_people(text: str) -> str:
    """Return a line without email addresses, tokens of links and what was typed into a query."""
    return QUERY.sub("?…", TOKEN.sub("[token]", EMAIL.sub("[email]", text)))


def without_tokens(address: str) -> str:
    """Return the address of a page without what opens it to whoever has it; a booking's own code opens nothing."""
    return TOKEN.sub(lambda found: found[0] if CODE.fullmatch(found[0]) else "[token]", address)


class PlainFormatter(logging.Formatter):
    """A line for people: time, level, logger, request, message."""

    def format(self, record: logging.LogRecord) -> str:
        record.request = request_id.get() or "-"
        return without_people(super().format(record))


class JsonFormatter(logging.Formatter):
    """A line for machines: one JSON object, its fields always the same."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": request_id.get(),
            "message": without_people(record.getMessage()),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = without_people(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class RequestLogMiddleware:
    """Names every request, and writes one line of it: method, the route (never the address), status, milliseconds."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "")
        name = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        token, start = request_id.set(name), time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = name
            self._write(request, response.status_code, time.perf_counter() - start)
        finally:
            request_id.reset(token)
        return response

    def _write(self, request, status: int, seconds: float) -> None:
        route = route_of(request)
        if route.startswith("health"):
            return  # asked every few seconds
        fields = {"method": request.method, "route": route, "status": status, "milliseconds": round(seconds * 1000)}
        log.info("%(method)s %(route)s %(status)s in %(milliseconds)s ms", fields, extra={"fields": fields})


def route_of(request) -> str:
    """Return the pattern of the page asked for ("events/<str:reference>/"), or "none" for an address of no page."""
    match = getattr(request, "resolver_match", None)
    return match.route if match else "none"
