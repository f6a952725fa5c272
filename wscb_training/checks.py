"""Settings that are right each by itself and wrong together. `manage.py check` tells them, each with what to do.

Errors hold always. What is only wrong with strangers about is told by `manage.py check --deploy`.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.http.request import validate_host


@register(Tags.security)
def addresses_agree(app_configs, **kwargs) -> list:
    """Return an error for each way in which the links that go out in emails would not lead here."""
    errors = []
    host = urlsplit(settings.BASE_URL).hostname or ""
    if settings.HTTPS and not settings.BASE_URL.startswith("https://"):
        errors.append(
            Error(
                "HTTPS is on, but BASE_URL doesn't begin with https://.",
                hint="Set BASE_URL=https://…, or HTTPS=off to try things out. HTTPS is on by itself with PostgreSQL.",
                id="wscb.E001",
            )
        )
    if not validate_host(f"[{host}]" if ":" in host else host, settings.ALLOWED_HOSTS):
        errors.append(
            Error(
                f"BASE_URL leads to {host or 'no host'}, which ALLOWED_HOSTS turns away.",
                hint="Add it to ALLOWED_HOSTS, or leave ALLOWED_HOSTS out: it then follows BASE_URL.",
                id="wscb.E002",
            )
        )
    return errors


@register(Tags.security)
def no_debugging_in_public(app_configs, **kwargs) -> list:
    """Return an error where a fault would show strangers the code and the settings."""
    if settings.DEBUG and settings.HTTPS:
        hint = "Set DEBUG=off."
        return [Error("DEBUG is on for a site that strangers reach (HTTPS is on).", hint=hint, id="wscb.E003")]
    return []


@register(Tags.compatibility)
def dotenv_is_spelt_right(app_configs, **kwargs) -> list:
    """Return a warning for each name in .env that nothing reads."""
    return [
        Warning(
            f"{name} in .env is not a setting of this site.",
            hint=f"Is it {meant}?" if meant else "`.env.example` lists all of them.",
            id="wscb.W001",
        )
        for name, meant in settings.MISSPELT_IN_DOTENV
    ]


@register(Tags.security, deploy=True)
def production_parts(app_configs, **kwargs) -> list:
    """Return a warning for each embedded part that doesn't do for a site with several processes or machines."""
    parts = [
        (
            settings.EMBEDDED,
            "The database is SQLite, which only one machine can use.",
            "Set DATABASE_URL=postgres://user:password@host:5432/name.",
        ),
        (
            settings.CELERY_BROKER_URL.startswith("filesystem:"),
            "Workers find their tasks in a folder, which only one machine can use.",
            "Set BROKER_URL=redis://host:6379/0.",
        ),
        (
            settings.CACHES["default"]["BACKEND"].endswith("LocMemCache"),
            "Each web process counts failed sign-ins for itself, so the limit is too high.",
            "Set CACHE_URL=redis://host:6379/1.",
        ),
        (
            "smtp" not in settings.EMAIL_BACKEND,
            "Emails reach nobody: they are kept as files or printed.",
            "Set EMAIL_URL=smtp+tls://user:password@host:587.",
        ),
        (
            not settings.MFA_REQUIRED,
            "Who sees the whole borough's data may sign in with a password alone.",
            "Leave MFA_REQUIRED out, or set MFA_REQUIRED=on.",
        ),
    ]
    return [
        Warning(message, hint=hint, id=f"wscb.W01{number}")
        for number, (wrong, message, hint) in enumerate(parts)
        if wrong
    ]
