"""Bundles in Wagtail's admin: URLs and menu."""

from django.contrib.auth.models import User
from django.urls import URLResolver, include, path
from wagtail import hooks

from monographs.core.user_menu_item import add_menu_item
from monographs.review.page_access import user_can_see_review_screens
from monographs.review.policies.bundle_policy import user_can_bundle


@hooks.register("register_admin_urls")
def bundle_urls() -> list[URLResolver]:
    """Register the URLs below /admin/bundles/."""
    return [path("bundles/", include("monographs.review.bundles.urls"))]


def _may_bundle(user: User) -> bool:
    return user_can_bundle(user).allowed


add_menu_item(
    "register_reports_menu_item",
    "Bundles",
    "bundles:list",
    icon_name="copy",
    order=635,
    shown_to=user_can_see_review_screens,
)
add_menu_item(
    "register_reports_menu_item",
    "Find and replace",
    "bundles:replace",
    icon_name="search",
    order=636,
    shown_to=_may_bundle,
)
