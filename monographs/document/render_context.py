"""The context of public templates: a document and everything needed to render it without look-ups."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from monographs.document.models import BaseDocument, HomeDocument


@dataclass(frozen=True)
class RenderContext:
    """One page to render: for patients (with an edition), for reviewers, or as a draft (without)."""

    document: BaseDocument
    links: Mapping[str, str] = field(default_factory=dict)
    site: HomeDocument | None = None
    edition: Any = None
    banner: str = ""
    #: URLs of figures that are not yet published, by hash; published ones have a fixed URL.
    figures: Mapping[str, str] = field(default_factory=dict)
    listing: Any = None

    @classmethod
    def draft(
        cls,
        document: BaseDocument,
        *,
        links: Mapping[str, str],
        site: HomeDocument | None,
        figures: Mapping[str, str],
        banner: str = "Draft, not reviewed",
    ) -> "RenderContext":
        """Return the context of a document that is not signed, with a banner that says so.

        A draft of the home page is shown with its own header and footer.
        """
        site = document if isinstance(document, HomeDocument) else site
        return cls(document, links=links, site=site, banner=banner, figures=figures)

    @property
    def template(self) -> str:
        """The name of the template for this kind of document."""
        return f"public/{self.document.kind}.html"

    def as_template_context(self) -> dict[str, Any]:
        """Return the variables that the public templates use."""
        return {
            "document": self.document,
            "links": self.links,
            "site": self.site,
            # Without a signed home page the templates use a default name
            "site_name": self.site.organisation if self.site else "",
            "edition": self.edition,
            "banner": self.banner,
            "figures": self.figures,
            "listing": self.listing,
        }
