"""Logging the refusals of Wagtail's own actions, whichever code calls them.

Publishing, unpublishing, deleting, moving, copying and the rest are classes of ``wagtail.actions``, used by
Wagtail's screens, its API and scripts alike. Each asks the page's permission tester in its ``check``. Only
there is a refusal known: menus ask the same tester, but attempt nothing.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.core.exceptions import PermissionDenied
from wagtail import actions

from monographs.accounts.actors import person_of
from monographs.pages.refusals import capture_refusal, log_refusal_once


def wagtail_action_classes() -> Iterator[type]:
    """Yield every class of ``wagtail.actions`` that has a ``check`` of its own."""
    for module in iter_modules(actions.__path__, f"{actions.__name__}."):
        for member in vars(import_module(module.name)).values():
            if isinstance(member, type) and member.__module__ == module.name and "check" in vars(member):
                yield member


def log_action_refusals() -> None:
    """Wrap ``check`` of every action so that its refusals are logged; Wagtail has no signal for it."""
    for action in wagtail_action_classes():
        action.check = _logging_refusals(action.check)  # type: ignore[attr-defined]  # chosen for having one


def _logging_refusals(check: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(check)
    def wrapped(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return check(self, *args, **kwargs)
        except PermissionDenied as refusal:
            capture_refusal(str(refusal))
            attempt = f"{type(self).__name__} of {_description(self)}"
            log_refusal_once(refusal, attempt, person_of(self.user).username)
            raise

    return wrapped


def _description(action: Any) -> str:
    page = getattr(action, "page", None) or getattr(action, "object", None)
    return f"{page._meta.verbose_name} {page.pk}" if page is not None else "nothing"
