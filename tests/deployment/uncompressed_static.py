"""Settings of production by which static files are collected quickly: named by content, not compressed."""

from cms.settings.production import *  # noqa: F403
from cms.settings.production import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
