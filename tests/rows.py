"""All rows of all of our tables, to see that something changed nothing, or that everything came back."""

from django.apps import apps
from django.conf import settings


def all_rows() -> dict[str, list[tuple]]:
    """Return every row by the name of its table."""
    ours = [config for config in apps.get_app_configs() if config.path.startswith(str(settings.BASE_DIR))]
    models = [model for config in ours for model in config.get_models()]
    return {model._meta.label: sorted(model.objects.values_list(), key=str) for model in models}
