"""Which requests are for the admin, decided by constants.

Django prefixes ``reverse()`` and ``request.path`` with the script name, which a server may take from a
header. A gate that compared them, or kept what ``reverse()`` answered once, could be switched off by one.
"""

from django.http import HttpRequest

#: The path of the admin in ``cms/urls.py``; ``tests/accounts/test_gate.py`` compares it with the URLconf.
ADMIN_PATH = "/admin/"
LOGIN_PATH = "/admin/login/"


def is_admin_request(request: HttpRequest) -> bool:
    """Whether the URLconf resolves the request below the admin's path."""
    return request.path_info.startswith(ADMIN_PATH)
