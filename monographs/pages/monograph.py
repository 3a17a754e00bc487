"""The page type of a medicine."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.fields import StreamField

from monographs.blocks import SectionsBlock, SourcesBlock
from monographs.blocks.resolve_context import ResolveContext, split_references
from monographs.core.medicine_names import clean_name
from monographs.document import REQUIRED_SECTIONS, MonographDocument
from monographs.document.models import CollectionType, Identifiers, Reference
from monographs.pages.base import ReviewedPage
from monographs.pages.fields import ChoicesField, LinesField, SentenceInput


class Route(models.TextChoices):
    """How a medicine enters the body, as patients say it (after FDA's Route of Administration terms)."""

    ORAL = "oral", "By mouth"
    INTRAVENOUS_INFUSION = "intravenous_infusion", "Infusion into a vein (IV)"
    INTRAVENOUS_INJECTION = "intravenous_injection", "Injection into a vein (IV)"
    SUBCUTANEOUS_INJECTION = "subcutaneous_injection", "Injection under the skin"
    INTRAMUSCULAR_INJECTION = "intramuscular_injection", "Injection into a muscle"
    EYE = "eye", "In the eye"
    SKIN = "skin", "On the skin"


_SECTIONS = SectionsBlock()


def required_sections() -> list[tuple[str, dict[str, Any]]]:
    """Return the sections of a new monograph: the required ones, in order, each with an empty text."""
    return [(section.value, _SECTIONS.child_blocks[section].get_default()) for section in REQUIRED_SECTIONS]


class MonographPage(ReviewedPage):
    """A medicine as writers draft it. The title is its generic name."""

    document_type = MonographDocument

    brand_names = LinesField(
        models.CharField(max_length=200), default=list, blank=True, help_text="One per line."
    )
    pronunciation = models.CharField(
        max_length=200, blank=True, help_text="As a reader would say it, e.g. blin-uh-TOOM-oh-mab."
    )
    drug_class = models.ForeignKey(
        "monographs.DrugClassPage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="drug class",
    )
    conditions = ParentalManyToManyField("monographs.ConditionPage", blank=True, related_name="+")
    routes = ChoicesField(
        models.CharField(max_length=40, choices=Route),
        default=list,
        blank=True,
        verbose_name="how it is given",
    )
    rxcui = LinesField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        verbose_name="RxCUI",
        help_text="RxNorm concept numbers, one per line.",
    )
    atc = models.CharField("ATC code", max_length=10, blank=True)
    unii = models.CharField("UNII", max_length=20, blank=True)
    label_set_id = models.CharField("label set id", max_length=60, blank=True)
    label_version = models.CharField(max_length=20, blank=True)
    sections = StreamField(SectionsBlock(), blank=True, default=required_sections)
    sources = StreamField(SourcesBlock(), blank=True)

    content_panels = [
        TitleFieldPanel(
            "title",
            heading="Generic name",
            placeholder="Generic name",
            help_text="The generic name in lower case, e.g. blinatumomab.",
        ),
        MultiFieldPanel(
            [
                FieldPanel("brand_names"),
                FieldPanel("pronunciation"),
                FieldPanel("summary", widget=SentenceInput),
                FieldPanel("drug_class"),
                FieldPanel("conditions", widget=forms.CheckboxSelectMultiple),
                FieldPanel("routes"),
            ],
            heading="The medicine",
        ),
        FieldPanel("sections"),
        FieldPanel("sources"),
        MultiFieldPanel(
            [
                FieldPanel("rxcui"),
                FieldPanel("atc"),
                FieldPanel("unii"),
                FieldPanel("label_set_id"),
                FieldPanel("label_version"),
            ],
            heading="Identifiers",
            classname="collapsed",
        ),
        *ReviewedPage.edition_panels,
    ]

    parent_page_types = ["monographs.MonographIndexPage"]
    subpage_types: list[str] = []
    page_description = "One medicine: how it is given, how it works, side effects, who it is for."

    class Meta:
        verbose_name = "medicine"

    @classmethod
    def can_create_at(cls, parent: Any) -> bool:
        return bool(super().can_create_at(parent) and parent.specific.collection == CollectionType.MEDICINES)

    def clean(self) -> None:
        """Write names as on a keyboard, so that no invisible character makes another name."""
        super().clean()
        self.title = clean_name(str(self.title))  # type: ignore[has-type]  # Wagtail has no types
        self.brand_names = [clean_name(brand) for brand in self.brand_names]

    def source_references(self) -> list[str]:
        """Return the reference of each source, in order."""
        return [(source.value["reference"] or "").strip().lower() for source in self.sources]

    def unknown_references(self) -> Iterator[tuple[str, str]]:
        """Yield section name and reference of each source that a section names and the list does not have."""
        known = set(self.source_references())
        for child in self.sections:
            for reference in split_references(child.value["sources"]):
                if reference not in known:
                    yield child.block_type, reference

    def resolve_context(self) -> ResolveContext:
        numbers: dict[str, int] = {}
        for number, reference in enumerate(self.source_references(), start=1):
            numbers.setdefault(reference, number)
        return ResolveContext(source_numbers=numbers, language=self.language)

    def build_document(self, context: ResolveContext) -> MonographDocument:
        return MonographDocument(
            **self.document_fields(),
            brand_names=tuple(self.brand_names),
            pronunciation=self.pronunciation,
            drug_class=_reference(self.drug_class) if self.drug_class else None,
            conditions=tuple(
                sorted((_reference(page) for page in self.conditions.all()), key=lambda r: (r.name, r.key))
            ),
            routes=tuple(Route(route).label for route in Route.values if route in self.routes),
            identifiers=Identifiers(
                rxcui=tuple(self.rxcui),
                atc=self.atc,
                unii=self.unii,
                label_set_id=self.label_set_id,
                label_version=self.label_version,
            ),
            sections=self.sections.stream_block.to_sections(self.sections, context),
            standard_texts=context.included_texts(),
            sources=self.sources.stream_block.to_sources(self.sources),
        )


def _reference(page: Any) -> Reference:
    return Reference(key=str(page.translation_key), name=page.title)
