"""Who uploaded, replaced or named an image of the library."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from wagtail.images.models import AbstractImage
from wagtail.log_actions import registry

from monographs.accounts.actors import contributor_of
from monographs.editions.person import Person


def people_of_image(image: AbstractImage) -> Iterator[Person]:
    """Yield everybody who uploaded or changed ``image``; nothing says who wrote its title."""
    entries = registry.get_logs_for_instance(image)
    ids = {image.uploaded_by_user_id, *entries.values_list("user_id", flat=True)}
    yield from map(contributor_of, User.objects.filter(pk__in=ids - {None}))
