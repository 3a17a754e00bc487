"""The home page and the information pages about the service. Both are reviewed like monographs."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField

from monographs.core.db_clock import database_now
from monographs.document import HomeDocument, InformationDocument
from monographs.document.models import Link
from monographs.models import BodyPage
from monographs.pages.fields import SentenceInput


class SetUpItem(models.Model):
    """What set-up made once, and later runs leave as people have it (``home.set_up_items``)."""

    name = models.CharField(max_length=200, unique=True)
    object_id = models.PositiveBigIntegerField(null=True, help_text="The primary key of its row, if any.")
    made_at = models.DateTimeField(default=database_now)

    def __str__(self) -> str:
        return self.name


class LinkBlock(blocks.StructBlock):
    """A labelled link to another site."""

    label = blocks.CharBlock(max_length=100)
    address = blocks.URLBlock()

    class Meta:
        icon = "link"


class HomePage(BodyPage):
    """The home page, with the texts at the top and the foot of every page."""

    document_type = HomeDocument

    organisation = models.CharField(max_length=200, blank=True, help_text="Named at the top of every page.")
    account_label = models.CharField(max_length=100, blank=True)
    account_address = models.URLField(blank=True)
    app_heading = models.CharField(max_length=200, blank=True)
    app_text = models.CharField(max_length=500, blank=True)
    app_links = StreamField([("link", LinkBlock())], blank=True)
    notice = models.CharField(
        max_length=500, blank=True, help_text="A notice at the top of every page, e.g. that this is a trial."
    )

    if_nobody_answers = models.CharField(
        "if nobody answers a call",
        max_length=200,
        blank=True,
        help_text="Ends every box that says to call now or today, on every page and leaflet, e.g. “If nobody "
        "answers, go to an emergency room.”",
    )

    content_panels = [
        *BodyPage.content_panels,
        FieldPanel("if_nobody_answers", widget=SentenceInput),
        MultiFieldPanel(
            [
                FieldPanel("organisation"),
                FieldPanel("account_label"),
                FieldPanel("account_address"),
                FieldPanel("notice", widget=SentenceInput),
            ],
            heading="Top of every page",
        ),
        MultiFieldPanel(
            [
                FieldPanel("app_heading"),
                FieldPanel("app_text", widget=SentenceInput),
                FieldPanel("app_links"),
            ],
            heading="Foot of every page",
        ),
    ]
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["monographs.MonographIndexPage", "home.InformationPage", "monographs.StandardTextPage"]
    page_description = "The home page, and the texts at the top and the foot of every page."

    class Meta:
        verbose_name = "home page"

    def clean(self) -> None:
        super().clean()
        if bool(self.account_label) != bool(self.account_address):
            missing = "account_address" if self.account_label else "account_label"
            raise ValidationError({missing: "Label and address of the account link belong together."})

    def document_fields(self) -> dict[str, Any]:
        account = None
        if self.account_label and self.account_address:
            account = Link(label=self.account_label, address=self.account_address)
        return {
            **super().document_fields(),
            "organisation": self.organisation,
            "account_link": account,
            "app_heading": self.app_heading,
            "app_text": self.app_text,
            "app_links": tuple(
                Link(label=child.value["label"], address=child.value["address"]) for child in self.app_links
            ),
            "notice": self.notice,
            "if_nobody_answers": self.if_nobody_answers,
        }


class InformationPage(BodyPage):
    """A page about the service, e.g. how monographs are written."""

    document_type = InformationDocument

    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    page_description = "About the service: how we write, corrections, who pays."

    class Meta:
        verbose_name = "information page"
