"""Settings, addresses and the task queue of the site. Nothing of the domain lives here."""

from wscb_training.celery import app as celery_app

__all__ = ["celery_app"]
