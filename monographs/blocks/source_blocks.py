"""Blocks of the list of sources: typed ones, and those of the library."""

from typing import Any

from django import forms
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from monographs.document.models import Source

#: Name of the block of a source of the library.
FROM_LIBRARY = "library"


class SourceReferencesInput(forms.TextInput):
    """The short names of a section's sources; its script offers the page's own and those of the library."""


def _reference_field() -> blocks.CharBlock:
    """Return the field for the short name of a source."""
    return blocks.CharBlock(
        max_length=30, label="Short name", help_text="The name by which sections refer to it, e.g. label."
    )


class SourceBlock(blocks.StructBlock):
    """A source of the text, typed by the writer of the page."""

    reference = _reference_field()
    title = blocks.CharBlock(max_length=300)
    publisher = blocks.CharBlock(max_length=200, required=False)
    address = blocks.URLBlock(required=False)
    date_seen = blocks.DateBlock(required=False, label="Date seen")

    def to_source(self, number: int, value: Any) -> Source:
        """Return the source of the document with this number."""
        return Source(
            number=number,
            title=value["title"] or "",
            publisher=value["publisher"] or "",
            address=value["address"] or "",
            date_seen=value["date_seen"],
        )

    class Meta:
        icon = "openquote"
        label = "Source"


class LibrarySourceBlock(blocks.StructBlock):
    """A source of the library, whose present fields a document takes over when the draft is resolved."""

    reference = _reference_field()
    source = SnippetChooserBlock("source_library.LibrarySource")
    date_seen = blocks.DateBlock(
        required=False, label="Date seen", help_text="When you read it for this text. Patients see it."
    )

    def to_source(self, number: int, value: Any) -> Source:
        """Return the source of the document with this number; without words until one is chosen."""
        chosen, seen = value["source"], value["date_seen"]
        if chosen is None:
            return Source(number=number, title="", date_seen=seen)
        return Source(
            number=number,
            title=chosen.title,
            publisher=chosen.publisher,
            address=chosen.address,
            date_seen=seen,
        )

    class Meta:
        icon = "folder-open-inverse"
        label = "Source from the library"


class SourcesBlock(blocks.StreamBlock):
    """The numbered list of sources."""

    source = SourceBlock()
    library = LibrarySourceBlock()

    def to_sources(self, value: Any) -> tuple[Source, ...]:
        """Return the sources of the document in order, numbered from 1."""
        return tuple(
            child.block.to_source(number, child.value) for number, child in enumerate(value, start=1)
        )

    class Meta:
        required = False
