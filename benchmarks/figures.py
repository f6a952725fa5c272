"""How the priorities page grows: 10,000, 100,000 and a million bookings in PostgreSQL.

A million bookings are 50,000 events in five years, 250,000 people, 850,000 records, 3.4 million questionnaires and two
million answers: 200,000 bookings in each of the two years that the page compares. Written by SQL, without the checks of
foreign keys, into the database of the benchmark alone.
"""

import http.client
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from tests.browser.site import Site, running_site, wait_for

SIZES = (10_000, 100_000, 1_000_000)
PAGES = ("/priorities/", "/reach/")
RUNS = 5

# Of each table: what is selected (the model's own defaults for the rest), and from where. :n is the number of bookings.
SEED = [
    ("accounts.Organisation", {
        "id": "g", "name": "'Organisation ' || g",
        "kind": "(array['academy','nursery','charity','health','council'])[1 + g % 5]",
        "sector_id": "(SELECT (array_agg(id ORDER BY id))[1 + g % count(*)] FROM accounts_sector)",
        "confirmed_at": "now() - interval '6 years'", "postcode": "'SW' || 11 + g % 9 || ' 1AA'",
    }, "generate_series(1, greatest(60, :n / 500)) g"),
    ("accounts.User", {
        "id": "g", "email": "'p' || g || '@bench.example'", "full_name": "'Pat ' || g", "job_role": "'Role ' || g % 9",
        "organisation_id": "1 + g % greatest(60, :n / 500)", "password": "''",
        "group_id": "1 + g % 8",
    }, "generate_series(1, :n / 4) g"),
    ("courses.Venue", {
        "id": "1", "name": "'Hall'", "address": "'High Street'", "postcode": "'SW18 2PU'", "capacity": "40",
    }, "(VALUES (1)) v"),
    ("courses.Event", {
        "id": "g", "reference": "'B-' || g", "venue_id": "CASE WHEN g % 10 < 9 THEN 1 END",
        "capacity": "24", "vcs_places": "3",
        "course_id": "(SELECT (array_agg(id ORDER BY id))[1 + g % count(*)] FROM courses_course "
                     "WHERE delivery <> 'online')",
        "status": "CASE WHEN t < now() THEN 'completed' ELSE 'published' END", "starts_at": "t - interval '3 hours'",
        "ends_at": "t", "first_published_at": "least(t, now()) - interval '60 days'",
        "released_at": "t - interval '7 days'",
        "register_closed_at": "CASE WHEN t < now() THEN t + interval '1 hour' END", "hosted_in_community": "g % 7 = 0",
        "audience": "CASE WHEN g % 8 = 0 THEN 'sectors' ELSE 'all' END", "service_users_in_design": "g % 40 = 0",
        "kind": "CASE g % 50 WHEN 1 THEN 'review_conference' WHEN 2 THEN 'case_audit' ELSE 'training' END",
    }, "(SELECT g, now() + interval '60 days' - (:n / 20 - g) * (interval '1885 days' / (:n / 20)) AS t "
       "FROM generate_series(1, :n / 20) g) e"),
    ("bookings.Booking", {
        "id": "g", "code": "gen_random_uuid()", "event_id": "e.id", "person_id": "u.id", "status": "'confirmed'",
        "requested_at": "e.first_published_at", "confirmed_at": "e.first_published_at", "organisation_id": "o.id",
        "sector_id": "o.sector_id", "group_id": "u.group_id", "job_role": "u.job_role", "is_vcs": "s.counts_as_vcs",
    }, "generate_series(1, :n) g JOIN courses_event e ON e.id = 1 + (g - 1) / 20 "
       "JOIN accounts_user u ON u.id = 1 + (g::bigint * 7919) % (:n / 4) "
       "JOIN accounts_organisation o ON o.id = u.organisation_id JOIN accounts_sector s ON s.id = o.sector_id"),
    ("bookings.TrainingRecord", {
        "id": "b.id", "person_id": "b.person_id", "course_id": "e.course_id", "booking_id": "b.id", "source": "'event'",
        "check_code": "lpad(b.id::text, 14, '0')", "completed_on": "(e.ends_at AT TIME ZONE 'Europe/London')::date",
    }, "bookings_booking b JOIN courses_event e ON e.id = b.event_id WHERE e.ends_at < now() AND b.id % 20 < 17"),
    ("bookings.OnlineStart", {
        "id": "g", "person_id": "u.id", "organisation_id": "o.id", "sector_id": "o.sector_id", "group_id": "u.group_id",
        "course_id": "(SELECT min(id) FROM courses_course WHERE delivery = 'online') + g % 3",
        "started_at": "now() - g * (interval '1825 days' / (:n / 10))",
    }, "generate_series(1, :n / 10) g JOIN accounts_user u ON u.id = 1 + (g * 13) % (:n / 4) "
       "JOIN accounts_organisation o ON o.id = u.organisation_id"),
    ("bookings.TrainingRecord", {
        "id": ":n + s.id", "person_id": "s.person_id", "course_id": "s.course_id", "source": "'online'",
        "check_code": "'O' || lpad(s.id::text, 13, '0')", "completed_on": "s.started_at::date",
    }, "bookings_onlinestart s WHERE s.id % 10 < 7"),
    ("evaluations.Evaluation", {
        "id": "r.id * 4 + q.at", "code": "gen_random_uuid()", "booking_id": "r.booking_id", "kind": "q.kind",
        "questionnaire_id": "q.id", "respondent_email": "'p@bench.example'", "opens_at": "e.ends_at + q.wait",
        "issued_at": "e.ends_at + q.wait",
        "submitted_at": "CASE WHEN (r.id * 31 + q.at * 17) % 100 < q.rate "
                        "THEN e.ends_at + q.wait + interval '3 days' END",
    }, "bookings_trainingrecord r JOIN bookings_booking b ON b.id = r.booking_id "
       "JOIN courses_event e ON e.id = b.event_id, "
       "LATERAL (SELECT id, kind, "
       "CASE kind WHEN 'pre' THEN 0 WHEN 'post' THEN 1 WHEN 'impact_learner' THEN 2 ELSE 3 END AS at, "
       "CASE kind WHEN 'pre' THEN 85 WHEN 'post' THEN 78 ELSE 42 END AS rate, "
       "CASE kind WHEN 'pre' THEN interval '-1 day' WHEN 'post' THEN interval '0' ELSE interval '84 days' END AS wait "
       "FROM evaluations_questionnaire WHERE is_current) q "
       "WHERE e.ends_at + q.wait < now()"),
    ("evaluations.Answer", {
        "evaluation_id": "f.id", "question_id": "q.id", "number": "1 + (f.id * 7 + q.id) % 5",
    }, "evaluations_evaluation f JOIN evaluations_question q ON q.questionnaire_id = f.questionnaire_id "
       "AND q.measure = 'confidence' WHERE f.submitted_at < now()"),
]  # fmt: skip

