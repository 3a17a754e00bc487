"""The page types of lists, drug classes and conditions."""

from typing import Any

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from monographs.blocks import IncludingBodyBlock
from monographs.blocks.resolve_context import ResolveContext
from monographs.document import ConditionDocument, DrugClassDocument, IndexDocument
from monographs.document.models import CollectionType
from monographs.pages.base import BodyPage


class MonographIndexPage(BodyPage):
    """The introduction of a list; in the page tree the parent of its members."""

    document_type = IndexDocument

    collection = models.CharField(
        max_length=20,
        choices=[(c.value, c.value.capitalize()) for c in CollectionType],
        default=CollectionType.MEDICINES.value,
        help_text="What is kept and listed here.",
    )

    content_panels = [FieldPanel("collection", read_only=True), *BodyPage.content_panels]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["monographs.MonographPage", "monographs.DrugClassPage", "monographs.ConditionPage"]
    page_description = "A list of medicines, drug classes or conditions."

    class Meta:
        verbose_name = "list"

    @classmethod
    def can_create_at(cls, parent: Any) -> bool:
        siblings = cls.objects.child_of(parent).count()
        return bool(super().can_create_at(parent) and siblings < len(CollectionType))

    def document_fields(self) -> dict[str, Any]:
        return {**super().document_fields(), "collection": CollectionType(self.collection)}


class IncludingBodyPage(BodyPage):
    """A page whose text can include standard texts."""

    body = StreamField(IncludingBodyBlock(), blank=True)

    class Meta:
        abstract = True

    def body_fields(self, context: ResolveContext) -> dict[str, Any]:
        return {**super().body_fields(context), "standard_texts": context.included_texts()}


class DrugClassPage(IncludingBodyPage):
    """A class of medicines."""

    document_type = DrugClassDocument

    parent_page_types = ["monographs.MonographIndexPage"]
    subpage_types: list[str] = []
    page_description = "A class of medicines, described in plain words."

    class Meta:
        verbose_name = "drug class"
        verbose_name_plural = "drug classes"

    @classmethod
    def can_create_at(cls, parent: Any) -> bool:
        return bool(super().can_create_at(parent) and parent.specific.collection == CollectionType.CLASSES)


class ConditionPage(IncludingBodyPage):
    """A disease."""

    document_type = ConditionDocument

    parent_page_types = ["monographs.MonographIndexPage"]
    subpage_types: list[str] = []
    page_description = "A disease, described in plain words."

    class Meta:
        verbose_name = "condition"

    @classmethod
    def can_create_at(cls, parent: Any) -> bool:
        return bool(super().can_create_at(parent) and parent.specific.collection == CollectionType.CONDITIONS)
