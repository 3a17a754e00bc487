"""Indirect contributors: the authors of names and images that a text takes from elsewhere.

Renaming a class or replacing an image in the admin changes what a monograph says without touching its page.
Until the name or the image has been signed, its author counts as a contributor to the text.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from wagtail.log_actions import registry

from monographs.accounts.actors import contributor_of
from monographs.document.models import BaseDocument
from monographs.editions.contributions import contributors_since
from monographs.editions.models import EditionFigure
from monographs.editions.person import Person
from monographs.editions.queries import current_edition

if TYPE_CHECKING:
    from wagtail.images.models import AbstractImage


def indirect_contributors(document: BaseDocument, images: "Mapping[str, AbstractImage]") -> list[Person]:
    """Return the authors of unsigned names and images in ``document``; ``images`` is keyed by SHA-256."""
    return list(dict.fromkeys([*_of_names(document), *_of_images(images)]))


def _of_names(document: BaseDocument) -> Iterator[Person]:
    for key, name in sorted(document.borrowed_names()):
        edition = current_edition(key)
        if edition is None or edition.title != name:
            yield from contributors_since(key, edition)


def _of_images(images: "Mapping[str, AbstractImage]") -> Iterator[Person]:
    signed = set(EditionFigure.objects.filter(sha256__in=list(images)).values_list("sha256", flat=True))
    for sha256, image in images.items():
        if sha256 in signed:
            continue
        entries = registry.get_logs_for_instance(image)
        ids = {image.uploaded_by_user_id, *entries.values_list("user_id", flat=True)}
        yield from map(contributor_of, User.objects.filter(pk__in=ids - {None}))
