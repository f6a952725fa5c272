"""The settings' own checks are registered when the site starts."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site as a whole; it has no models."""

    name = "wscb_training"

    def ready(self):
        """Register the checks of settings that must go together."""
        from wscb_training import checks  # noqa: F401
