"""A menu item of Wagtail's admin for some users."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from wagtail.admin.menu import MenuItem

from monographs.core.users import authenticated_user


class UserMenuItem(MenuItem):
    """A menu item shown to the users for whom ``shown_to`` returns True.

    Each such function is called once per request: Wagtail asks an item of a submenu twice, and items share
    functions.
    """

    def __init__(self, *args: Any, shown_to: Callable[[User], bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown_to = shown_to

    def is_shown(self, request: HttpRequest) -> bool:
        answers: dict[Callable[[User], bool], bool] = request.__dict__.setdefault("_menu_answers", {})
        if self.shown_to not in answers:
            answers[self.shown_to] = self.shown_to(authenticated_user(request))
        return answers[self.shown_to]
