"""Deleting pages: refused for all that ever had an edition, by whatever code; such a page is retired.

Wagtail's screens and actions ask the page's permission tester. Code that deletes a page, or a query of pages,
does not: it meets the receiver of ``pre_delete``. SQL meets the trigger of the table of pages
(``monographs/migrations``).
"""

from typing import Any

from django.db.models import QuerySet
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from wagtail.admin.views.pages.delete import delete
from wagtail.models import Page, get_page_models

from monographs.accounts.actors import current_actor
from monographs.core.locks import lock_page_keys
from monographs.editions.models import Edition
from monographs.pages.permissions import reason_to_keep, reasons_to_keep, with_descendants
from monographs.pages.refusals import PolicyError, Rule, log_refusal_once

#: Most names in a message.
NAMED = 3


@receiver(reasons_to_keep, dispatch_uid="pages_with_editions_remain")
def pages_with_editions_remain(pages: QuerySet[Page], **kwargs: Any) -> str:
    """Return which of ``pages`` ever had an edition, and what to do instead of deleting them."""
    keys = set(pages.filter(alias_of=None).order_by().values_list("translation_key", flat=True))
    recorded = set(Edition.objects.filter(key__in=keys).values_list("key", flat=True).distinct())
    if not recorded:
        return ""
    found = pages.filter(alias_of=None, translation_key__in=recorded).order_by("path")
    titles = [f"“{page.draft_title or page.title}”" for page in found[:NAMED]]
    more = found.count() - len(titles)
    names = ", ".join(titles) + (f" and {more} more" if more else "")
    return (
        f"{names} had an edition that patients read, so it cannot be deleted, by anybody. An editor can "
        "propose to retire it: open its history and use “Retire this page”; a reviewer then signs."
    )


def refuse_deletion(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Raise ``PolicyError`` before a page that ever had an edition is deleted by any code."""
    lock_page_keys(instance.translation_key)
    reason = reason_to_keep(Page.objects.filter(pk=instance.pk))
    if reason:
        refusal = PolicyError(Rule.HAD_AN_EDITION, reason)
        log_refusal_once(refusal, f"deletion of page {instance.pk}", current_actor().username)
        raise refusal


def guard_deletions() -> None:
    """Connect the receiver to every class of pages; called once, when apps are ready."""
    for model in (Page, *get_page_models()):
        pre_delete.connect(refuse_deletion, sender=model, dispatch_uid=f"refuse_deletion_{model._meta.label}")


def delete_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Wagtail's view that deletes a page, with the reason why not before it asks for a permission."""
    page = get_object_or_404(Page, pk=page_id)
    reason = reason_to_keep(with_descendants(page))
    if reason:
        raise PolicyError(Rule.HAD_AN_EDITION, reason)
    response: HttpResponse = delete(request, page_id)
    return response
