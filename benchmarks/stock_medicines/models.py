"""The page of a medicine, with every kind of part of a monograph as a block, and the pages of the menu."""

from django.db import models
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

BLOCKS = "medicines/blocks"


class AdviceBlock(blocks.StructBlock):
    """A box that says how soon to act."""

    urgency = blocks.CharBlock()
    label = blocks.CharBlock()
    text = blocks.RichTextBlock()

    class Meta:
        template = f"{BLOCKS}/advice.html"


class DoDontBlock(blocks.StructBlock):
    """What to do, and what not to do."""

    do = blocks.ListBlock(blocks.CharBlock())
    dont = blocks.ListBlock(blocks.CharBlock())

    class Meta:
        template = f"{BLOCKS}/do_dont.html"


class EffectBlock(blocks.StructBlock):
    """A side effect."""

    name = blocks.CharBlock()
    frequency = blocks.CharBlock(required=False)
    explanation = blocks.TextBlock(required=False)
    urgency = blocks.CharBlock(required=False)
    label = blocks.CharBlock(required=False)
    what_to_do = blocks.TextBlock(required=False)

    class Meta:
        template = f"{BLOCKS}/effect.html"


class EffectsBlock(blocks.StructBlock):
    """Side effects."""

    heading = blocks.CharBlock(required=False)
    text = blocks.RichTextBlock(required=False)
    effects = blocks.ListBlock(EffectBlock())

    class Meta:
        template = f"{BLOCKS}/effects.html"


class CompanionBlock(blocks.StructBlock):
    """A medicine that this one is used with."""

    name = blocks.CharBlock()
    why = blocks.TextBlock(required=False)

    class Meta:
        template = f"{BLOCKS}/companion.html"


class FigureBlock(blocks.StructBlock):
    """The words of a figure."""

    alt = blocks.CharBlock()
    caption = blocks.CharBlock(required=False)

    class Meta:
        template = f"{BLOCKS}/figure.html"


class CommonParts(blocks.StreamBlock):
    """The parts that a section and a condition may have."""

    text = blocks.RichTextBlock()
    advice = AdviceBlock()
    do_dont = DoDontBlock()
    table = TableBlock()
    figure = FigureBlock()


class ConditionBlock(blocks.StructBlock):
    """Parts for one condition."""

    condition = blocks.CharBlock()
    parts = CommonParts()

    class Meta:
        template = f"{BLOCKS}/condition.html"


class PartsBlock(CommonParts):
    """The parts of a section."""

    for_condition = ConditionBlock()
    effects = EffectsBlock()
    companions = blocks.ListBlock(CompanionBlock(), template=f"{BLOCKS}/companions.html")


class SectionBlock(blocks.StructBlock):
    """A section of a page."""

    anchor = blocks.CharBlock()
    heading = blocks.CharBlock()
    parts = PartsBlock()
    sources = blocks.ListBlock(blocks.IntegerBlock())

    class Meta:
        template = f"{BLOCKS}/section.html"


class SourceBlock(blocks.StructBlock):
    """A source."""

    title = blocks.CharBlock()
    publisher = blocks.CharBlock(required=False)
    address = blocks.CharBlock(required=False)
    seen = blocks.CharBlock(required=False)

    class Meta:
        template = f"{BLOCKS}/source.html"


class StandardPage(Page):
    """A page of the menu."""

    body = RichTextField(blank=True)


class MedicinePage(Page):
    """A medicine."""

    brand_names = models.CharField(max_length=500, blank=True)
    pronunciation = models.CharField(max_length=100, blank=True)
    drug_class = models.CharField(max_length=200, blank=True)
    conditions = models.CharField(max_length=500, blank=True)
    routes = models.CharField(max_length=500, blank=True)
    summary = models.TextField(blank=True)
    label = models.CharField(max_length=200, blank=True)
    reviewer = models.CharField(max_length=200)
    reviewed_on = models.DateField()
    body = StreamField([("section", SectionBlock())])
    sources = StreamField([("source", SourceBlock())], blank=True)
