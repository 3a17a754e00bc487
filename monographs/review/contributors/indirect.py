"""Indirect contributors: the authors of names, images and sources that a text takes from elsewhere.

Renaming a class, replacing an image or changing a source of the library in the admin changes what a monograph
says without touching its page. Until the name, the image or the source's text has been signed, its author
counts as a contributor to the text. Deleting a class,
a condition or an image changes the texts that use it, too.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import dropwhile, groupby, takewhile
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.db.models.signals import pre_delete, pre_save
from django.dispatch import receiver
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from monographs.accounts.actors import contributor_of, current_actor
from monographs.document.models import BaseDocument, MonographDocument
from monographs.editions.contributions import contributors_since, record_contribution
from monographs.editions.models import EditionFigure
from monographs.editions.person import SYSTEM, Person
from monographs.editions.queries import current_edition
from monographs.models import ReviewedPage, reviewed_page_models
from monographs.review.authorship.draft_follow import follow
from monographs.review.authorship.image_authors import people_of_image
from monographs.review.authorship.stored_passages import UNFOLLOWABLE, StoredPassage, passages_of
from monographs.source_library.models import ShownSource, SourceChange, digest_of_source


def indirect_contributors(document: BaseDocument, images: Mapping[str, AbstractImage]) -> list[Person]:
    """Return the authors of unsigned names, images and sources in ``document``.

    ``images`` is keyed by SHA-256.
    """
    return list(dict.fromkeys([*_of_names(document), *_of_images(images), *_of_sources(document)]))


def _of_names(document: BaseDocument) -> Iterator[Person]:
    for key, name in sorted(document.borrowed_names()):
        edition = current_edition(key)
        if edition is None or edition.title != name:
            yield from contributors_since(key, edition)


def _of_images(images: Mapping[str, AbstractImage]) -> Iterator[Person]:
    signed = set(EditionFigure.objects.filter(sha256__in=list(images)).values_list("sha256", flat=True))
    for sha256, image in images.items():
        if sha256 not in signed:
            yield from people_of_image(image)


def _of_sources(document: BaseDocument) -> Iterator[Person]:
    """Yield who wrote what the library says of sources in ``document``, since it said what somebody signed.

    Signed is what a text that patients read says of a source. A typed source that says what one of the
    library says, or said before it was changed or deleted, counts like it.
    """
    if not isinstance(document, MonographDocument) or not document.sources:
        return
    digests = {digest_of_source(each.title, each.publisher, each.address) for each in document.sources}
    digests -= set(ShownSource.objects.filter(digest__in=digests).values_list("digest", flat=True))
    sources = SourceChange.objects.filter(digest__in=digests).values("source")
    changes = list(SourceChange.objects.filter(source__in=sources).order_by("source", "-pk"))
    said = {change.digest for change in changes}
    signed = set(ShownSource.objects.filter(digest__in=said).values_list("digest", flat=True))
    for _, of_source in groupby(changes, key=lambda change: change.source):
        until_said = list(dropwhile(lambda change: change.digest not in digests, of_source))
        unsigned = takewhile(lambda change: change.digest not in signed, until_said)
        # Who wrote just these words before something else was signed is their author, too
        same = (change for change in until_said if change.digest in digests)
        for change in dict.fromkeys([*unsigned, *same]):
            yield from (Person(**author) for author in change.authors)


#: Fields of stored content that refer to an image, and to a page, by primary key.
_IMAGE_FIELDS = frozenset({"image"})
_PAGE_FIELDS = frozenset({"drug_class", "conditions", "condition", "medicine"})
_LINKED = re.compile(r'\bid="(\d+)"')


@receiver(pre_delete, dispatch_uid="record_deletion_of_what_texts_use")
def record_deletion(instance: Any, **kwargs: Any) -> None:
    """Record who deletes a page or an image as a contributor of every draft that refers to it.

    A condition's name leaves the medicine's text with its page, although nobody touched the medicine.
    """
    if isinstance(instance, ReviewedPage):
        fields = _PAGE_FIELDS
    elif isinstance(instance, AbstractImage):
        fields = _IMAGE_FIELDS
    else:
        return
    actor = replace(current_actor(), credentials="", field="")
    for page in _referring_pages(instance.pk, fields):
        if page.pk != instance.pk:
            record_contribution(page.translation_key, actor, "")


@receiver(pre_save, dispatch_uid="record_renaming_without_a_revision")
def record_renaming(instance: Any, **kwargs: Any) -> None:
    """Record who renames a page's row, unless the newest edition has that name: other texts show it."""
    if not isinstance(instance, ReviewedPage) or not instance.pk or kwargs.get("raw"):
        return
    before = Page.objects.filter(pk=instance.pk).values_list("title", flat=True).first()
    actor = current_actor()
    if before in (None, instance.title) or actor.id is None:
        return
    edition = current_edition(instance.translation_key)
    if edition is None or edition.title != instance.title:
        row = record_contribution(instance.translation_key, replace(actor, credentials="", field=""), "")
        _let_be_retracted(instance, row.pk)


