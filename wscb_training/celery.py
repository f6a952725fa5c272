"""The Celery application: one for the web processes that send tasks and the workers that run them."""

import os

from celery import Celery, signals

from wscb_training.logs import request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wscb_training.settings")

app = Celery("wscb_training")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.before_task_publish.connect
def name_the_request(headers, **of_task) -> None:
    """Send the request's name along with a task that it starts, so that the lines of both can be found together."""
    headers["wscb_request_id"] = request_id.get()


@signals.task_prerun.connect
def take_the_name(task, **of_task) -> None:
    """Write what a task says under the name of the request that started it, or of the task itself."""
    request_id.set(getattr(task.request, "wscb_request_id", None) or f"task-{task.request.id}")
