"""The documentation of the interface for machines, made from the interface itself."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from learning.api import throttling
from learning.api.site import api


@require_safe
def guide(request):
    """What can be asked, with which values, and what comes back."""
    schema = api.get_openapi_schema()
    parts = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            parts.setdefault(operation["tags"][0], []).append(_operation(path, method, operation, schema))
    context = {
        "parts": parts.items(),
        "fields": [(name, _fields(each)) for name, each in _named(schema)],
        "by_address": throttling.BY_ADDRESS,
        "by_token": throttling.BY_TOKEN,
        "root": request.build_absolute_uri(reverse("api:api-root")),
        "schema_url": reverse("api:openapi-json"),
    }
    return render(request, "learning/api.html", context)


def _named(schema) -> list[tuple[str, dict]]:
    """Return what is described by name, the pages and the questions apart."""
    hidden = ("Page_", "Paged", "Problem", "Courses", "Events", "Staff", "Bookings", "Records")
    return [(name, each) for name, each in schema["components"]["schemas"].items() if not name.startswith(hidden)]


def _operation(path: str, method: str, operation: dict, schema: dict) -> dict:
    return {
        "method": method.upper(),
        "path": path,
        "id": operation["operationId"],
        "summary": operation["summary"],
        "about": operation.get("description", ""),
        "asked": [
            (each["name"], _type(each["schema"]), each["schema"].get("description", ""))
            for each in operation.get("parameters", [])
        ],
        "statuses": sorted(str(status) for status in operation["responses"]),
    }


def _fields(each: dict) -> list[tuple[str, str, str]]:
    return [(name, _type(field), field.get("description", "")) for name, field in each["properties"].items()]


def _type(field: dict) -> str:
    """Return the type of a field in words: "text", "number or null", "list of Session"."""
    words = {"string": "text", "integer": "number", "boolean": "true or false"}
    if "anyOf" in field:
        return " or ".join(_type(part) for part in field["anyOf"])
    if "$ref" in field:
        return field["$ref"].rpartition("/")[2]
    if field.get("type") == "array":
        return f"list of {_type(field['items'])}"
    if "format" in field:
        return {"date": "date", "date-time": "date and time", "uuid": "code"}[field["format"]]
    return words.get(field.get("type"), field.get("type", "text"))
