"""Settings for production. Raises ``ImproperlyConfigured`` naming every required variable that is missing."""

from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from cms.error_reports import report_errors_to
from cms.settings.base import *  # noqa: F403
from cms.settings.base import (
    DATABASE_POOLER,
    FIGURE_STORAGE,
    MEDIA_URL,
    SECRET_KEY_FALLBACKS,
    STORAGES,
    WAGTAIL_SITE_NAME,
)
from cms.settings.email_url import email_settings
from cms.settings.environment import env
from cms.settings.object_store import object_store

_REQUIRED = {
    "DATABASE_URL": "the PostgreSQL server, e.g. postgresql://user:password@host:5432/name",
    "SECRET_KEY": "a long random string, the same for every process",
    "ALLOWED_HOSTS": "the public host names, comma-separated",
    "BASE_URL": "the public address, e.g. https://medicines.example.org",
    "EMAIL_URL": "the mail server, e.g. smtp://user:password@host:587/?tls=true",
}
_missing = [f"  {name}: {what}" for name, what in _REQUIRED.items() if not env.str(name, "")]
if _missing:
    raise ImproperlyConfigured("Production needs these settings in the environment:\n" + "\n".join(_missing))

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_LENGTH = 50  # what Django's own deployment check asks for (security.W009)
for _name, _keys in (("SECRET_KEY", [SECRET_KEY]), ("SECRET_KEY_FALLBACKS", SECRET_KEY_FALLBACKS)):
    if any(len(key) < SECRET_KEY_LENGTH for key in _keys):
        raise ImproperlyConfigured(f"{_name} must be at least {SECRET_KEY_LENGTH} characters long, each key.")
ALLOWED_HOSTS: list[str] = env.items("ALLOWED_HOSTS")
BASE_URL = env.str("BASE_URL").rstrip("/")
WAGTAILADMIN_BASE_URL = BASE_URL
CSRF_TRUSTED_ORIGINS = [BASE_URL]

DATABASES = {"default": env.database("DATABASE_URL", conn_max_age=600, conn_health_checks=True)}
# A cursor in the server lives in one session: rows are fetched in another transaction than it was opened in
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = bool(DATABASE_POOLER)

# Only the release job has the owner's credentials, so that only it can change tables and triggers.
if env.str("DATABASE_OWNER_URL", ""):
    APPLICATION_ROLE = DATABASES["default"]["USER"]
    _owner = env.database("DATABASE_OWNER_URL")
    if _owner["NAME"] != DATABASES["default"]["NAME"] or _owner["USER"] in ("", APPLICATION_ROLE):
        raise ImproperlyConfigured(
            "DATABASE_OWNER_URL must name the database of DATABASE_URL and another role: the tables' owner."
        )
    DATABASES = {"default": _owner}
REQUIRE_RESTRICTED_ROLE = not env.bool("ONE_DATABASE_ROLE", False)

globals().update(email_settings(env.str("EMAIL_URL"), BASE_URL, WAGTAIL_SITE_NAME))

STATIC_ROOT = env.path("STATIC_ROOT", Path("/srv/static"))
MEDIA_ROOT = env.path("MEDIA_ROOT", Path("/srv/media"))
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
STORAGES[FIGURE_STORAGE] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": env.path("FIGURES_ROOT", Path("/srv/figures")), "base_url": "/figures/"},
}
if _stored := object_store(env, MEDIA_URL):
    STORAGES["default"], STORAGES[FIGURE_STORAGE] = _stored["uploads"], _stored["figures"]

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
# Health probes and Prometheus use plain HTTP inside the cluster
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000  # one year, as hstspreload.org asks
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_IDLE = timedelta(minutes=env.number("SESSION_IDLE_MINUTES", 30, least=1, most=1440))
CHECK_SITE_AT_START = True
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 1)
LINK_CHECKS_REACH_PRIVATE = env.bool("LINK_CHECKS_REACH_PRIVATE", False)

if _dsn := env.str("SENTRY_DSN", ""):
    report_errors_to(_dsn)

#: `plain` or `json`: how log entries are written.
LOG_FORMAT = env.str("LOG_FORMAT", "plain")
if LOG_FORMAT not in ("plain", "json"):
    raise ImproperlyConfigured(f"LOG_FORMAT: {LOG_FORMAT!r} is neither plain nor json.")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "cms.log_lines.OneLineFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "filters": {"outages": {"()": "cms.log_lines.DatabaseErrorFilter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["outages"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
