"""The account behind a request, with a real type."""

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

#: Whoever sent a request: an account, or nobody who signed in.
AnyUser = User | AnonymousUser


def authenticated_user(request: HttpRequest) -> User:
    """The account that is signed in. Raises ``PermissionDenied`` for an anonymous request."""
    if isinstance(request.user, User):
        return request.user
    raise PermissionDenied("Sign in first.")
