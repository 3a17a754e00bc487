"""Who sees the queue, the board and records, and which pages on them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from wagtail.admin.auth import permission_denied
from wagtail.permissions import page_permission_policy

from monographs.review.policy import is_reviewer

#: Whoever holds one of these on some page works on pages.
_WORKING = {"add", "change"}


def may_see_review_screens(user: Any) -> bool:
    """Whether ``user`` may write or review anything."""
    return bool(page_permission_policy.user_has_any_permission(user, _WORKING)) or is_reviewer(user)


@dataclass(frozen=True, slots=True)
class PageScope:
    """Which pages somebody sees, and which they may edit, by where those stand in the tree."""

    everywhere: bool
    paths: tuple[str, ...]
    edits: tuple[str, ...]
    own: tuple[str, ...]
    user_id: int

    def may_edit(self, path: str, owner_id: int | None) -> bool:
        """As Wagtail decides it for a page outside review: by permission on it or above, or as its owner."""
        return path.startswith(self.edits) or (owner_id == self.user_id and path.startswith(self.own))


def scope_of(user: Any) -> PageScope:
    """What ``user`` sees: reviewers and superusers everything, others what they hold a permission on."""
    if user.is_superuser:
        return PageScope(True, (), ("",), (), user.pk)
    granted = page_permission_policy.get_cached_permissions_for_user(user)
    paths = {action: tuple(_of(granted, action)) for action in _WORKING}
    seen = tuple(dict.fromkeys([*paths["change"], *paths["add"]]))
    return PageScope(is_reviewer(user), seen, paths["change"], paths["add"], user.pk)


def _of(granted: Any, action: str) -> list[str]:
    return [row.page.path for row in granted if row.permission.codename == f"{action}_page"]


class ReviewAccessMixin:
    """A screen for those who may write or review."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Turn others away, in Wagtail's words."""
        if not may_see_review_screens(request.user):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
