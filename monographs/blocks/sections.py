"""One block class per section of a monograph."""

from typing import Any, ClassVar

from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup

from monographs.blocks.parts import (
    INLINE_FEATURES,
    CompanionListBlock,
    ContentBlock,
    EffectListBlock,
    UnconditionalContentBlock,
    clean_lists_of,
)
from monographs.blocks.resolve_context import ResolveContext, resolve_html
from monographs.document import SECTION_HEADINGS, SECTION_ORDER, Section, SectionType
from monographs.document.parts import Companions, Effects, Part
from monographs.document.sections import SERIOUS_HEADING


def sources_field() -> blocks.CharBlock:
    """Return the field for the references of a section's sources."""
    return blocks.CharBlock(
        required=False,
        max_length=200,
        label="Sources",
        help_text="References from the list of sources, separated by commas, e.g. label, nhs.",
    )


class SectionBlock(blocks.StructBlock):
    """The base of every section's block. Each section type has its own class."""

    section_type: ClassVar[SectionType]

    content = ContentBlock()
    sources = sources_field()

    def get_form_layout(self) -> BlockGroup:
        """Put sources last, also in sections with more fields."""
        names = [name for name in self.child_blocks if name != "sources"]
        return BlockGroup([*names, "sources"])

    def empty_value(self) -> Any:
        """Return the section of a new page: one empty text."""
        value = self.get_default()
        content = self.child_blocks["content"]
        value["content"] = content.normalize([("text", "")])
        return value

    def to_section(self, value: Any, context: ResolveContext) -> Section:
        """Return the section of the document; it has no parts while nothing is written."""
        return Section(
            type=self.section_type,
            heading=SECTION_HEADINGS[self.section_type],
            parts=tuple(self.to_parts(value, context)),
            sources=context.numbers(value["sources"]),
        )

    def to_parts(self, value: Any, context: ResolveContext) -> list[Part]:
        """Return the parts of the section in reading order."""
        return self.child_blocks["content"].to_parts(value["content"], context)


class BoxedWarningBlock(SectionBlock):
    """The label's boxed warning in plain words (21 CFR 201.57(c)(1)); first on the page."""

    section_type = SectionType.BOXED_WARNING

    class Meta:
        icon = "warning"
        help_text = "Only if the label has a boxed warning. Say what can happen and what to do."


class HowItIsAdministeredBlock(SectionBlock):
    """Route, place, duration and schedule of treatment."""

    section_type = SectionType.HOW_IT_IS_ADMINISTERED

    class Meta:
        icon = "clipboard-list"
        help_text = (
            "How and where it is given, how long it takes, how often, what to do about a missed dose. "
            "Write numbers with their units (5 mg, never 5.0 mg)."
        )


class HowItWorksBlock(SectionBlock):
    """Mechanism of action, in everyday words."""

    section_type = SectionType.HOW_IT_WORKS

    class Meta:
        icon = "cogs"
        help_text = "What it does in the body, in everyday words. Explain each medical word at first use."


class SeriousEffectsBlock(blocks.StructBlock):
    """Effects that need action: a separate, required part of side effects."""

    introduction = blocks.RichTextBlock(features=INLINE_FEATURES, required=False)
    effects = EffectListBlock(label="Serious side effects")

    def clean(self, value: Any) -> Any:
        """Refuse lists that are nested too deeply."""
        return clean_lists_of(super().clean(value), "introduction")

    class Meta:
        icon = "warning"
        help_text = "Every serious effect says how soon to act and what to do."


class CommonSideEffectsBlock(SectionBlock):
    """Common effects and, separately, the serious ones."""

    section_type = SectionType.COMMON_SIDE_EFFECTS

    common_effects = EffectListBlock(label="Common side effects")
    serious = SeriousEffectsBlock(label=SERIOUS_HEADING)

    def to_parts(self, value: Any, context: ResolveContext) -> list[Part]:
        """Return text, common effects, serious effects."""
        parts = super().to_parts(value, context)
        common = self.child_blocks["common_effects"].to_effects(value["common_effects"])
        if common:
            parts.append(Effects(group="common", items=common))
        serious = value["serious"]
        html = resolve_html(serious["introduction"])
        effects = self.child_blocks["serious"].child_blocks["effects"].to_effects(serious["effects"])
        if html or effects:
            parts.append(Effects(group="serious", heading=SERIOUS_HEADING, html=html, items=effects))
        return parts

    class Meta:
        icon = "list-ul"
        help_text = "Common effects first, most frequent on top. Serious effects belong in their own part."


