"""What the editor's scripts need of blocks: each is Wagtail's own, known to the element that shows it."""

from django import forms
from django.utils.functional import cached_property
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import WidgetAdapter
from wagtail.blocks.list_block import ListBlockAdapter
from wagtail.blocks.stream_block import StreamBlockAdapter
from wagtail.blocks.struct_block import StructBlockAdapter

from monographs.blocks.parts import EffectListBlock
from monographs.blocks.sections import SectionsBlock
from monographs.blocks.source_blocks import SourceBlock, SourceReferencesInput, SourcesBlock

_SCRIPT = "js/editor-blocks.js"


def _source_media() -> forms.Media:
    """Return the script and styles of sources in the editor."""
    return forms.Media(
        js=[versioned_static("js/editor-sources.js")],
        css={"all": [versioned_static("css/editor-sources.css")]},
    )


class _OwnScript:
    """Adds the editor's script for blocks to what Wagtail loads for a block."""

    @cached_property
    def media(self) -> forms.Media:
        """Return Wagtail's scripts, then ours."""
        found: forms.Media = super().media + forms.Media(js=[versioned_static(_SCRIPT)])  # type: ignore[misc]
        return found


class SectionsBlockAdapter(_OwnScript, StreamBlockAdapter):
    """The sections of a medicine, to which the table of contents adds."""

    js_constructor = "monographs.blocks.sections.SectionsBlock"


class EffectListBlockAdapter(_OwnScript, ListBlockAdapter):
    """Side effects, to which keys add rows."""

    js_constructor = "monographs.blocks.parts.EffectListBlock"


class SourcesBlockAdapter(_OwnScript, StreamBlockAdapter):
    """The list of sources, to which sections add what is chosen from the library."""

    js_constructor = "monographs.blocks.source_blocks.SourcesBlock"


class SourceBlockAdapter(StructBlockAdapter):
    """A typed source, which can be put into the library."""

    js_constructor = "monographs.blocks.source_blocks.SourceBlock"

    @cached_property
    def media(self) -> forms.Media:
        """Return Wagtail's scripts and styles, then ours."""
        return super().media + _source_media()


class SourceReferencesAdapter(WidgetAdapter):
    """The sources of a section."""

    js_constructor = "monographs.blocks.SourceReferences"

    @cached_property
    def media(self) -> forms.Media:
        """Return Wagtail's scripts and styles, then ours."""
        return super().media + StructBlockAdapter().media + _source_media()


register(SectionsBlockAdapter(), SectionsBlock)
register(SourcesBlockAdapter(), SourcesBlock)
register(SourceBlockAdapter(), SourceBlock)
register(SourceReferencesAdapter(), SourceReferencesInput)
register(EffectListBlockAdapter(), EffectListBlock)
