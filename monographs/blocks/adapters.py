"""What the editor's scripts need of blocks: each is Wagtail's own, known to the element that shows it."""

from django import forms
from django.utils.functional import cached_property
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.blocks.list_block import ListBlockAdapter
from wagtail.blocks.stream_block import StreamBlockAdapter

from monographs.blocks.parts import EffectListBlock
from monographs.blocks.sections import SectionsBlock

_SCRIPT = "js/editor-blocks.js"


class SectionsBlockAdapter(StreamBlockAdapter):
    """The sections of a medicine, to which the table of contents adds."""

    js_constructor = "monographs.blocks.sections.SectionsBlock"

    @cached_property
    def media(self) -> forms.Media:
        """Return Wagtail's scripts, then ours."""
        return super().media + forms.Media(js=[versioned_static(_SCRIPT)])


class EffectListBlockAdapter(ListBlockAdapter):
    """Side effects, to which keys add rows."""

    js_constructor = "monographs.blocks.parts.EffectListBlock"

    @cached_property
    def media(self) -> forms.Media:
        """Return Wagtail's scripts, then ours."""
        return super().media + forms.Media(js=[versioned_static(_SCRIPT)])


register(SectionsBlockAdapter(), SectionsBlock)
register(EffectListBlockAdapter(), EffectListBlock)
