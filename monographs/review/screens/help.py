"""The help pages in the admin, from the Markdown files of the documentation."""

import re
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views import View
from markdown_it import MarkdownIt

from monographs.review.screens.base import ReviewScreen

#: File and title by the topic in the URL.
TOPICS = {
    "writers": ("for-writers.md", "Help for writers"),
    "reviewers": ("for-reviewers.md", "Help for reviewers"),
    "rules": ("rules.md", "House rules"),
    "changes": ("../CHANGELOG.md", f"Version {settings.VERSION}"),
}
_FOLDER = settings.BASE_DIR / "docs"
_PICTURE = re.compile(r"[a-z0-9-]+\.png")


class HelpView(ReviewScreen):
    """A help page."""

    template_name = "review/help.html"
    header_icon = "help"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kwargs["topic"] not in TOPICS:
            raise Http404("There is no help on this topic.")
        self.file_name, self.name = TOPICS[kwargs["topic"]]

    def get_page_title(self) -> str:
        return self.name

    def own_breadcrumb(self) -> str:
        return self.name

    def get(self, request: HttpRequest, topic: str) -> HttpResponse:
        """Render the page."""
        return self.render_to_response(self.get_context_data(content=_as_html(self.file_name)))


class HelpPictureView(View):
    """An image of a help page."""

    def get(self, request: HttpRequest, name: str) -> FileResponse:
        """Return the file if it is an image of the documentation."""
        file = _FOLDER / "images" / name
        if not _PICTURE.fullmatch(name) or not file.is_file():
            raise Http404("There is no such image.")
        return FileResponse(file.open("rb"), content_type="image/png")


def _as_html(file_name: str) -> str:
    """Return the page as HTML without its title, with links to the admin's URLs."""
    text = (_FOLDER / file_name).read_text(encoding="utf-8").partition("\n")[2]
    for topic, (other, _) in TOPICS.items():
        text = text.replace(f"]({other})", f"]({reverse('review:help', args=[topic])})")
    text = re.sub(
        r"\]\(images/([^)]+)\)", lambda m: f"]({reverse('review:help_picture', args=[m[1]])})", text
    )
    html = MarkdownIt("commonmark").enable("table").render(text)
    return mark_safe(html)  # noqa: S308  # from files of this repository
