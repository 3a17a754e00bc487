"""Pages whose name changed, in Wagtail's admin: URLs."""

from django.urls import URLResolver, include, path
from wagtail import hooks


@hooks.register("register_admin_urls")
def renamed_page_urls() -> list[URLResolver]:
    """Register the URLs below /admin/renamed-pages/."""
    return [path("renamed-pages/", include("monographs.review.renamed_pages.urls"))]
