"""The Celery application: one for the web processes that send tasks and the workers that run them."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wscb_training.settings")

app = Celery("wscb_training")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
