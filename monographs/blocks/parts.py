"""Blocks for the parts of sections."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup
from wagtail.images.blocks import ImageChooserBlock

from monographs.blocks.image_snapshot import ImageError, snapshot_image
from monographs.blocks.resolve_context import ListLevelsError, ResolveContext, check_lists, resolve_html
from monographs.blocks.standard_text_block import StandardTextBlock
from monographs.blocks.tables import PASTE_FEATURE, TableBlock
from monographs.document import parts
from monographs.document.parts import Frequency, Urgency
from monographs.presentation.urgency_words import urgency_choices, urgency_label

#: The formatting a leaflet needs (``document.html.TAGS``).
INLINE_FEATURES = [PASTE_FEATURE, "bold", "italic", "ol", "ul", "link", "superscript", "subscript"]
RICH_TEXT_FEATURES = [*INLINE_FEATURES, "h3", "h4"]

FREQUENCY_CHOICES = [(f.value, f.label) for f in Frequency]


class UrgencyBlock(blocks.ChoiceBlock):
    """How soon to act, in the words of this site."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "choices": urgency_choices})
        # Migrations are the same for every site, whatever its emergency number
        self._constructor_kwargs["choices"] = [(urgency.value, urgency.label) for urgency in Urgency]


def checked_lists(value: Any) -> Any:
    """Return rich text; raise ``ValidationError`` if its lists are nested too deeply."""
    try:
        check_lists(value)
    except ListLevelsError as error:
        raise ValidationError(str(error)) from error
    return value


def clean_lists_of(value: Any, child: str) -> Any:
    """Return the value of a struct; refuse lists of its rich text ``child`` that are nested too deeply."""
    try:
        checked_lists(value[child])
    except ValidationError as error:
        raise blocks.StructBlockValidationError({child: error}) from error
    return value


