"""The environment, read strictly: what is set wrong stops the start with one plain sentence.

django-environ takes `DEBUG=ture` for false and any word for a database's scheme; here both are refused. A value may
also stand in a file named by `<NAME>_FILE`, for secrets that are mounted.
"""

from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}
SCHEMES = {
    "DATABASE_URL": ("postgres", "postgresql", "sqlite"),
    "BROKER_URL": ("redis", "rediss", "filesystem"),
    "CACHE_URL": ("rediscache", "redis", "rediss", "locmemcache"),
    "EMAIL_URL": ("smtp+tls", "smtp+ssl", "smtp", "filemail", "consolemail"),
    "BASE_URL": ("https", "http"),
    "OIDC_URL": ("https", "http"),
}


class Environment(environ.FileAwareEnv):
    """Typed access to the environment that remembers which variables there are."""

    CACHE_SCHEMES = environ.Env.CACHE_SCHEMES | dict.fromkeys(
        ("rediscache", "redis", "rediss"), "wscb_training.cache.ForgivingRedisCache"
    )

    def __init__(self, variables: dict[str, str] | None = None):
        """Read from `variables`, by default the process's own."""
        super().__init__()
        if variables is not None:
            self.ENVIRON = FileAwareMapping(variables)
        self.names: set[str] = set()
        self.dotenv_names: list[str] = []

    def read_dotenv(self, dotenv: Path) -> None:
        """Read a .env file, which need not exist; what the environment itself says stands above it."""
        reader = type("Reader", (environ.Env,), {"ENVIRON": {}})
        if dotenv.is_file():
            reader.read_env(dotenv, parse_comments=True)
        self.dotenv_names = list(reader.ENVIRON)
        for name, value in reader.ENVIRON.items():
            self.ENVIRON.setdefault(name, value)

    def get_value(self, var, cast=None, default=environ.Env.NOTSET, parse_default=False):
        """Return a variable's value; raise ImproperlyConfigured, naming it, where it can't be read."""
        self.names.add(var)
        try:
            value = super().get_value(var, cast=cast, default=default, parse_default=parse_default)
        except (ValueError, OSError) as error:
            raise ImproperlyConfigured(f"{var} can't be read: {error}.") from error
        return value.strip() if isinstance(value, str) else value

    def choice(self, var: str, options: tuple[str, ...], default: str) -> str:
        """Return one of `options`; anything else is refused."""
        value = self.str(var, default=default)
        if value not in options:
            raise ImproperlyConfigured(f"{var} must be one of {', '.join(options)}, not “{value}”.")
        return value

    def bool(self, var, default=False) -> bool:
        """Return yes or no; anything but the usual words is refused."""
        value = self.str(var, default="on" if default else "off").lower()
        if value not in YES | NO:
            raise ImproperlyConfigured(f"{var} must be on or off, not “{value}”.")
        return value in YES

    def oidc_provider(self, name: str) -> dict:
        """Return the identity provider `name` as allauth takes it, from OIDC_<NAME>_URL and the like.

        All must be set but the label; the address is https, or on this machine for trying out.
        """
        prefix = f"OIDC_{name.upper()}_"
        found = {part: self.str(prefix + part, default="") for part in ("URL", "CLIENT_ID", "CLIENT_SECRET")}
        domains = [domain.strip().lower() for domain in self.list(f"{prefix}DOMAINS", default=[]) if domain.strip()]
        missing = [prefix + part for part, value in {**found, "DOMAINS": domains}.items() if not value]
        if missing or not name.isidentifier():
            raise ImproperlyConfigured(
                f"OIDC_PROVIDERS names “{name}”; set {', '.join(missing) or 'a simple name'} too."
            )
        url = self.address(f"{prefix}URL", known="OIDC_URL")
        if not url.startswith("https://") and urlsplit(url).hostname not in ("127.0.0.1", "localhost"):
            raise ImproperlyConfigured(f"{prefix}URL must begin with https://.")
        proved = domains if self.bool(f"{prefix}EMAILS_PROVED", default=False) else False
        return {
            "provider_id": name.lower(),
            "name": self.str(f"{prefix}LABEL", default=name.title()),
            "client_id": found["CLIENT_ID"],
            "secret": found["CLIENT_SECRET"],
            "settings": {"server_url": url, "domains": domains, "verified_email": proved},
        }

    def address(self, var: str, default: str = "", known: str = "") -> str:
        """Return an address (`scheme://…`); raise where the scheme isn't one that this site knows for it.

        The message never repeats the address: it may hold a password.
        """
        value = self.str(var, default=default)
        scheme, sep, _ = value.partition("://")
        schemes = SCHEMES[known or var]
        if value and (not sep or scheme not in schemes):
            known = ", ".join(f"{name}://" for name in schemes)
            found = f"“{scheme}://”" if sep else "an address without ://"
            raise ImproperlyConfigured(f"{var} must begin with one of {known}, not {found}.")
        try:
            _ = urlsplit(value).port
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} has a port that is not a number from 0 to 65535.") from error
        return value

    def misspelt(self) -> list[tuple[str, str]]:
        """Return the names in the .env file that nothing reads, each with the one probably meant, or ""."""
        known = self.names | {f"{name}_FILE" for name in self.names}
        unknown = [name for name in self.dotenv_names if name not in known]
        return [(name, next(iter(get_close_matches(name, known, n=1)), "")) for name in unknown]
