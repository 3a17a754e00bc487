"""Which users see the screens of the review, and which pages they see on the dashboard."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase
from wagtail.admin.auth import permission_denied
from wagtail.permissions import page_permission_policy

from monographs.core.users import AnyUser, authenticated_user
from monographs.review.policies.editor_policy import editor_or_superuser
from monographs.review.policy import is_reviewer

#: A user who holds one of these page permissions works on pages.
_WORK_PERMISSIONS = ("change", "add")


def user_can_see_review_screens(user: AnyUser) -> bool:
    """Whether ``user`` may write or review anything."""
    works_on_pages = page_permission_policy.user_has_any_permission(user, _WORK_PERMISSIONS)
    return bool(works_on_pages) or is_reviewer(user)


@dataclass(frozen=True, slots=True)
class PageScope:
    """The pages a user may see and edit, as paths in the page tree under which they are.

    ``edits`` are paths below which any page may be edited, ``own`` those below which only the user's own may.
    """

    everywhere: bool
    paths: tuple[str, ...]
    edits: tuple[str, ...]
    own: tuple[str, ...]
    user_id: int

    def may_edit(self, path: str, owner_id: int | None) -> bool:
        """Whether a page that is not in review may be edited, decided as Wagtail does."""
        return path.startswith(self.edits) or (owner_id == self.user_id and path.startswith(self.own))


def scope_of(user: User) -> PageScope:
    """Return the pages ``user`` sees: reviewers and superusers every page, others those they may work on."""
    if user.is_superuser:
        return PageScope(True, (), ("",), (), user.pk)
    granted = page_permission_policy.get_cached_permissions_for_user(user)
    paths = {action: tuple(_paths_with(granted, action)) for action in _WORK_PERMISSIONS}
    seen = tuple(dict.fromkeys([*paths["change"], *paths["add"]]))
    return PageScope(is_reviewer(user), seen, paths["change"], paths["add"], user.pk)


def _paths_with(granted: Any, action: str) -> Iterator[str]:
    return (row.page.path for row in granted if row.permission.codename == f"{action}_page")


class ReviewAccessMixin:
    """A view for users who may write or review."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer other users with Wagtail's “permission denied”."""
        if not user_can_see_review_screens(request.user):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin of Django's views


class EditorAccessMixin:
    """A view for editors and administrators; ``refusal`` is the message to others."""

    refusal = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Raise ``PolicyError`` for other users."""
        editor_or_superuser(authenticated_user(request), self.refusal).enforce()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin of Django's views