def _let_be_retracted(page: ReviewedPage, contribution: int) -> None:
    """Store that the editor's own saving of the row follows, by which the name is followed from then on."""
    revision = page.get_latest_revision()
    if revision is not None:
        with suppress(*UNFOLLOWABLE):
            follow(page, revision.content, []).store([contribution])


def people_who_deleted(content: Mapping[str, Any], model: type[ReviewedPage]) -> Iterator[Person]:
    """Yield who deleted a page or an image that a stored ``content`` of a page of type ``model`` refers to.

    ``record_deletion`` finds the latest drafts only, not one that was set aside. Raises one of
    ``UNFOLLOWABLE``.
    """
    passages = passages_of(content, model)
    images = {key for passage in passages for key in _referred(passage, _IMAGE_FIELDS)}
    pages = {key for passage in passages for key in _referred(passage, _PAGE_FIELDS)}
    images -= set(get_image_model().objects.filter(pk__in=images).values_list("pk", flat=True))
    pages -= set(Page.objects.filter(pk__in=pages).values_list("pk", flat=True))
    logged = (
        PageLogEntry.objects.filter(action="wagtail.delete", page_id__in=pages),
        ModelLogEntry.objects.get_for_model(get_image_model()).filter(
            action="wagtail.delete", object_id__in=map(str, images)
        ),
    )
    for entries in logged:
        for entry in entries.select_related("user").order_by("pk"):
            yield contributor_of(entry.user) if entry.user else SYSTEM


def _referred(passage: StoredPassage, fields: frozenset[str]) -> list[int]:
    """Return the primary keys of what a passage refers to in one of ``fields``, or by links to pages."""
    if passage.prose:
        tags = [t for t in passage.tokens if t.startswith("<a ")] if fields is _PAGE_FIELDS else []
        return [int(key) for tag in tags for key in _LINKED.findall(tag)]
    chosen = passage.name in fields and passage.tokens and passage.tokens[0].isdecimal()
    return [int(passage.tokens[0])] if chosen else []


def _referring_pages(pk: int, fields: frozenset[str]) -> Iterator[ReviewedPage]:
    """Yield the pages whose draft refers to the row ``pk`` in one of ``fields``, or links to it."""
    types = reviewed_page_models()
    stored = Cast("latest_revision__content", TextField())
    pages = Page.objects.type(*types).filter(alias_of=None).annotate(stored=stored)
    maybe = pages.filter(Q(stored__regex=rf"\m{pk}\M") | Q(latest_revision=None))
    for page in maybe.select_related("latest_revision").specific():
        revision = page.latest_revision
        content = revision.content if revision else page.serializable_data()
        try:
            passages = passages_of(content, type(page))
        except UNFOLLOWABLE:
            yield page
            continue
        if any(_refers(passage, str(pk), fields) for passage in passages):
            yield page


def _refers(passage: StoredPassage, pk: str, fields: frozenset[str]) -> bool:
    if passage.prose:
        link = f'id="{pk}"'
        return fields is _PAGE_FIELDS and any(t.startswith("<a ") and link in t for t in passage.tokens)
    return passage.name in fields and passage.tokens == (pk,)
