"""Words and pictures that a text takes from elsewhere bring along those who made them.

A class renamed, or a picture replaced, on the desk changes what a monograph says without touching its page.
As long as nobody has signed the name or the picture, whoever made it has contributed to the text.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from wagtail.log_actions import registry

from monographs.document.models import BaseDocument
from monographs.editions.contributions import contributors_since
from monographs.editions.models import EditionFigure
from monographs.editions.person import Person
from monographs.editions.queries import current_edition
from monographs.review.contributors import contributor_of


def indirect_contributors(document: BaseDocument, images: Mapping[str, Any]) -> list[Person]:
    """Makers of the unsigned names and pictures in ``document``. ``images`` by the hash of their bytes."""
    return list(dict.fromkeys([*_of_names(document), *_of_pictures(images)]))


def _of_names(document: BaseDocument) -> Iterator[Person]:
    for key, name in sorted(document.borrowed_names()):
        edition = current_edition(key)
        if edition is None or edition.title != name:
            yield from contributors_since(key, edition)


def _of_pictures(images: Mapping[str, Any]) -> Iterator[Person]:
    signed = set(EditionFigure.objects.filter(sha256__in=list(images)).values_list("sha256", flat=True))
    for sha256, image in images.items():
        if sha256 in signed:
            continue
        entries = registry.get_logs_for_instance(image)
        ids = {image.uploaded_by_user_id, *entries.values_list("user_id", flat=True)}
        yield from map(contributor_of, get_user_model().objects.filter(pk__in=ids - {None}))
