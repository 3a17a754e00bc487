"""What the house rules compare a page with: the newest stored version of each label that the page follows."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from monographs.document import MonographDocument
from monographs.document.canonical import sha256_hex
from monographs.label_watch.stored_labels import label_of, labels_of_page, newest_versions
from monographs.labels import Label, LabelPassageKind
from monographs.labels.effect_percentages import effect_percentages
from monographs.labels.label_passages import SectionText, section_texts
from monographs.labels.section_codes import Guard
from monographs.labels.text_keys import words
from monographs.rules.label_terms import effect_of_row, reasons_named

#: Labels of which a process keeps the summary, of some ten kilobytes each.
_KEPT = 1024


@dataclass(frozen=True, slots=True)
class Contraindication:
    """A reason not to give the medicine: its name in plain words, or “” and the label's own telling words."""

    reason: str
    telling: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EffectShares:
    """Percentages of people who had an effect, and of those who had it severely."""

    overall: tuple[float, ...] = ()
    severe: tuple[float, ...] = ()


@dataclass(frozen=True)
class LabelSummary:
    """What the rules read of one version of a label. ``box`` is a hash of the boxed warning, "" without."""

    set_id: str
    version: int
    routes: tuple[str, ...] = ()
    box: str = ""
    contraindications: tuple[Contraindication, ...] = ()
    effects: Mapping[str, EffectShares] = field(default_factory=dict)


def summaries_for(document: object) -> tuple[LabelSummary, ...]:
    """Return summaries of the labels that the page of ``document`` follows; of others none.

    Two queries for a medicine, and one more per label that this process has not read yet.
    """
    if not isinstance(document, MonographDocument):
        return ()
    set_ids = labels_of_page(UUID(document.key), document.identifiers.label_set_id)
    return tuple(summary_of(row.sha256) for row in newest_versions(set_ids))


@lru_cache(maxsize=_KEPT)
def summary_of(sha256: str) -> LabelSummary:
    """Return the summary of a stored version, which never changes."""
    return summarise(label_of(sha256))


def summarise(label: Label) -> LabelSummary:
    """Return what the rules read of a label."""
    texts = section_texts(label).values()
    boxed = [passage for text in texts if text.code.guard is Guard.BOXED for passage in text.passages]
    against = [text for text in texts if text.code.guard is Guard.CONTRAINDICATION]
    own_names = frozenset(word for name in (*label.names, *label.generic_names) for word in words(name))
    return LabelSummary(
        label.set_id,
        label.version,
        label.routes,
        sha256_hex(" ".join(passage.key for passage in boxed).encode()) if boxed else "",
        tuple(dict.fromkeys(each for text in against for each in _contraindications(text, own_names))),
        _effects(label),
    )


_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
#: Why it is so, and what was seen: no reason of its own.
_BECAUSE = re.compile(r"\b(?:due to|because|since|as this|which (?:may|can)|resulting in)\b.*", re.IGNORECASE)
_NONE = re.compile(r"^(?:contraindications?|none|not applicable|no known contraindications?)*$")
_OBSERVED = re.compile(
    r"\b(?:have|has) (?:included|been (?:observed|reported))|\boccurred in"
    r"|\breported in\b|\bthere is usually\b",
    re.IGNORECASE,
)
#: Letters from which on a word tells one contraindication from another.
_TELLING = 7
_NOT_TELLING = re.compile(
    r"contraindicat|patient|should|history|severe|serious|known|component|product|formulation|reaction|treatment|"
    r"therapy|including|previous|concurrent|concomitant|medicine|administ|warning|precaution|section|following|"
    r"contain|capsule|tablet|suspension|adverse|interaction|prescription|pharmacist|release|extended|experienc|"
    r"purpose|without|receiving|operative|hydrochlor|doctor"
)
#: What forbids something. A sentence without it explains, unless it is an item of a list, which is short.
_FORBIDS = re.compile(
    r"contraindicat|(?:should|must|do|may|can) ?not\b|not (?:be|for)\b|\bnever\b|avoid", re.IGNORECASE
)
_MOST_WORDS_OF_ITEM = 12


def _contraindications(text: SectionText, own_names: frozenset[str]) -> Iterator[Contraindication]:
    for passage in text.passages:
        if passage.kind is LabelPassageKind.HEADING:
            continue
        said = _BECAUSE.sub("", _IN_BRACKETS.sub(" ", passage.text))
        own = words(said)
        if _NONE.match("".join(own)) or _OBSERVED.search(said):
            continue
        if len(own) > _MOST_WORDS_OF_ITEM and not _FORBIDS.search(said):
            continue
        if named := reasons_named(said):
            yield from (Contraindication(name) for name in named)
        elif telling := tuple(word for word in own if _is_telling(word) and word not in own_names):
            yield Contraindication("", telling)


def _is_telling(word: str) -> bool:
    return len(word) >= _TELLING and not _NOT_TELLING.search(word)


def _effects(label: Label) -> dict[str, EffectShares]:
    overall: defaultdict[str, set[float]] = defaultdict(set)
    severe: defaultdict[str, set[float]] = defaultdict(set)
    for each in effect_percentages(label):
        if name := effect_of_row(each.name):
            (severe if each.severe else overall)[name].add(each.percent)
    return {
        name: EffectShares(tuple(sorted(overall[name])), tuple(sorted(severe[name])))
        for name in {*overall, *severe}
    }
