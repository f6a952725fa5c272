"""Lifelike data for trying the site out: invented people and organisations, made through the site's own actions."""

from monitoring.demo.make import exists, make, reset
from monitoring.demo.people import DEMO_PASSWORD, DEMO_PEOPLE

__all__ = ["DEMO_PASSWORD", "DEMO_PEOPLE", "exists", "make", "reset"]
