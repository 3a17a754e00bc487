"""Bundles in Wagtail's admin: URLs and menu."""

from django.contrib.auth.models import User
from django.urls import URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from monographs.core.user_menu_item import UserMenuItem
from monographs.review.bundle_policy import user_can_bundle
from monographs.review.page_access import user_can_see_review_screens


@hooks.register("register_admin_urls")
def bundle_urls() -> list[URLResolver]:
    """Register the URLs below /admin/bundles/."""
    return [path("bundles/", include("monographs.review.bundles.urls"))]


@hooks.register("register_reports_menu_item")
def bundles_menu_item() -> MenuItem:
    """Add the list of bundles to the reports menu."""
    return UserMenuItem(
        "Bundles",
        reverse("bundles:list"),
        name="bundles",
        icon_name="copy",
        order=635,
        shown_to=user_can_see_review_screens,
    )


@hooks.register("register_reports_menu_item")
def find_and_replace_menu_item() -> MenuItem:
    """Add find and replace to the reports menu."""
    return UserMenuItem(
        "Find and replace",
        reverse("bundles:replace"),
        name="find-and-replace",
        icon_name="search",
        order=636,
        shown_to=_may_bundle,
    )


def _may_bundle(user: User) -> bool:
    return user_can_bundle(user).allowed
