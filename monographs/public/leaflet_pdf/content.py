"""The content of a leaflet as plain data for the Typst template, from a signed document and its edition.

Nothing is fetched from the database. Labels around the signed text come from the gettext catalogue.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, override

from monographs.core.brand.brand import DEFAULT_BRAND, Brand
from monographs.core.brand.default_colours import LIGHT
from monographs.core.help_lines import emergency_line
from monographs.document.models import MonographDocument, Source
from monographs.document.sections import Section, SectionType
from monographs.public.date_format import day
from monographs.public.label_state import label_lines
from monographs.public.leaflet_pdf.emergency_card import emergency_card
from monographs.public.leaflet_pdf.part_nodes import PartNodes
from monographs.public.leaflet_pdf.text_nodes import HeadingLevels, TextNodes, text_nodes
from monographs.public.queries import ReadEdition
from monographs.public.responses import SHORT_HASH


@dataclass(frozen=True, slots=True)
class PrintSize:
    """Font sizes in points."""

    text: float
    small: float


#: Paper for patients: at least 12 points (CDC, Simply Put, 2009; the European Commission's guideline on the
#: readability of package leaflets, 2009, requires 9). Only lines around each page and sources are smaller.
REGULAR = PrintSize(text=12, small=9.5)
#: Large print begins at 18 points (American Printing House for the Blind).
LARGE = PrintSize(text=18, small=18)


@dataclass(frozen=True, slots=True)
class Leaflet:
    """The input of a leaflet. ``links``: absolute URLs by key; ``address``: URL of the current page.

    ``if_nobody_answers`` is the home page's signed sentence that ends what says to call.
    """

    document: MonographDocument
    edition: ReadEdition
    site_name: str
    address: str
    links: Mapping[str, str]
    size: PrintSize = REGULAR
    if_nobody_answers: str = ""
    brand: Brand = DEFAULT_BRAND

    def data(self) -> dict[str, Any]:
        """Return the data for the Typst template, with labels in the language of the document."""
        with override(self.document.language):
            return _LeafletBuilder(self).data()


def logo_file_name(brand: Brand) -> str:
    """Return the name of the logo's file in a leaflet; empty without a logo for paper."""
    return f"logo{brand.logos['paper'].suffix}" if "paper" in brand.logos else ""


