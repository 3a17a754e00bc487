"""Production settings, without what takes time and cannot affect a crash."""

import os

from cms.settings.production import *  # noqa: F403
from cms.settings.production import STORAGES

#: A slow hash would only delay the writes that a kill can interrupt.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
#: Static files are not collected for these tests, so their names bear no hashes.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
#: Emails go into files, where a test can read which were sent.
EMAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.environ["MAIL_ROOT"]
