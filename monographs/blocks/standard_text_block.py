"""The block that includes a signed standard text in a section: a reference to one edition of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import blocks

from monographs.blocks.resolve_context import ResolveContext
from monographs.document.models import StandardTextUse
from monographs.document.parts import CommonPart, Part

#: The name of the block in the streams of sections.
STANDARD_TEXT = "standard_text"
_VERSION = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/([1-9][0-9]{0,8})/([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class TextVersion:
    """An edition of a standard text: its page's key, its number and its hash."""

    key: str
    number: int
    sha256: str

    @classmethod
    def read(cls, stored: Any) -> "TextVersion | None":
        """Return the version that a block stores (``key/number/sha256``); None for anything else."""
        match = _VERSION.fullmatch(stored) if isinstance(stored, str) else None
        return cls(match[1], int(match[2]), match[3]) if match else None

    def __str__(self) -> str:
        return f"{self.key}/{self.number}/{self.sha256}"


@dataclass(frozen=True, slots=True)
class SignedStandardText:
    """The name and the parts of an edition of a standard text, as they were signed."""

    title: str
    parts: tuple[CommonPart, ...]


class UnsignedTextError(ValueError):
    """A block names a standard text that nobody signed. The message says how to fix it."""


#: Functions that return the signed text of a version, None if there is no such edition. The package that
#: reads editions adds its own when it is ready; without one nothing is signed.
signed_texts: list[Callable[[TextVersion], SignedStandardText | None]] = []


def signed_text_of(stored: Any) -> tuple[TextVersion, SignedStandardText]:
    """Return the version that a block stores, and its signed text. Raises ``UnsignedTextError``."""
    version = TextVersion.read(stored)
    found = next((text for find in signed_texts if version and (text := find(version))), None)
    if version is None or found is None:
        raise UnsignedTextError(
            "No reviewer has signed a standard text in this version, so its words cannot be shown to "
            "patients. Choose a standard text again, or remove this block."
        )
    return version, found


class StandardTextInput(forms.TextInput):
    """The stored version, in an element whose script shows the words and lets the writer choose."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the input within its element."""
        field = super().render(name, value, {**(attrs or {}), "hidden": True, "data-version": ""}, renderer)
        return format_html(
            '<standard-text-choice data-url="{}">{}<div data-words aria-live="polite"></div>'
            "</standard-text-choice>",
            reverse("standard_texts:choice"),
            field,
        )


class StandardTextBlock(blocks.FieldBlock):
    """A standard text in one signed version. The document has its words by value."""

    def __init__(self, required: bool = True, help_text: str = "", **kwargs: Any) -> None:
        self._options: dict[str, Any] = {"required": required, "help_text": help_text, "max_length": 120}
        super().__init__(**kwargs)

    @cached_property
    def field(self) -> forms.Field:
        """The form field."""
        return forms.CharField(widget=StandardTextInput(), **self._options)

    def clean(self, value: Any) -> Any:
        """Refuse a version that nobody signed."""
        value = super().clean(value)
        if value:
            try:
                signed_text_of(value)
            except UnsignedTextError as error:
                raise ValidationError(str(error)) from error
        return value

    def to_parts(self, value: Any, context: ResolveContext) -> list[Part]:
        """Return the parts of the signed version, and note in ``context`` that they are included.

        An empty list while nothing is chosen. Raises ``UnsignedTextError`` for what nobody signed.
        """
        if not value:
            return []
        version, text = signed_text_of(value)
        context.standard_texts[str(version)] = StandardTextUse(
            key=version.key, title=text.title, number=version.number, sha256=version.sha256
        )
        return list(text.parts)

    class Meta:
        icon = "openquote"
        label = "Standard text"
        default = ""
