"""The language and time zone in which an email is written: its reader's, whoever caused it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone, translation


@dataclass(frozen=True, slots=True)
class ReaderLanguage:
    """A language and a time zone, by their names."""

    language: str
    time_zone: str

    @classmethod
    def of(cls, user: User | None) -> "ReaderLanguage":
        """Return what ``user`` chose for the admin, and the admin's and the site's for what they did not."""
        profile = getattr(user, "wagtail_userprofile", None)
        language = getattr(profile, "preferred_language", "") or settings.ADMIN_LANGUAGE
        return cls(language, getattr(profile, "current_time_zone", "") or settings.TIME_ZONE)

    @classmethod
    def of_address(cls, address: str) -> "ReaderLanguage":
        """Return that of the active account with an email address; the admin's for any other address."""
        owners = User.objects.filter(email__iexact=address, is_active=True)
        return cls.of(owners.select_related("wagtail_userprofile").order_by("pk").first())

    @contextmanager
    def active(self) -> Iterator[None]:
        """Write in this language and time zone within the block."""
        with translation.override(self.language), timezone.override(self.time_zone):
            yield
