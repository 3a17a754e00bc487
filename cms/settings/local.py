"""Settings for a developer's machine: everything works from a fresh clone."""

from cms.localdb import local_database
from cms.paths import LOCAL_DIR
from cms.settings.base import *  # noqa: F403
from cms.settings.base import FIGURE_STORAGE, INSTALLED_APPS, SCHEDULE, STORAGES
from cms.settings.environment import env

DEBUG = True
INSTALLED_APPS = [*INSTALLED_APPS, "devtools"]
SECRET_KEY = env.str("SECRET_KEY", "local-only-not-a-secret")
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
BASE_URL = env.str("BASE_URL", "http://127.0.0.1:8000")
WAGTAILADMIN_BASE_URL = BASE_URL

if env.str("DATABASE_URL", ""):
    DATABASES = {"default": env.database("DATABASE_URL")}
else:
    DATABASES = {"default": local_database(LOCAL_DIR / "postgres")}

MEDIA_ROOT = env.path("MEDIA_ROOT", LOCAL_DIR / "media")
STORAGES[FIGURE_STORAGE] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": env.path("FIGURES_ROOT", LOCAL_DIR / "figures"), "base_url": "/figures/"},
}

EMAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = LOCAL_DIR / "mail"
ALLOW_DEMONSTRATION = True
# A developer's machine asks no other server unless told to
SCHEDULE = {"check_links": "off", "check_labels": "off"} | SCHEDULE
LINK_CHECKS_REACH_PRIVATE = env.bool("LINK_CHECKS_REACH_PRIVATE", False)
WHITENOISE_AUTOREFRESH = True