SCRIPT = """
import json, time
from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import connection
from accounts.actions import ensure_roles
from accounts.models import User
from accounts.models.user import SUB_COMMITTEE
from benchmarks.figures import SEED
from monitoring.tasks import count_today

def literal(field):
    value = field.get_default() if field.has_default() or field.empty_strings_allowed else None
    if getattr(field, "auto_now_add", False):
        return "now()"
    if value is None or (value == "" and field.null):
        return "NULL"
    if isinstance(value, bool):
        return str(value)
    if hasattr(value, "year"):
        return "now()"
    return "'" + (json.dumps(value) if isinstance(value, (dict, list)) else str(value)).replace("'", "''") + "'"

with connection.cursor() as cursor:
    cursor.execute("SET session_replication_role = replica")
    for table in ("accounts_user", "accounts_organisation", "courses_event", "courses_venue", "bookings_booking"):
        cursor.execute(f"TRUNCATE {{table}} CASCADE")
    for name, chosen, source in SEED:
        model = apps.get_model(name)
        columns = dict(chosen)
        for field in model._meta.concrete_fields:
            if field.column not in columns and not (field.primary_key and "id" not in columns):
                columns[field.column] = literal(field)
        into, chosen = ", ".join(columns), ", ".join(columns.values())
        sql = f"INSERT INTO {{model._meta.db_table}} ({{into}}) SELECT {{chosen}} FROM {{source}}"
        cursor.execute(sql.replace(":n", "{bookings}"))
    cursor.execute("SET session_replication_role = origin")
    cursor.execute("SELECT setval(pg_get_serial_sequence('accounts_user', 'id'), {bookings})")
    cursor.execute("VACUUM ANALYZE")
ensure_roles()
cache.clear()
begin = time.perf_counter()
count_today()
seconds = time.perf_counter() - begin
person = User.objects.create_user("board@bench.example", full_name="Bo Ard", is_staff=True)
person.groups.add(Group.objects.get(name=SUB_COMMITTEE))
session = SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.create()
print(json.dumps([session.session_key, seconds]))
"""


def growth(site: Site, sizes: Sequence[int]) -> None:
    """Print for each number of bookings how long a worker counts, and how long the pages take; needs PostgreSQL.

    The first page is that of web processes just started, which have read nothing.
    """
    print("\nBookings   a worker counts   page            first asked   after (median, least to most)")
    for bookings in sizes:
        key, counted = json.loads(
            site.manage("shell", "-v", "0", "-c", SCRIPT.format(bookings=bookings)).splitlines()[-1]
        )
        for page in PAGES:
            site.stop_all()
            start_web(site)
            cold, *warm = [_seconds(site, key, page) for _ in range(RUNS + 1)]
            print(
                f"{bookings:9,}  {counted:10.1f} s     {page:13} {1000 * cold:8.0f} ms   "
                f"{1000 * statistics.median(warm):8.0f} ms ({1000 * min(warm):.0f} to {1000 * max(warm):.0f})",
                flush=True,
            )


def _seconds(site: Site, session: str, path: str) -> float:
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=300)
    start = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": f"sessionid={session}"})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, (path, answer.status)
    connection.close()
    return time.perf_counter() - start


def start_web(site: Site) -> None:
    """Start the site's web process anew."""
    site.start(
        "web", "gunicorn", "wscb_training.wsgi", "--bind", urlsplit(site.url).netloc, "--workers", "2",
        "--threads", "2", "--log-level", "warning", "--timeout", "300", "--config", "python:wscb_training.gunicorn",
    )  # fmt: skip
    wait_for(site._answers, "the site to answer")


def main(sizes: Sequence[int] = SIZES) -> None:
    """Run this part, on a database of its own: `python -m benchmarks.figures [bookings …]`."""
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder)) as site:
        site.environment["MFA_REQUIRED"] = "off"  # the member signs in by a session that is made, with no code
        growth(site, sizes)


if __name__ == "__main__":
    main([int(number) for number in sys.argv[1:]] or SIZES)
