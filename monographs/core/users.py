"""Types of the user of a request."""

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

#: The user of a request: an account or an anonymous user.
AnyUser = User | AnonymousUser


def display_name(user: User) -> str:
    """Return the full name of an account, or its username if it has none."""
    return user.get_full_name() or user.get_username()


def authenticated_user(request: HttpRequest) -> User:
    """Return the signed-in user. Raises ``PermissionDenied`` for an anonymous request."""
    if isinstance(request.user, User):
        return request.user
    raise PermissionDenied("Sign in first.")
