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

#: The place of items without an order, which is Wagtail's own.
LAST = 1000


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


class CountedMenuItem(UserMenuItem):
    """A menu item with a number beside it, if there is one to show."""

    def count(self, request: HttpRequest) -> tuple[str, str]:
        """Return the number, empty for none, and what it counts."""
        raise NotImplementedError

    def render_component(self, request: HttpRequest) -> Any:
        component = super().render_component(request)
        number, counted = self.count(request)
        if number:
            label = f"{self.label}: {number} {counted}"
            component.attrs = {**self.attrs, "data-dashboard-count": number, "aria-label": label}
        return component


def add_menu_item(
    menu: str,
    label: str,
    url_name: str,
    *,
    icon_name: str,
    shown_to: Callable[[User], bool],
    order: int = LAST,
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
