"""Production's settings but for what has no part in a crash and would only take time."""

import os

from cms.settings.production import *  # noqa: F403
from cms.settings.production import STORAGES

#: A password is compared before anything is written: the time belongs to what a kill can break.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
#: Static files are not collected for these tests, so their names bear no hashes.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
#: Letters go into files, where a test can read which of them have left.
EMAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.environ["MAIL_ROOT"]
