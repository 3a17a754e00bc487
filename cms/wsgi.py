"""What gunicorn serves."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")

application = get_wsgi_application()

if settings.APPLICATION_ROLE:
    raise ImproperlyConfigured(
        "This process was given DATABASE_OWNER_URL, which is for `manage.py migrate` only: whoever serves "
        "people must not be able to change the record."
    )
