"""Benchmarks of response times, scale and page weight. Run one with ``python -m benchmarks.<name>``.

Importing the package sets Django up, so that its modules can import models.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
django.setup()
