"""One block class per section of a monograph."""

from typing import Any, ClassVar

from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup

from monographs.blocks.parts import (
    INLINE_FEATURES,
    CompanionListBlock,
    ContentBlock,
    EffectListBlock,
    SectionPartsBlock,
    UnconditionalContentBlock,
    clean_lists_of,
)
from monographs.blocks.resolve_context import ResolveContext, resolve_html
from monographs.blocks.source_blocks import SourceReferencesInput
from monographs.document import SECTION_HEADINGS, SECTION_ORDER, Section, SectionType
from monographs.document.parts import Companions, Effects, Part
from monographs.document.sections import SERIOUS_HEADING


def sources_field() -> blocks.CharBlock:
    """Return the field for the short names of a section's sources."""
    references = blocks.CharBlock(
        required=False,
        max_length=200,
        label="Sources",
        help_text="Short names from the list of sources, separated by commas, e.g. label, nhs.",
    )
    references.field.widget = SourceReferencesInput(references.field.widget.attrs)
    return references


class SectionBlock(blocks.StructBlock):
    """The base of every section's block. Each section type has its own class."""

    section_type: ClassVar[SectionType]

    content = ContentBlock()
    sources = sources_field()

    def get_form_layout(self) -> BlockGroup:
        """Put sources last, also in sections with more fields."""
        names = [name for name in self.child_blocks if name != "sources"]
        return BlockGroup([*names, "sources"])

    def get_default(self) -> Any:
        """Return a new section: one empty text."""
        value = super().get_default()
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


class IfSomethingGoesWrongBlock(SectionBlock):
    """A missed dose, sickness after a dose, a pump alarm: what to do."""

    section_type = SectionType.IF_SOMETHING_GOES_WRONG

    class Meta:
        icon = "history"
        help_text = (
            "What to do about a missed dose, vomiting after a dose, too much of it, an alarm or an "
            "empty bag. Start each with a heading."
        )


class HowItWorksBlock(SectionBlock):
    """Mechanism of action, in everyday words."""

    section_type = SectionType.HOW_IT_WORKS

    class Meta:
        icon = "cogs"
        help_text = "What it does in the body, in everyday words. Explain each medical word at first use."


class HowWellItWorksBlock(SectionBlock):
    """Results of trials as natural frequencies (Gigerenzer 2003; Cochrane plain language summaries)."""

    section_type = SectionType.HOW_WELL_IT_WORKS

    class Meta:
        icon = "success"
        help_text = (
            "Of how many people did how many get better, in which trial? Write “40 of 100 people”, name"
            " what it was compared with, and give the trial as the source."
        )


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
        common = self.child_blocks["common_effects"].to_effects(value["common_effects"], context)
        if common:
            parts.append(Effects(group="common", items=common))
        serious = value["serious"]
        html = resolve_html(serious["introduction"])
        effects = self.child_blocks["serious"].child_blocks["effects"].to_effects(serious["effects"], context)
        if html or effects:
            parts.append(Effects(group="serious", heading=SERIOUS_HEADING, html=html, items=effects))
        return parts

    class Meta:
        icon = "list-ul"
        help_text = "Common effects first, most frequent on top. Serious effects belong in their own part."


class ChecksWhileYouTakeItBlock(SectionBlock):
    """Tests before and during treatment, and what they show."""

    section_type = SectionType.CHECKS_WHILE_YOU_TAKE_IT

    class Meta:
        icon = "check"
        help_text = (
            "Which tests, how often, and what they show: how well it works, or a side effect found early."
        )


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


class LivingWithItBlock(SectionBlock):
    """Daily life: driving, work, sun, sex, vaccines, food and drink."""

    section_type = SectionType.LIVING_WITH_IT

    class Meta:
        icon = "home"
        help_text = (
            "Shower, drive, work, school, sport, travel, sun, sex, vaccines, alcohol. Write only what a"
            " source says about this medicine."
        )


class ForCaregiversBlock(SectionBlock):
    """What those who help need to know: handling, body fluids, what to watch for."""

    section_type = SectionType.FOR_CAREGIVERS

    class Meta:
        icon = "group"
        help_text = (
            "For those who help: handling the medicine, body fluids and laundry, what to watch for, "
            "whom to call."
        )


class CostAndHelpBlock(SectionBlock):
    """Programs that a patient needs or that help to pay."""

    section_type = SectionType.COST_AND_HELP

    class Meta:
        icon = "tag"
        help_text = (
            "Programs one must sign up for, and where to ask for help with cost. No prices: they change."
        )


class WhenToGetHelpBlock(SectionBlock):
    """Signs that need a call, by urgency."""

    section_type = SectionType.WHEN_TO_GET_HELP

    class Meta:
        icon = "mail"
        help_text = (
            "Use advice boxes of four urgencies: emergency, call now (day or night), call today, tell at the "
            "next visit. What to do if nobody answers is added to each: it is a field of the home page."
        )


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
        IfSomethingGoesWrongBlock,
        HowItWorksBlock,
        HowWellItWorksBlock,
        CommonSideEffectsBlock,
        ChecksWhileYouTakeItBlock,
        WhoShouldTakeItBlock,
        WhoShouldNotTakeItBlock,
        PregnancyAndBreastfeedingBlock,
        CommonlyUsedWithBlock,
        CommonlyTestedWithBlock,
        OtherMedicinesBlock,
        LivingWithItBlock,
        ForCaregiversBlock,
        CostAndHelpBlock,
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


class IncludingBodyBlock(SectionPartsBlock):
    """The text of a page that is not a monograph and can include standard texts."""
