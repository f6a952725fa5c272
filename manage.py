#!/usr/bin/env python
"""Django's command line for WSCB Training."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wscb_training.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        settings.DATABASES  # noqa: B018 – reads the environment, which may be wrong: that takes one sentence
    except ImproperlyConfigured as error:
        sys.exit(f"The settings are wrong. {error}")
    execute_from_command_line(sys.argv)
