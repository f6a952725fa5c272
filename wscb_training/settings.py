"""Settings of the site. The environment is read here and nowhere else; `.env.example` explains each variable.

With no variable set, everything runs on embedded parts: SQLite, a filesystem broker, emails as files under `var/`.
What is set wrong stops the start (`environment.py`); what doesn't go together `manage.py check` tells (`checks.py`).
"""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from kombu import Queue

from wscb_training.environment import Environment
from wscb_training.errors import report_to
from wscb_training.schedule import BEAT_SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()
if env.bool("READ_DOTENV", default=True):  # off for the tests, which must not hang on one person's settings
    env.read_dotenv(BASE_DIR / ".env")

VAR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
for folder in ("assets", "broker", "mail", "media", "static"):
    (VAR / folder).mkdir(parents=True, exist_ok=True)

# The database decides how much the rest may rely on defaults: SQLite means embedded, anything else is production.
DATABASE_URL = env.address("DATABASE_URL")
DATABASES = {
    "default": env.db_url_config(DATABASE_URL)
    if DATABASE_URL
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": str(VAR / "db.sqlite3")}
}
if not DATABASES["default"]["NAME"]:
    raise ImproperlyConfigured("DATABASE_URL names no database: postgres://user:password@host:5432/name.")
EMBEDDED = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
DEBUG = env.bool("DEBUG", default=False)
# On while the site is looked after: everybody may look, nobody may change anything; worker and beat are stopped.
READ_ONLY = env.bool("READ_ONLY", default=False)

if EMBEDDED:
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "DEFERRED" if READ_ONLY else "IMMEDIATE",
        "timeout": 30,
        "init_command": f"{pragmas} PRAGMA query_only=ON;" if READ_ONLY else pragmas,
    }
    # A file, not memory: the tests with several processes need to share it.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)  # seconds
    if READ_ONLY:
        DATABASES["default"]["OPTIONS"]["options"] = "-c default_transaction_read_only=on"


def _embedded_secret_key() -> str:
    """Return this checkout's own key, made once and kept under `var/`, so that sign-ins outlive a restart."""
    path = VAR / "secret_key"
    if not path.exists():
        path.write_text(get_random_secret_key())
        path.chmod(0o600)
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not EMBEDDED:
        raise ImproperlyConfigured("Set SECRET_KEY: it is made up only for the embedded SQLite database.")
    SECRET_KEY = _embedded_secret_key()

PORT = env.int("PORT", default=8000)
BASE_URL = env.address("BASE_URL", default=f"http://localhost:{PORT}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(BASE_URL).hostname, "127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# The Board's own words: it became a Partnership in 2019, so its name is a setting.
BOARD_NAME = env.str("BOARD_NAME", default="Wandsworth Safeguarding Children Board")
BOARD_SHORT_NAME = env.str("BOARD_SHORT_NAME", default="WSCB")
SERVICE_NAME = env.str("SERVICE_NAME", default=f"{BOARD_SHORT_NAME} Training")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="training@wscb.example")
CONTACT_PHONE = env.str("CONTACT_PHONE", default="020 7946 0123")

HTTPS = env.bool("HTTPS", default=not EMBEDDED)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^health(/live|/ready)?$", "^metrics$"]  # asked by balancers and containers, beside HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True  # no script of ours reads it, so none that slipped in can
if HTTPS:  # a neighbour under the same domain can't set cookies of these names
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Whose limits are counted: the address that our own proxy saw, never one that somebody writes into a header.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXIES", default=1) if BEHIND_PROXY else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Nothing but our own files, nothing written into the page, charts as pictures that stand in their address (charts.py).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "upgrade-insecure-requests": HTTPS,
    }
}
# Features of the browser that no page of ours uses are off, so that nothing slipped in could.
PERMISSIONS_OFF = [
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "geolocation",
    "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb",
    "xr-spatial-tracking",
]  # fmt: skip
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14