class WhoShouldTakeItBlock(SectionBlock):
    """Indications."""

    section_type = SectionType.WHO_SHOULD_TAKE_IT

    class Meta:
        icon = "user"
        help_text = (
            "Which disease, stage and age it is approved for. Mark what applies to one condition only."
        )


class WhoShouldNotTakeItBlock(SectionBlock):
    """Contraindications, and who needs special care."""

    section_type = SectionType.WHO_SHOULD_NOT_TAKE_IT

    class Meta:
        icon = "no-view"
        help_text = "Who must not take it, and who should talk to the care team first."


class PregnancyAndBreastfeedingBlock(SectionBlock):
    """Pregnancy, contraception, breastfeeding, fertility."""

    section_type = SectionType.PREGNANCY_AND_BREASTFEEDING

    class Meta:
        icon = "user"
        help_text = "Pregnancy, birth control (how long after the last dose), breastfeeding."


class CompanionsSectionBlock(SectionBlock):
    """A section with a list of medicines."""

    companions = CompanionListBlock(label="Medicines and treatments")

    def to_parts(self, value: Any, context: ResolveContext) -> list[Part]:
        """Return text, then the list."""
        parts = super().to_parts(value, context)
        items = self.child_blocks["companions"].to_companions(value["companions"])
        return [*parts, Companions(items=items)] if items else parts


class CommonlyUsedWithBlock(CompanionsSectionBlock):
    """Medicines it is given together with in practice."""

    section_type = SectionType.COMMONLY_USED_WITH

    class Meta:
        icon = "link"
        help_text = "Medicines it is usually given with, and why. Choose the monograph when there is one."


class CommonlyTestedWithBlock(CompanionsSectionBlock):
    """Medicines it has been studied with."""

    section_type = SectionType.COMMONLY_TESTED_WITH

    class Meta:
        icon = "glasses"
        help_text = "What it is or was studied with in clinical trials, and what for."


class OtherMedicinesBlock(SectionBlock):
    """Interactions."""

    section_type = SectionType.OTHER_MEDICINES

    class Meta:
        icon = "warning"
        help_text = "Medicines, foods and supplements that do not go with it, and what to do."


class WhenToGetHelpBlock(SectionBlock):
    """Signs that need a call, by urgency."""

    section_type = SectionType.WHEN_TO_GET_HELP

    class Meta:
        icon = "mail"
        help_text = "Use advice boxes: call 911, call today, tell at the next visit."


class CommonQuestionsBlock(SectionBlock):
    """Questions patients ask."""

    section_type = SectionType.COMMON_QUESTIONS

    class Meta:
        icon = "help"
        help_text = "Questions as headings, short answers below."


SECTION_BLOCKS: dict[SectionType, type[SectionBlock]] = {
    block.section_type: block
    for block in (
        BoxedWarningBlock,
        HowItIsAdministeredBlock,
        HowItWorksBlock,
        CommonSideEffectsBlock,
        WhoShouldTakeItBlock,
        WhoShouldNotTakeItBlock,
        PregnancyAndBreastfeedingBlock,
        CommonlyUsedWithBlock,
        CommonlyTestedWithBlock,
        OtherMedicinesBlock,
        WhenToGetHelpBlock,
        CommonQuestionsBlock,
    )
}


class SectionsBlock(blocks.StreamBlock):
    """All sections, each at most once; the document has them in the fixed order whatever the order here."""

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        sections = [
            (section.value, SECTION_BLOCKS[section](label=SECTION_HEADINGS[section]))
            for section in SECTION_ORDER
        ]
        super().__init__([*sections, *(local_blocks or [])], **kwargs)

    def to_sections(self, value: Any, context: ResolveContext) -> tuple[Section, ...]:
        """Return the sections in the order of the document, without empty ones."""
        sections = (child.block.to_section(child.value, context) for child in value)
        return tuple(sorted((s for s in sections if s.parts), key=lambda s: SECTION_ORDER.index(s.type)))

    class Meta:
        required = False
        block_counts: ClassVar = {section.value: {"max_num": 1} for section in SECTION_ORDER}


class BodyBlock(UnconditionalContentBlock):
    """The text of a page that is not a monograph."""


class SourceBlock(blocks.StructBlock):
    """A source of the text."""

    reference = blocks.CharBlock(
        max_length=30, help_text="A short name by which sections refer to it, e.g. label."
    )
    title = blocks.CharBlock(max_length=300)
    publisher = blocks.CharBlock(max_length=200, required=False)
    address = blocks.URLBlock(required=False)
    date_seen = blocks.DateBlock(required=False, label="Date seen")

    class Meta:
        icon = "openquote"
        label = "Source"


class SourcesBlock(blocks.StreamBlock):
    """The numbered list of sources."""

    source = SourceBlock()

    class Meta:
        required = False
