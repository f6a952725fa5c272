"""Faults told to an error collector (Sentry or one that speaks as it does), where SENTRY_DSN names one; else to nobody.

What is sent has the fault and where in the code it was: no person, no cookies, no form, no query, no addresses.
"""

from wscb_training.logs import request_id, without_people

DROPPED = ("cookies", "data", "query_string", "env")
KEPT_HEADERS = ("User-Agent", "X-Request-Id")


def report_to(dsn: str, *, environment: str, release: str = "") -> None:
    """Send faults to a collector from now on; "" sends none."""
    if not dsn:
        return
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn, environment=environment, release=release or None, send_default_pii=False, traces_sample_rate=0,
        max_request_body_size="never", include_local_variables=False, before_send=without_personal_data,
        before_breadcrumb=lambda crumb, hint: None,
    )  # fmt: skip


def without_personal_data(event: dict, hint: dict) -> dict:
    """Return a fault's report without what could name somebody."""
    event.pop("user", None)
    event.setdefault("tags", {})["request_id"] = request_id.get()
    if request := event.get("request"):
        for name in DROPPED:
            request.pop(name, None)
        request["url"] = without_people(request.get("url", ""))
        headers = request.get("headers") or {}
        request["headers"] = {name: value for name, value in headers.items() if name.title() in KEPT_HEADERS}
    for each in (event.get("exception") or {}).get("values", []):
        each["value"] = without_people(str(each.get("value") or ""))
    if "logentry" in event:
        event["logentry"] = {"message": without_people(str(event["logentry"].get("message", "")))}
    return event