INSTALLED_APPS = [
    "monitoring",
    "learning",
    "evaluations",
    "bookings",
    "courses",
    "accounts",
    "competence",
    "notifications",
    "wscb_training",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "crispy_forms_gds",
    "django_filters",
    "simple_history",
    "import_export",
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "wscb_training.logs.RequestLogMiddleware",  # first: all that follows is written under the request's name
    "wscb_training.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "wscb_training.headers.PermissionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "wscb_training.headers.CompressedPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wscb_training.headers.NothingKeptMiddleware",
    "wscb_training.addresses.ReadableMiddleware",
    "wscb_training.read_only.ReadOnlyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wscb_training.addresses.FittingMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "wscb_training.limits.GuessingMiddleware",
    "accounts.second_factor.SecondFactorMiddleware",
    "accounts.audit.ExportsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "wscb_training.urls"
WSGI_APPLICATION = "wscb_training.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wscb_training.context_processors.board",
            ],
            "builtins": ["wscb_training.templatetags.wording", "wscb_training.templatetags.components"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "gds"
CRISPY_CLASS_CONVERTERS = {
    **dict.fromkeys(("numberinput", "urlinput", "telinput", "searchinput", "timeinput", "dateinput"), "govuk-input"),
    **dict.fromkeys(("selectmultiple", "nullbooleanselect"), "govuk-select"),
    "fileinput": "govuk-file-upload",
    "textarea": "govuk-textarea",
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [VAR / "assets"]
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.passwords.LongestPasswordValidator"},
    {"NAME": "accounts.passwords.CommonPasswordValidator"},
]
PASSWORD_PEPPER = env.str("PASSWORD_PEPPER", default="")
if PASSWORD_PEPPER:
    PASSWORD_HASHERS = ["accounts.hashers.PepperedPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "learning:my_training"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = ACCOUNT_PREVENT_ENUMERATION = ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "login": "accounts.login_forms.SignInForm",
    "signup": "accounts.login_forms.SignUpForm",
    "reset_password": "accounts.login_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.login_forms.NewPasswordForm",
    "change_password": "accounts.login_forms.ChangePasswordForm",
    "set_password": "accounts.login_forms.SetPasswordForm",
    "add_email": "accounts.login_forms.ChangeEmailForm",
    "reauthenticate": "accounts.login_forms.ConfirmItIsYouForm",
}
# Who misses often at these must wait (limits.py): a code or a signed link opens them.
OPENED_BY_A_SECRET = {
    "accounts:invitation", "bookings:give_back", "bookings:approval", "evaluations:by_link",
    "evaluations:of_respondent", "learning:check_code", "learning:stop_weekly_email", "account_confirm_email",
}  # fmt: skip

MFA_REQUIRED = env.bool("MFA_REQUIRED", default=not EMBEDDED)  # of T&D, the Sub-committee and the admin's staff
MFA_ADAPTER = "accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN, MFA_TOTP_TOLERANCE = not HTTPS, 1  # keys on localhost; clocks half a minute off
MFA_FORMS = {
    "authenticate": "accounts.login_forms.SecondFactorForm",
    "reauthenticate": "accounts.login_forms.SecondFactorAgainForm",
    "activate_totp": "accounts.login_forms.SetUpSecondFactorForm",
    "deactivate_totp": "accounts.login_forms.SwitchOffSecondFactorForm",
    "generate_recovery_codes": "accounts.login_forms.NewRecoveryCodesForm",
    "add_webauthn": "accounts.login_forms.AddKeyForm", "authenticate_webauthn": "accounts.login_forms.UseKeyForm",
    "reauthenticate_webauthn": "accounts.login_forms.UseKeyAgainForm",
    "edit_webauthn": "accounts.login_forms.RenameKeyForm",
}  # fmt: skip

# Organisations' own identity providers: OIDC_PROVIDERS=riverside, and for each OIDC_RIVERSIDE_URL, …
OIDC_PROVIDERS = [env.oidc_provider(name) for name in env.list("OIDC_PROVIDERS", default=[])]
SOCIALACCOUNT_ADAPTER = "accounts.oidc.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": OIDC_PROVIDERS}}
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_EMAIL_REQUIRED = SOCIALACCOUNT_QUERY_EMAIL = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5  # seconds
# The sign-in form leads on to the provider, which the browser must be told it may do.
CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] += sorted(
    {"{0.scheme}://{0.netloc}".format(urlsplit(provider["settings"]["server_url"])) for provider in OIDC_PROVIDERS}
)

