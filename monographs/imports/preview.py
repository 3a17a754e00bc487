"""What the preview of an import shows of one file."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.forms import BoundField
from django.utils.safestring import SafeString, mark_safe

from monographs.document import REQUIRED_SECTIONS
from monographs.document.parts import Frequency, Urgency
from monographs.imports.forms import FileForm
from monographs.imports.parsed_text import EffectOffer, Markup, SourceOffer
from monographs.imports.placement import OMITTED, PLACES, SERIOUS, Offer, PlacedBlock
from monographs.imports.provenance import form_of
from monographs.imports.remark_choices import not_undone
from monographs.imports.remarks import Remark, RemarkKind
from monographs.imports.service import ImportOutcome
from monographs.imports.signed_state import ReadFile
from monographs.presentation.urgency_words import urgency_label
from monographs.rules.finding import Finding

_REQUIRED = {*(section.value for section in REQUIRED_SECTIONS), SERIOUS}
_KINDS = {
    RemarkKind.OMITTED: "Left out",
    RemarkKind.CHANGED: "Changed",
    RemarkKind.UNSURE: "Please check",
}


@dataclass(frozen=True, slots=True)
class ShownRemark:
    """A remark in the preview. ``choice`` is the field that undoes it, None if there is nothing to undo.

    ``in_the_way``: it was chosen, but another undone remark changes the same letters.
    """

    remark: Remark
    choice: BoundField | None = None
    in_the_way: bool = False

    @property
    def kind(self) -> str:
        """What happened, in words."""
        return _KINDS[self.remark.kind]

    @property
    def undone(self) -> bool:
        """Whether it is undone."""
        return self.choice is not None and bool(self.choice.value()) and not self.in_the_way

    @property
    def chosen(self) -> bool:
        """Whether the user chose to undo it."""
        return self.choice is not None and bool(self.choice.value())

    @property
    def offer(self) -> str:
        """The words of the choice."""
        if self.remark.kind is RemarkKind.OMITTED:
            return "Take these words in"
        return "Use what the file says"


@dataclass(frozen=True, slots=True)
class ShownEffect:
    """A side effect that is offered, in the words that patients would read."""

    effect: EffectOffer

    @property
    def frequency(self) -> str:
        """How often."""
        return Frequency(self.effect.frequency).label if self.effect.frequency else ""

    @property
    def urgency(self) -> str:
        """How soon to act."""
        return urgency_label(Urgency(self.effect.urgency)) if self.effect.urgency else ""


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """Side effects or sources that can be accepted, with the field that accepts them."""

    offer: Offer
    choice: BoundField

    @property
    def effects(self) -> list[ShownEffect]:
        """The side effects."""
        return [ShownEffect(effect) for effect in self.offer.effects.effects] if self.offer.effects else []

    @property
    def sources(self) -> list[SourceOffer]:
        """The sources."""
        return self.offer.sources.sources if self.offer.sources else []

    @property
    def remarks(self) -> list[ShownRemark]:
        """What is not taken over as it is written."""
        return [ShownRemark(remark) for remark in self.offer.effects.remarks] if self.offer.effects else []

    @property
    def accepted(self) -> bool:
        """Whether it is accepted."""
        return bool(self.choice.value())


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block in the preview: the reason why it has no section (or none), remarks, and what is offered."""

    html: SafeString
    reason: str
    choice: BoundField
    remarks: list[ShownRemark]
    offer: ShownOffer | None
    structured: bool


@dataclass(frozen=True, slots=True)
class PreviewSection:
    """A section of the preview."""

    place: str
    heading: str
    blocks: list[ShownBlock]
    missing: bool


@dataclass(frozen=True, slots=True)
class FilePreview:
    """One file in the preview."""

    file: ReadFile
    form: FileForm
    outcome: ImportOutcome | None

    @property
    def sections(self) -> list[PreviewSection]:
        """Sections that have a block or are required; what is not imported comes last."""
        offers = {number: offer for offer in self.form.offers() for number in offer.numbers}
        found = (self._section(place, heading, offers) for place, heading in PLACES.items())
        return [section for section in found if section.blocks or section.missing]

    @property
    def remarks(self) -> list[tuple[ShownRemark, BoundField | None]]:
        """Remarks on words that are in no block; for those left out, with the field that takes them in."""
        fields = {placed.remark: self.form.choice_of(placed) for placed in self.form.blocks if placed.remark}
        return [(ShownRemark(remark), fields.get(remark)) for remark in self.file.parsed.remarks]

    @property
    def form_of_text(self) -> str:
        """As what the file was read."""
        return form_of(self.file.parsed)

    @property
    def can_read_again(self) -> bool:
        """Whether the text can be read in another way."""
        return bool(self.file.parsed.source_text)

    @property
    def is_markdown(self) -> bool:
        """Whether it was read as Markdown."""
        return self.file.parsed.markup is Markup.MARKDOWN

    @property
    def remark_count(self) -> int:
        """The number of remarks on the file."""
        blocks = (len(placed.block.remarks) for placed in self.form.blocks)
        return len(self.file.parsed.remarks) + sum(blocks)

    @property
    def offer_count(self) -> int:
        """The number of offers."""
        return len(self.form.offers())

    @property
    def word_count(self) -> int:
        """The number of words in sections, as the parser placed them."""
        return self.file.parsed.word_count()

    def _section(self, place: str, heading: str, offers: dict[int, Offer]) -> PreviewSection:
        here = [
            placed
            for placed in self.form.blocks
            if self.form.place_of(placed) == place and not (placed.remark and place == OMITTED)
        ]
        blocks = [
            self._block(placed, offers.get(placed.number))
            for placed in sorted(here, key=lambda placed: placed.place != place)
        ]
        shown = "Not imported" if place == OMITTED else heading
        return PreviewSection(place, shown, blocks, missing=place in _REQUIRED and not blocks)

    def _block(self, placed: PlacedBlock, offer: Offer | None) -> ShownBlock:
        markup = self.file.parsed.markup
        shown = ShownOffer(offer, self.form.offer_choice(offer)) if offer else None
        # Sanitised by the function that patients' pages use
        html = mark_safe(placed.html(markup, self.form.undone_in(placed)))  # noqa: S308
        return ShownBlock(
            html,
            placed.reason,
            self.form.choice_of(placed),
            list(self._remarks(placed)),
            shown if offer and offer.number == placed.number else None,
            structured=bool(shown and shown.accepted),
        )

    def _remarks(self, placed: PlacedBlock) -> Iterator[ShownRemark]:
        blocked = not_undone(placed.block, self.form.undone_in(placed))
        for n, remark in enumerate(placed.block.remarks):
            yield ShownRemark(remark, self.form.remark_choice(placed, n), in_the_way=n in blocked)

    @property
    def errors(self) -> list[Finding]:
        """Findings that keep the draft from being submitted."""
        return [f for f in self.outcome.findings if f.stops] if self.outcome else []

    @property
    def advice(self) -> list[Finding]:
        """The other findings."""
        return [f for f in self.outcome.findings if not (f.stops or f.reason)] if self.outcome else []
