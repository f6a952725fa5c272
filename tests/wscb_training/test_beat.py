"""Beat's jobs: each may run at any time, any number of times, by several workers, and after days of not running."""

from collections import Counter
from datetime import datetime
from importlib import import_module

import pytest
from django.conf import settings
from django.utils import timezone

from notifications.models import Message
from tests.beat_world import make_world
from tests.rows import all_rows

JOBS = sorted({job["task"] for job in settings.CELERY_BEAT_SCHEDULE.values()})
NOW = datetime(2026, 1, 14, 17, 20, tzinfo=timezone.get_default_timezone())  # a Wednesday; it was due on Monday
# Those that find nothing in the world below; whether they run twice is looked at all the same.
LOGS = {"monitoring.RetentionRun"}  # that it ran is noted each time
IDLE = {
    "accounts.tasks.forget_audit", "accounts.tasks.forget_problems", "monitoring.tasks.ask_for_returns",
    "monitoring.tasks.count_today",  # keeps its figures in the cache
}  # fmt: skip


def run(job: str) -> None:
    """Run a job as a worker does."""
    module, _, name = job.rpartition(".")
    getattr(import_module(module), name)()


@pytest.mark.django_db
def test_each_job_does_its_work_after_days_and_nothing_when_it_runs_again(time_machine):
    time_machine.move_to(NOW, tick=False)
    make_world(NOW, weekday=0)
    before, idle = all_rows(), set()
    for job in JOBS:
        run(job)
        after = all_rows()
        if after == before:
            idle.add(job)
        run(job)
        again = all_rows()
        assert {name for name in after if after[name] != again[name]} <= LOGS, f"{job} ran twice"
        before = again
    assert idle <= IDLE


@pytest.mark.django_db
def test_all_of_them_in_any_order_send_each_email_once(time_machine):
    time_machine.move_to(NOW, tick=False)
    make_world(NOW, weekday=0)
    there = list(Message.objects.values_list("pk", flat=True))
    for jobs in (JOBS, reversed(JOBS), JOBS):
        for job in jobs:
            run(job)
    sent = Counter(Message.objects.exclude(pk__in=there).values_list("kind", "to"))
    assert set(sent.values()) == {1}, sent
