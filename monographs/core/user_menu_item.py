"""Menu items of Wagtail's admin for some users."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import slugify
from wagtail import hooks
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


def add_menu_item(
    menu: str,
    label: str,
    url_name: str,
    *,
    icon_name: str,
    order: int,
    shown_to: Callable[[User], bool],
    name: str = "",
) -> None:
    """Add an item to the menu whose hook is ``menu``; its ``name`` is made of the label, if none is given."""
    hooks.register(
        menu,
        lambda: UserMenuItem(
            label,
            reverse(url_name),
            name=name or slugify(label),
            icon_name=icon_name,
            order=order,
            shown_to=shown_to,
        ),
    )
