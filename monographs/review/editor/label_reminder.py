"""The reminder above the editor of a page whose label changed."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from wagtail.admin import messages

from monographs.models import ReviewedPage
from monographs.review.labels_of_pages.label_findings import unanswered_label_tasks

_GO = (
    '{} <button type="button" class="button button-small button-secondary" data-editor-show="label_version" '
    'data-editor-excerpt="">Go to the label version</button>'
)


def remind_of_label_changes(request: HttpRequest, page: ReviewedPage) -> None:
    """Say above the editor which label changes the draft does not answer yet, once for each time it opens."""
    if request.method != "GET" or page.is_frozen or not request.accepts("text/html"):
        return
    for task in unanswered_label_tasks(page):
        words = (
            f"The label of this medicine changed from version {task.from_version} to {task.to_version} "
            f"({task.change_class}). Change the text where it has to, then write {task.to_version} as its "
            "label version and submit it."
        )
        see = messages.button(reverse("labels:task", args=[task.pk]), "See what changed")
        messages.warning(request, format_html(_GO, words), buttons=[see])
