"""Production settings without the admin's style sheets, whose compression takes longer than a test."""

from cms.settings.production import *  # noqa: F403

STATICFILES_FINDERS = [
    "monographs.public.stylesheet.BundledStylesheetFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
]
