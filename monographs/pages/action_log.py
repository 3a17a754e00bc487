"""Wagtail's own actions: whichever of them refuses, and whoever called it, leaves a line in the log.

Publishing, unpublishing, deleting, moving, copying and the rest are classes of ``wagtail.actions``, used by
Wagtail's screens, by its API and by scripts alike. Each asks the page's permission tester in its ``check``;
that is the one place where a refusal is known and menus, which ask the same tester, do not come by.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.core.exceptions import PermissionDenied
from wagtail import actions

from monographs.pages.refusals import capture_refusal, log_refusal_once


def wagtail_action_classes() -> Iterator[type]:
    """Every class of ``wagtail.actions`` that has a check of its own."""
    for module in iter_modules(actions.__path__, f"{actions.__name__}."):
        for found in vars(import_module(module.name)).values():
            if isinstance(found, type) and found.__module__ == module.name and "check" in vars(found):
                yield found


def log_action_refusals() -> None:
    """Let every action leave a line when it refuses; Wagtail has no signal for it."""
    for action in wagtail_action_classes():
        action.check = _watched(action.check)  # type: ignore[attr-defined]  # chosen for having one


def _watched(check: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(check)
    def watched(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return check(self, *args, **kwargs)
        except PermissionDenied as refusal:
            capture_refusal(str(refusal))
            log_refusal_once(refusal, f"{type(self).__name__} of {_subject(self)}", self.user)
            raise

    return watched


def _subject(action: Any) -> str:
    page = getattr(action, "page", None) or getattr(action, "object", None)
    return f"{page._meta.verbose_name} {page.pk}" if page is not None else "nothing"