class _LeafletBuilder:
    def __init__(self, leaflet: Leaflet) -> None:
        self.leaflet = leaflet
        self.document, self.edition = leaflet.document, leaflet.edition
        self.levels = HeadingLevels()
        self.rich = TextNodes(leaflet.links, self.levels)
        self.parts = PartNodes(self.rich, leaflet.links, self.levels, leaflet.if_nobody_answers)

    def data(self) -> dict[str, Any]:
        document, edition = self.document, self.edition
        published = day(edition.published_at)
        # First, because levels of headings are assigned in reading order
        card = emergency_card(document, self.rich, self.levels, self.leaflet.if_nobody_answers)
        warnings = [s for s in document.sections if s.type is SectionType.BOXED_WARNING]
        others = [s for s in document.sections if s.type is not SectionType.BOXED_WARNING]
        return {
            "language": document.language.split("-")[0],
            "title": _("%(name)s: leaflet") % {"name": document.title},
            "description": document.summary,
            "author": self.leaflet.site_name,
            "accent": self.leaflet.brand.all_colours[LIGHT]["accent"],
            "logo": logo_file_name(self.leaflet.brand),
            "legal": list(self.leaflet.brand.legal_lines),
            "text": self.leaflet.size.text,
            "small": self.leaflet.size.small,
            "head": _("%(name)s · edition %(number)s · %(day)s")
            % {"name": document.title, "number": edition.number, "day": published},
            "foot": self.leaflet.address,
            "page": _("Page"),
            "of": _("of"),
            "notices": list(self._notices()),
            "name": document.title,
            "said": _("Say: %(sound)s") % {"sound": document.pronunciation} if document.pronunciation else "",
            "names": list(self._names()),
            "newest": self._newest(),
            "card": card,
            "warnings": [self._section(section) for section in warnings],
            "facts": list(self._facts()),
            "sections": [self._section(section) for section in others],
            "sources": self._sources(),
            "trust": self._trust(),
            "closing": self._closing(),
        }

    def _notices(self) -> Iterator[list[list[str]]]:
        """Yield the boxes above the text: facts, each with its first words, which are bold, and the rest."""
        edition = self.edition
        if edition.superseded:
            old = _(
                "Edition %(old)s was replaced by edition %(new)s. Do not rely on it. Read the newest one."
            )
            replaced = [_("This is an old edition."), old % {"old": edition.number, "new": edition.latest}]
            if later := edition.later_withdrawal:
                withdrawn = _("Edition %(number)s, which came after it, was withdrawn:")
                said = f"{withdrawn % {'number': later.number}} {later.reason} {later.advice}"
                yield [[_("This edition may be wrong as well."), said], replaced]
            else:
                yield [replaced]
        elif edition.overdue:
            due = _("It was due on %(day)s. Ask your care team or pharmacist if it is still right.")
            yield [[_("The review of this text is overdue."), due % {"day": day(edition.next_due)}]]
        if edition.sentence:
            yield [[edition.sentence.words, ""]]
        if self.document.demonstration:
            yield [[_("Demonstration content:"), _("not for decisions about treatment.")]]

    def _names(self) -> Iterator[list[Any]]:
        brands = self.document.brand_names
        if brands:
            heading = npgettext("heading", "Brand name", "Brand names", len(brands))
            yield [heading, [text_nodes(", ".join(brands))]]
        if self.document.drug_class:
            yield [
                _("Drug class"),
                [self.parts.reference(self.document.drug_class.key, self.document.drug_class.name)],
            ]

    def _newest(self) -> dict[str, str]:
        """Return the link and QR code that lead to the current edition."""
        return {
            "words": _("Newest edition of this page:"),
            "address": self.leaflet.address,
            "shown": self.leaflet.address.removeprefix("https://").removeprefix("http://"),
            "alt": _("QR code with the address of the newest edition: %(address)s")
            % {"address": self.leaflet.address},
        }

    def _facts(self) -> Iterator[list[Any]]:
        document, edition = self.document, self.edition
        if document.routes:
            yield [_("How it is given"), [text_nodes(route) for route in document.routes]]
        if document.conditions:
            yield [_("Used for"), [self.parts.reference(c.key, c.name) for c in document.conditions]]
        reviewers = [text_nodes(_("by %(who)s") % {"who": who}) for who in self._reviewers()]
        yield [_("Last reviewed"), [text_nodes(day(edition.last_reviewed)), *reviewers]]

    def _reviewers(self) -> list[str]:
        return [
            ", ".join(filter(None, (each.get("name"), each.get("credentials"))))
            for each in self.edition.reviewers
        ]

    def _section(self, section: Section) -> dict[str, Any]:
        level = self.levels.of(2)
        return {
            "heading": section.heading,
            "level": level,
            "anchor": section.anchor,
            "parts": self.parts.of(section.parts),
            "sources": list(section.sources),
            "sources_words": ngettext(
                "Source for this section:", "Sources for this section:", len(section.sources)
            ),
        }

    def _sources(self) -> dict[str, Any]:
        identifiers = self.document.identifiers
        label = ""
        if identifiers.label_set_id:
            label = _("FDA label: set id %(id)s") % {"id": identifiers.label_set_id}
            if identifiers.label_version:
                label += _(", version %(version)s") % {"version": identifiers.label_version}
        return {
            "heading": _("Sources"),
            "level": self.levels.of(2),
            "of": [self._source(source) for source in self.document.sources],
            "label": label,
        }

    def _source(self, source: Source) -> dict[str, Any]:
        seen = _("Seen %(day)s.") % {"day": day(source.date_seen)} if source.date_seen else ""
        publisher = f"{source.publisher}." if source.publisher and seen else source.publisher
        citing = [[s.heading, s.anchor] for s in self.document.sections if source.number in s.sources]
        return {
            "number": source.number,
            "title": source.title,
            "address": source.address,
            "about": " ".join(filter(None, (publisher, seen))),
            "used": _("Used in:"),
            "in": citing,
        }

    def _trust(self) -> dict[str, Any]:
        edition = self.edition
        facts: list[list[Any]] = [
            [_("Reviewed and signed by"), self._reviewers()],
            [_("Last reviewed"), [day(edition.last_reviewed)]],
            [_("Next review due"), [day(edition.next_due)]],
            [_("Edition"), list(self._about_edition())],
        ]
        if lines := label_lines(self.document.identifiers, edition.label, superseded=edition.superseded):
            facts.append([_("FDA label that this page rests on"), lines])
        if edition.change_note and not edition.restores:
            facts.append([_("What changed in this edition"), [edition.change_note]])
        return {
            "heading": _("Who reviewed this page"),
            "level": self.levels.of(2),
            "facts": facts,
            "signed": _("Signed text %(hash)s") % {"hash": edition.sha256[:SHORT_HASH]},
        }

    def _about_edition(self) -> Iterator[str]:
        edition = self.edition
        yield _("%(number)s, published %(day)s") % {
            "number": edition.number,
            "day": day(edition.published_at),
        }
        if edition.restores:
            yield _("This brought back the text of edition %(number)s.") % {"number": edition.restores}

    def _closing(self) -> list[list[str]]:
        return [
            [
                _("This leaflet is not a substitute for your care team."),
                _(
                    "It cannot know your health as they do. Ask them before you start, stop, or change a "
                    "medicine. In an emergency, call %(number)s."
                )
                % {"number": emergency_line().number},
            ],
            [
                _("Report a side effect."),
                _("You can tell the FDA about any side effect: fda.gov/medwatch or 1-800-FDA-1088."),
            ],
            [
                _("Paper grows old."),
                _("This page may have changed since %(day)s. The QR code leads to the newest edition.")
                % {"day": day(self.edition.published_at)},
            ],
        ]
