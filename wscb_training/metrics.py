"""Numbers for Prometheus: requests and how long they took, what is audited, and what waits. Nothing about people.

Several web processes add up theirs in files (PROMETHEUS_MULTIPROC_DIR, set by gunicorn's settings). What waits is asked
of the database when Prometheus asks. Workers have no port of their own: their tasks show in what waits.
"""

import hmac
import time
from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from wscb_training.logs import route_of

REQUESTS = Counter("wscb_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "wscb_request_seconds", "Seconds to an answer", ["route"], buckets=(0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
)
AUDITED = Counter("wscb_audited", "Entries of the audit: sign-ins, refusals, files taken out", ["kind"])
Gauge = tuple[str, str, float]  # name, what it says, value


class MetricsMiddleware:
    """Counts every request under its route, never under its address."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        start = time.perf_counter()
        response = self.get_response(request)
        route = route_of(request)
        REQUESTS.labels(request.method, route, response.status_code).inc()
        SECONDS.labels(route).observe(time.perf_counter() - start)
        return response


def exposition(gauges: Iterable[Gauge]) -> bytes:
    """Return all numbers in Prometheus' text format, with `gauges` as they are now."""
    registry = CollectorRegistry()
    if settings.METRICS_FOLDER:
        MultiProcessCollector(registry)
        registry.register(_Now(gauges))
        return generate_latest(registry)
    registry.register(_Now(gauges))
    return generate_latest(REGISTRY) + generate_latest(registry)


class _Now:
    def __init__(self, gauges: Iterable[Gauge]):
        self.gauges = list(gauges)

    def collect(self):
        for name, about, value in self.gauges:
            yield GaugeMetricFamily(name, about, value=value)


def metrics_page(gauges):
    """Return the page that Prometheus asks, with METRICS_TOKEN as its bearer token; without this setting there is none.

    `gauges()` says what waits now.
    """

    @require_safe
    @never_cache
    def view(request):
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
            raise Http404
        return HttpResponse(exposition(gauges()), content_type=CONTENT_TYPE_LATEST)

    return view
