"""What a public template is given: a document, and nothing it would have to look up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from monographs.document.models import BaseDocument, HomeDocument


@dataclass(frozen=True)
class RenderContext:
    """One page as it is read: by a patient (with an edition), by a reviewer, or as a draft (without)."""

    document: BaseDocument
    links: Mapping[str, str] = field(default_factory=dict)
    site: HomeDocument | None = None
    edition: Any = None
    banner: str = ""
    #: Addresses of figures that are not yet published, by hash; published ones have a fixed address.
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
        """A document nobody has signed, under a banner that says so.

        A home page frames itself: its own words at the top and foot are what is being read.
        """
        site = document if isinstance(document, HomeDocument) else site
        return cls(document, links=links, site=site, banner=banner, figures=figures)

    @property
    def template(self) -> str:
        """The template of this kind of document."""
        return f"public/{self.document.kind}.html"  # type: ignore[attr-defined]  # concrete ones have it

    def as_template_context(self) -> dict[str, Any]:
        """Names the public templates use."""
        return {
            "document": self.document,
            "links": self.links,
            "site": self.site,
            # A site whose home page nobody has signed yet gets a name in the templates
            "site_name": self.site.organisation if self.site else "",
            "edition": self.edition,
            "banner": self.banner,
            "figures": self.figures,
            "listing": self.listing,
        }
