"""The reminder above the editor of a page whose label changed."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin import messages

from monographs.label_watch.models import UpdateTask
from monographs.models import ReviewedPage
from monographs.review.labels_of_pages.label_findings import names_label, unanswered_label_tasks

_GO = (
    '{} <button type="button" class="button button-small button-secondary" data-editor-show="label_version" '
    'data-editor-excerpt="">Go to the label version</button>'
)
_FOLLOWED_TOO = (
    "The page follows it besides the label that it names: change the text where it has to, and let a "
    "reviewer sign the answer to it."
)


def remind_of_label_changes(request: HttpRequest, page: ReviewedPage) -> None:
    """Say above the editor which label changes the draft does not answer yet, once for each time it opens."""
    if request.method != "GET" or page.is_frozen or not request.accepts("text/html"):
        return
    for task in unanswered_label_tasks(page):
        see = messages.button(reverse("labels:task", args=[task.pk]), "See what changed")
        messages.warning(request, _reminder(page, task), buttons=[see])


def _reminder(page: ReviewedPage, task: UpdateTask) -> SafeString:
    changed = f"A label of this medicine changed ({task.change_class}): {task.label_words}."
    if names_label(page, task):
        then = f"then write {task.to_version} as its label version and submit it."
        return format_html(_GO, f"{changed} Change the text where it has to, {then}")
    return format_html("{} {}", changed, _FOLLOWED_TOO)
