"""ReviewedPage: the base of every page type, which makes all of them subject to review."""

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import slugify
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, get_page_models

from monographs.blocks import BodyBlock
from monographs.blocks.resolve_context import ResolveContext
from monographs.core.locks import lock_page_keys
from monographs.core.users import AnyUser
from monographs.document import matches_hash, sha256_of
from monographs.document.models import BaseDocument, BodyDocument
from monographs.document.public_path import fill_pattern
from monographs.document.render_context import RenderContext
from monographs.pages.composed_text import compose_texts
from monographs.pages.copy_form import DraftCopyForm
from monographs.pages.fields import SentenceInput
from monographs.pages.permissions import ReviewedPagePermissionTester
from monographs.pages.refusals import PolicyError, Rule, log_refusal_once

if TYPE_CHECKING:
    from wagtail.images.models import AbstractImage


#: Sent with ``page`` and ``revision`` before a revision becomes Wagtail's live one, by whatever code; a
#: receiver refuses it by raising.
before_publish = Signal()


#: References that ``Page.with_content_json`` takes from the page's row, whatever a revision's content says.
FIELDS_OF_THE_ROW = frozenset({"alias_of", "content_type", "latest_revision", "locale", "locked_by", "owner"})


class ReviewedPage(Page):
    """A page whose text reaches patients only as a signed document."""

    #: What ``build_document`` returns; the page's public path follows from it.
    document_type: ClassVar[type[BaseDocument]]
    #: Wagtail's search index is kept by ``review.wagtail_integration.page_index``.
    search_auto_update = False

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

    #: What changed is asked when a draft is submitted, and not shown; programs that post the form set it.
    edition_panels = [
        MultiFieldPanel(
            [FieldPanel("change_note", classname="w-hidden"), FieldPanel("review_interval_months")],
            heading="This edition",
        )
    ]
    promote_panels = [FieldPanel("slug")]
    #: Neither scheduling nor Wagtail's comments: reviewers leave notes.
    settings_panels: ClassVar[list[Any]] = []
    copy_form_class = DraftCopyForm
    #: Wagtail's view restrictions have no effect on the public site.
    private_page_options: list[str] = []

    class Meta:
        abstract = True

    def resolve(self) -> "tuple[BaseDocument, dict[str, AbstractImage]]":
        """Return the document, and the Wagtail image of each figure by the SHA-256 of its bytes.

        Raises ``ImageError`` for an unusable image, ``pydantic.ValidationError`` for a page that is too
        unfinished to be a document.
        """
        context = self.resolve_context()
        return self.build_document(context), context.images

    def to_document(self) -> BaseDocument:
        """Return everything the patient will read, as plain data. Works on revision objects too."""
        return self.resolve()[0]

    def document_hash(self) -> str:
        """Return the SHA-256 of the document's canonical bytes, 64 hexadecimal digits."""
        return sha256_of(self.to_document())

    def with_content_json(self, content: dict[str, Any]) -> "ReviewedPage":
        """As Wagtail's, without looking up references in the content that the row's replace anyway."""
        read = {name: value for name, value in content.items() if name not in FIELDS_OF_THE_ROW}
        page: ReviewedPage = super().with_content_json(read)
        if self._meta.get_field("locale").is_cached(self):
            page.locale = self.locale
        page._cached_parent_obj = self.get_parent()  # Wagtail has just read it
        return page

    def matches_hash(self, sha256: str) -> bool:
        """Return whether this page is the text with this hash, whatever version that was written in."""
        return matches_hash(self.to_document(), sha256)

    def resolve_context(self) -> ResolveContext:
        """Return the state with which the blocks of this page are converted."""
        return ResolveContext(language=self.language)

    @property
    def language(self) -> str:
        """The code of the language that the page is written in."""
        return self.locale.language_code if self.locale_id else "en"

    @abstractmethod
    def build_document(self, context: ResolveContext) -> BaseDocument:
        """Return this page as a document of ``document_type``."""
        # Django's metaclass does not refuse a page type that lacks it
        raise TypeError(f"{type(self).__name__} must define build_document")

    def document_fields(self) -> dict[str, Any]:
        """The document's fields by name, without its parts."""
        return {
            "key": str(self.translation_key),
            "slug": self.slug or slugify(self.title) or "draft",
            "language": self.language,
            "title": self.title,
            "summary": self.summary,
            "change_note": self.change_note,
            "review_interval_months": self.review_interval_months,
            "demonstration": self.demonstration,
        }

    def permissions_for_user(self, user: AnyUser) -> ReviewedPagePermissionTester:
        return ReviewedPagePermissionTester(user, self)

    @property
    def is_frozen(self) -> bool:
        """Whether the page is locked: in review, or signed and scheduled."""
        return bool(self.pk) and (self.workflow_in_progress or self.is_scheduled)

    @property
    def is_scheduled(self) -> bool:
        """Whether a signed text of the page is scheduled for publication."""
        return bool(self.revisions.filter(approved_go_live_at__isnull=False).exists())

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.live = False
            self.has_unpublished_changes = True
        with transaction.atomic():
            lock_page_keys(self.translation_key)
            super().save(*args, **kwargs)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            lock_page_keys(self.translation_key)
            self._refuse_if_frozen(kwargs.get("user"))
            compose_texts(self)
            return super().save_revision(*args, **kwargs)

    def _refuse_if_frozen(self, user: AnyUser | None) -> None:
        if self.is_frozen:
            refusal = PolicyError(
                Rule.IN_REVIEW,
                f"“{self.title}” is in review, or signed and scheduled, and cannot be changed. "
                "Recall it, or ask the reviewer to return it.",
            )
            log_refusal_once(refusal, f"a revision of page {self.pk}", user.get_username() if user else "")
            raise refusal

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> None:
        before_publish.send(sender=type(self), page=self, revision=revision)
        super().publish(revision, *args, **kwargs)

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        """Return the public path for “View live” links; Wagtail's own page serving is not installed."""
        sites = self._get_relevant_site_root_paths(request)
        return (sites[0].site_id, sites[0].root_url, self.public_path()) if sites else None

    def public_path(self) -> str:
        """The path at which patients read this page once it is signed."""
        return fill_pattern(self.document_type.path_pattern, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Return the draft in the public templates, marked as such, or why it cannot be shown."""
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
        except ValueError:  # a broken home page must not break every other preview
            return None


def reviewed_page_models() -> list[type[ReviewedPage]]:
    """Return the types of pages whose texts are reviewed."""
    return [model for model in get_page_models() if issubclass(model, ReviewedPage)]


class BodyPage(ReviewedPage):
    """A reviewed page whose text is one stream of parts."""

    document_type: ClassVar[type[BodyDocument]]

    body = StreamField(BodyBlock(), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary", widget=SentenceInput),
        FieldPanel("body"),
        *ReviewedPage.edition_panels,
    ]

    class Meta:
        abstract = True

    def build_document(self, context: ResolveContext) -> BodyDocument:
        return self.document_type(**self.document_fields(), **self.body_fields(context))

    def body_fields(self, context: ResolveContext) -> dict[str, Any]:
        """Return the document's fields that follow from the text."""
        return {"body": tuple(self.body.stream_block.to_parts(self.body, context))}
