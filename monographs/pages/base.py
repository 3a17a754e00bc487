"""ReviewedPage: the base of every page type, so that none escapes review."""

from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import slugify
from wagtail.admin.panels import CommentPanel, FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from monographs.blocks import BodyBlock
from monographs.blocks.resolve_context import ResolveContext
from monographs.document import sha256_of
from monographs.document.models import BaseDocument
from monographs.document.render_context import RenderContext
from monographs.pages.copy_form import DraftCopyForm
from monographs.pages.permissions import ReviewedPagePermissionTester
from monographs.pages.refusals import PolicyError, log_refusal_once

if TYPE_CHECKING:
    from wagtail.images.models import AbstractImage


#: Sent with ``page`` and ``revision`` before a revision becomes Wagtail's live one, by whatever code; a
#: receiver refuses it by raising.
before_publish = Signal()


class PageFrozen(PolicyError):
    """The page is in review: nobody edits it until it is returned, recalled or signed."""


class ReviewedPage(Page):
    """A page whose text reaches patients only as a signed document."""

    summary = models.CharField(
        max_length=300,
        blank=True,
        help_text="One sentence for lists and search results: what it is and what it is for.",
    )
    change_note = models.CharField(
        "what changed",
        max_length=500,
        blank=True,
        help_text="For patients, in a sentence: what is different from the edition before.",
    )
    review_interval_months = models.PositiveSmallIntegerField(
        "review every (months)",
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="After a full review the next one is due this many months later.",
    )
    demonstration = models.BooleanField(default=False, editable=False)

    note_panels = [
        MultiFieldPanel(
            [FieldPanel("change_note"), FieldPanel("review_interval_months")], heading="This edition"
        )
    ]
    promote_panels = [FieldPanel("slug")]
    settings_panels = [CommentPanel()]
    copy_form_class = DraftCopyForm
    #: Who may read a text is no property of a page on the desk.
    private_page_options: list[str] = []

    class Meta:
        abstract = True

    def resolve(self) -> "tuple[BaseDocument, dict[str, AbstractImage]]":
        """The document, and the desk's image of each figure by the hash of its bytes.

        Raises ``FigureProblem`` for an image no page can show, ``pydantic.ValidationError`` for a page
        too unfinished to be a document at all.
        """
        resolving = self.resolving()
        return self.build_document(resolving), resolving.images

    def to_document(self) -> BaseDocument:
        """Everything the patient will read, as plain data; also on a revision's object."""
        return self.resolve()[0]

    def document_hash(self) -> str:
        """SHA-256 of the document's canonical bytes, 64 hexadecimal digits."""
        return sha256_of(self.to_document())

    def resolving(self) -> ResolveContext:
        """What the blocks of this page need to become parts."""
        return ResolveContext()

    def build_document(self, resolving: ResolveContext) -> BaseDocument:
        """The document of this page type."""
        raise TypeError(f"{type(self).__name__} must say what its document is")

    def common_fields(self) -> dict[str, Any]:
        """What every document says."""
        return {
            "key": str(self.translation_key),
            "slug": self.slug or slugify(self.title) or "draft",
            "language": self.locale.language_code if self.locale_id else "en",
            "title": self.title,
            "summary": self.summary,
            "change_note": self.change_note,
            "review_interval_months": self.review_interval_months,
            "demonstration": self.demonstration,
        }

    def permissions_for_user(self, user: Any) -> ReviewedPagePermissionTester:
        return ReviewedPagePermissionTester(user, self)

    @property
    def is_frozen(self) -> bool:
        """Whether the page is in review, or signed and waiting for its day."""
        return bool(self.pk) and (self.workflow_in_progress or self.is_scheduled)

    @property
    def is_scheduled(self) -> bool:
        """Whether a signed text of the page waits for its day."""
        return bool(self.revisions.filter(approved_go_live_at__isnull=False).exists())

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.live = False
            self.has_unpublished_changes = True
        super().save(*args, **kwargs)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        if self.is_frozen:
            frozen = PageFrozen(
                f"“{self.title}” is in review, or signed and waiting for its day, and cannot be changed. "
                "Recall it, or ask the reviewer to return it."
            )
            log_refusal_once(frozen, f"a revision of page {self.pk}", kwargs.get("user"))
            raise frozen
        return super().save_revision(*args, **kwargs)

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> None:
        before_publish.send(sender=type(self), page=self, revision=revision)
        super().publish(revision, *args, **kwargs)

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        """The public path, by which Wagtail links “View live”; its own page serving is not installed."""
        sites = self._get_relevant_site_root_paths(request)
        return (sites[0].site_id, sites[0].root_url, self.public_path()) if sites else None

    def public_path(self) -> str:
        """Where patients read this page once it is signed."""
        return "/"

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The draft in the public templates, marked as such; or why it cannot be shown."""
        try:
            context = self._preview()
        except ValueError as error:
            response = TemplateResponse(request, "review/preview_error.html", {"error": error})
        else:
            response = TemplateResponse(request, context.template, context.as_template_context())
        response["X-Robots-Tag"] = "noindex"
        return response

    def _preview(self) -> RenderContext:
        document, images = self.resolve()
        return RenderContext.draft(
            document,
            links=self._draft_links(document.linked_keys()),
            site=self._draft_site(),
            figures={sha256: image.file.url for sha256, image in images.items()},
        )

    def _draft_links(self, keys: list[str]) -> dict[str, str]:
        pages = Page.objects.filter(translation_key__in=keys).specific()
        return {str(page.translation_key): page.public_path() for page in pages}

    def _draft_site(self) -> Any:
        root = self.get_site().root_page.specific
        try:
            return root.to_document() if isinstance(root, ReviewedPage) else None
        except ValueError:  # an unreadable home page must not take every other preview with it
            return None


class BodyPage(ReviewedPage):
    """A reviewed page whose text is one stream of parts."""

    body = StreamField(BodyBlock(), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        *ReviewedPage.note_panels,
    ]

    class Meta:
        abstract = True

    def body_parts(self, resolving: ResolveContext) -> tuple[Any, ...]:
        """The parts of the body, in order."""
        return tuple(self.body.stream_block.to_parts(self.body, resolving))