EMAIL_URL = env.address("EMAIL_URL", default="filemail://")
vars().update(env.email_url_config(EMAIL_URL))
if not urlsplit(EMAIL_URL).port:
    EMAIL_PORT = {"smtp+tls": 587, "smtp+ssl": 465}.get(urlsplit(EMAIL_URL).scheme, 25)
EMAIL_FILE_PATH = str(VAR / "mail")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{SERVICE_NAME} <{CONTACT_EMAIL}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

IMPORT_EXPORT_USE_TRANSACTIONS = True
# Between the dry run and the import the file waits where every web process finds it.
IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.MediaStorage"

# An old version put back would go past the actions, and tell nobody.
SIMPLE_HISTORY_REVERT_DISABLED = True

# Sign-in limits need a cache that all web processes share; embedded there is one process and memory will do.
CACHES = {"default": env.cache_url_config(env.address("CACHE_URL", default="locmemcache://"))}

CELERY_BROKER_URL = env.address("BROKER_URL", default="filesystem://localhost")
if CELERY_BROKER_URL.startswith("filesystem://"):
    CELERY_BROKER_TRANSPORT = "wscb_training.folder_broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # Both ends read and write one folder; 0.05 s is about 50 tasks a second, the default 1 s about 20.
        "data_folder_in": str(VAR / "broker"),
        "data_folder_out": str(VAR / "broker"),
        "control_folder": str(VAR / "broker"),
        "polling_interval": 0.05,
    }
else:
    # A page never waits for a broker that is down: the row stays, and the next sweep sends it.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        "max_retries": 1,
        "interval_start": 0,
        "interval_max": 0.1,
    }
# Kinds of work each have their queue, so that a long document never keeps an email waiting. A worker takes all of them
# unless it is told which (celery worker --queues documents).
CELERY_TASK_DEFAULT_QUEUE = "work"
CELERY_TASK_QUEUES = [Queue(name) for name in ("messages", "work", "documents")]
CELERY_TASK_ROUTES = {
    "notifications.tasks.deliver*": {"queue": "messages"},
    "learning.tasks.make_*": {"queue": "documents"},
    "monitoring.tasks.make_*": {"queue": "documents"},
    "monitoring.tasks.count_*": {"queue": "documents"},
}
# Seconds: a task is told to stop, and ended a minute later. What it had not done is done by the next run.
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 840, 900
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")

# /health/ready says no when beat's last tick, or the oldest email that is not sent, is older than so many seconds.
READY_TICK_SECONDS = env.int("READY_TICK_SECONDS", default=300)
READY_UNSENT_SECONDS = env.int("READY_UNSENT_SECONDS", default=3600)

# On where demo data may be made and deleted although the database is no embedded one.
DEMO = env.bool("DEMO", default=False)

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOG_LEVEL = env.choice("LOG_LEVEL", LOG_LEVELS, default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "wscb_training.logs.PlainFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s [%(request)s] %(message)s",
        },
        "json": {"()": "wscb_training.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.choice("LOG_FORMAT", ("plain", "json"), default="plain" if EMBEDDED else "json"),
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Making one PDF is dozens of lines of theirs.
        **{name: {"level": "WARNING"} for name in ("weasyprint", "fontTools")},
        # Django leaves it to the server to send no body to HEAD, and the server warns of every one.
        "gunicorn.http.wsgi": {"level": "ERROR"},
        # A line a request is for servers; on one's own machine it hides what matters.
        "wscb.requests": {"level": "WARNING" if EMBEDDED else LOG_LEVEL},
        # Which addresses people asked for in vain is nothing to keep.
        "django.request": {"level": "ERROR"},
    },
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # workers write as above, too

# What Prometheus shows at /metrics as its bearer token; without it there is no such page.
VIRUS_SCANNER = env.str("VIRUS_SCANNER", default="")  # where ClamAV listens; without it uploads are not scanned
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
METRICS_FOLDER = env.str("PROMETHEUS_MULTIPROC_DIR", default="")  # set by gunicorn.py, for several processes
# Where faults are told to, if anywhere (errors.py says what is left out).
report_to(env.str("SENTRY_DSN", default=""), environment=env.str("SENTRY_ENVIRONMENT", default="production"))
# Email is unique by its lower case, which this check does not see (accounts.User, constraint email_once).
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MISSPELT_IN_DOTENV = env.misspelt()  # last, when all names are known
