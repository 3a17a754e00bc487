"""How fast, at what size, how heavy: each is a command, ``python -m benchmarks.<name>``.

Django is set up before any of them is imported.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
django.setup()