class TextBlock(blocks.RichTextBlock):
    """Paragraphs and lists."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("features", RICH_TEXT_FEATURES)
        # An empty text is left out of the document; a house rule reports an empty section
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """Refuse lists that are nested too deeply."""
        return checked_lists(super().clean(value))

    def to_parts(self, value: Any, context: ResolveContext) -> list[parts.Part]:
        """Return one text part, or none for an empty text."""
        html = resolve_html(value)
        return [parts.Text(html=html)] if html else []

    class Meta:
        icon = "pilcrow"
        label = "Text"


class AdviceBlock(blocks.StructBlock):
    """A box that says what to do and how soon."""

    urgency = UrgencyBlock(help_text="How soon the reader must act.")
    text = blocks.RichTextBlock(features=INLINE_FEATURES, help_text="When this applies, and what to do.")

    def clean(self, value: Any) -> Any:
        """Refuse lists that are nested too deeply."""
        return clean_lists_of(super().clean(value), "text")

    def to_parts(self, value: Any, context: ResolveContext) -> list[parts.Part]:
        """Return one advice part, or none while the urgency or the text is missing."""
        html = resolve_html(value["text"])
        if not html or not value["urgency"]:
            return []
        urgency = Urgency(value["urgency"])
        label = urgency_label(urgency, context.language)
        return [parts.Advice(urgency=urgency, urgency_label=label, html=html)]

    class Meta:
        icon = "warning"
        label = "Advice box"


class DoDontBlock(blocks.StructBlock):
    """Two short lists: what to do, what not to do."""

    do = blocks.ListBlock(blocks.CharBlock(max_length=300, label="Do"), label="Do", default=[])
    dont = blocks.ListBlock(blocks.CharBlock(max_length=300, label="Do not"), label="Do not", default=[])

    def to_parts(self, value: Any, context: ResolveContext) -> list[parts.Part]:
        """Return one part with both lists, or none if both are empty."""
        do = tuple(line.strip() for line in value["do"] if line.strip())
        dont = tuple(line.strip() for line in value["dont"] if line.strip())
        return [parts.DoDont(do=do, dont=dont)] if do or dont else []

    class Meta:
        icon = "tasks"
        label = "Do and do not"


class FigureBlock(blocks.StructBlock):
    """A picture with its alternative text and caption."""

    image = ImageChooserBlock()
    alt = blocks.CharBlock(
        max_length=300,
        label="Alternative text",
        help_text="What the picture says, for people who cannot see it.",
    )
    caption = blocks.CharBlock(max_length=300, required=False)

    def clean(self, value: Any) -> Any:
        """Refuse an image that patients could not be shown."""
        result = super().clean(value)
        try:
            if result["image"] is not None:
                snapshot_image(result["image"])
        except ImageError as error:
            raise blocks.StructBlockValidationError({"image": ValidationError(str(error))}) from error
        return result

    def to_parts(self, value: Any, context: ResolveContext) -> list[parts.Part]:
        """Return one figure, identified by its hash. Raises ``ImageError`` for an unusable file."""
        image = value["image"]
        if image is None:
            return []
        snapshot = snapshot_image(image)
        context.images[snapshot.sha256] = image
        context.image_data[snapshot.sha256] = snapshot.data
        return [
            parts.Figure(
                sha256=snapshot.sha256,
                media_type=snapshot.media_type,
                width=snapshot.width,
                height=snapshot.height,
                alt=value["alt"] or "",
                caption=value["caption"] or "",
            )
        ]

    class Meta:
        icon = "image"
        label = "Figure"


class _ContentStreamBlock(blocks.StreamBlock):
    """A stream of blocks that become parts."""

    def to_parts(self, value: Any, context: ResolveContext) -> list[parts.Part]:
        """Return the parts of every child, in order."""
        return [part for child in value for part in child.block.to_parts(child.value, context)]

    class Meta:
        required = False


class StandardTextPartsBlock(_ContentStreamBlock):
    """The parts of a standard text: words only, so that they are the same wherever they are included."""

    text = TextBlock()
    advice = AdviceBlock()
    do_dont = DoDontBlock()
    table = TableBlock()


class UnconditionalContentBlock(StandardTextPartsBlock):
    """Parts that apply to every reader."""

    figure = FigureBlock()


class SectionPartsBlock(UnconditionalContentBlock):
    """Parts that apply to every reader, and standard texts."""

    standard_text = StandardTextBlock()


class ConditionContentBlock(blocks.StructBlock):
    """Parts that apply to one condition only, so that one monograph covers every condition."""

    condition = blocks.PageChooserBlock(page_type="monographs.ConditionPage")
    content = SectionPartsBlock()

    def to_parts(self, value: Any, context: ResolveContext) -> list[parts.Part]:
        """Return one part for the condition, or none while condition or content is missing."""
        inner = self.child_blocks["content"].to_parts(value["content"], context)
        if value["condition"] is None or not inner:
            return []
        page = value["condition"]
        return [
            parts.ConditionPart(
                condition=str(page.translation_key), condition_name=page.title, parts=tuple(inner)
            )
        ]

    class Meta:
        icon = "tag"
        label = "Only for one condition"


class ContentBlock(SectionPartsBlock):
    """The content of most sections."""

    for_condition = ConditionContentBlock()


class EffectBlock(blocks.StructBlock):
    """One side effect."""

    name = blocks.CharBlock(max_length=300, help_text="In words a patient would use, e.g. Fever.")
    explanation = blocks.TextBlock(required=False, rows=2, help_text="What it is or feels like.")
    frequency = blocks.ChoiceBlock(choices=FREQUENCY_CHOICES, required=False)
    urgency = UrgencyBlock(required=False, label="How soon to act")
    what_to_do = blocks.TextBlock(required=False, rows=2)

    def get_form_layout(self) -> BlockGroup:
        """One row from left to right, as the tab key goes; below it what the effect is like."""
        return BlockGroup(["name", "frequency", "what_to_do", "urgency", "explanation"])

    def to_effect(self, value: Any, context: ResolveContext) -> parts.Effect | None:
        """Return the effect, or None while it has no name."""
        if not (value["name"] or "").strip():
            return None
        frequency = Frequency(value["frequency"]) if value["frequency"] else None
        urgency = Urgency(value["urgency"]) if value["urgency"] else None
        return parts.Effect(
            name=value["name"],
            explanation=value["explanation"] or "",
            frequency=frequency,
            frequency_label=frequency.label if frequency else "",
            what_to_do=value["what_to_do"] or "",
            urgency=urgency,
            urgency_label=urgency_label(urgency, context.language) if urgency else "",
        )

    class Meta:
        icon = "list-ul"
        label = "Side effect"
        form_classname = "struct-block effect-row"


class EffectListBlock(blocks.ListBlock):
    """Side effects, most frequent or most serious first."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("default", [])
        super().__init__(EffectBlock(), **kwargs)

    def to_effects(self, value: Any, context: ResolveContext) -> tuple[parts.Effect, ...]:
        """Return every effect with a name, in order."""
        effects = (self.child_block.to_effect(item, context) for item in value)
        return tuple(effect for effect in effects if effect)


class CompanionBlock(blocks.StructBlock):
    """A medicine this one is used or tested with: one with a monograph here, or free text."""

    medicine = blocks.PageChooserBlock(page_type="monographs.MonographPage", required=False)
    name = blocks.CharBlock(
        max_length=200,
        required=False,
        help_text="When there is no monograph to choose, or to name it otherwise.",
    )
    why = blocks.TextBlock(
        required=False, rows=2, help_text="What it is used for together with this medicine."
    )

    def to_companion(self, value: Any) -> parts.Companion | None:
        """Return the companion, or None while it has no name."""
        page = value["medicine"]
        name = value["name"] or (page.title if page else "")
        if not name.strip():
            return None
        return parts.Companion(
            name=name, page=str(page.translation_key) if page else None, why=value["why"] or ""
        )

    def clean(self, value: Any) -> Any:
        """Refuse a companion without a name, which would be left out of the document with its reason."""
        value = super().clean(value)
        if value["medicine"] is None and not (value["name"] or "").strip():
            raise blocks.StructBlockValidationError(
                block_errors={"name": ValidationError("Choose a medicine or write a name.")}
            )
        return value

    class Meta:
        icon = "link"
        label = "Medicine or treatment"


class CompanionListBlock(blocks.ListBlock):
    """The companions of one section."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("default", [])
        super().__init__(CompanionBlock(), **kwargs)

    def to_companions(self, value: Any) -> tuple[parts.Companion, ...]:
        """Return every companion with a name, in order."""
        companions = (self.child_block.to_companion(item) for item in value)
        return tuple(companion for companion in companions if companion)
