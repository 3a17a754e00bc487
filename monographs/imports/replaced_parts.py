"""What a section says in parts of its own, which words of a file that replace it do not have.

Urgency and frequency of an effect, advice boxes, pictures, links to other medicines: they would be lost
unseen, because their words may well stand in the file.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from monographs.blocks.sections import SECTION_BLOCKS
from monographs.blocks.standard_text_block import STANDARD_TEXT
from monographs.document import SectionType

#: Parts that a file has, or that are told of otherwise.
_KEPT = frozenset({"text", "table", STANDARD_TEXT})
_COMMON, _SERIOUS = "common_effects", "serious"


def parts_not_in_file(section: SectionType, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return in words which parts of the stored value ``old`` of a section its ``new`` value lacks."""
    block = SECTION_BLOCKS[section]()
    kinds = block.child_blocks["content"].child_blocks
    types = Counter(child["type"] for child in old.get("content", ()) if child["type"] not in _KEPT)
    found = [_counted(str(kinds[name].label), count) for name, count in types.items() if name in kinds]
    found += [
        str(field.label)
        for name, field in block.child_blocks.items()
        if name not in ("content", "sources", _COMMON, _SERIOUS) and old.get(name) and not new.get(name)
    ]
    if count := sum(1 for effect in _effects(old) if not _is_kept(effect, new)):
        effects = (
            "1 side effect besides its name" if count == 1 else f"{count} side effects besides their names"
        )
        found.append(f"what is said of {effects}")
    return found


def _counted(label: str, count: int) -> str:
    return label if count == 1 else f"{label} ({count})"


def _is_kept(effect: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether all that is said of an effect besides its name is in the ``new`` value of its section."""
    said = {name: value for name, value in effect.items() if value and name != "name"}
    return not said or any(
        _name(other) == _name(effect) and said.items() <= other.items() for other in _effects(new)
    )


def _name(effect: Mapping[str, Any]) -> str:
    return " ".join(str(effect.get("name", "")).casefold().split())


def _effects(section: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for each in (*section.get(_COMMON, ()), *section.get(_SERIOUS, {}).get("effects", ())):
        yield each["value"] if each.get("type") == "item" else each
