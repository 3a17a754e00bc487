"""Tests: as local, faster where speed costs no truth."""

from cms.settings.local import *  # noqa: F403
from cms.settings.local import DATABASES, LOCAL_DIR

DEBUG = False
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = EMAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = LOCAL_DIR / "test-media"
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"
