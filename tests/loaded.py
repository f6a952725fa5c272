"""Loads the product without asking the database anything: what the processes of `races` are forked from."""

import django

django.setup()

import bookings.actions  # noqa: E402, F401
