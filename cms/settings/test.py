"""Settings for tests: as local, and faster where that does not change what is tested."""

from cms.paths import LOCAL_DIR
from cms.settings.local import *  # noqa: F403
from cms.settings.local import DATABASES

DEBUG = False
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = EMAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
# On a busy machine a request takes longer, and the deadline would close the connection of the test
PUBLIC_READ_SECONDS = 60.0
MEDIA_ROOT = LOCAL_DIR / "test-media"
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"
