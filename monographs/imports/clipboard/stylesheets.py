"""Style sheets in clipboard HTML: which declarations apply to an element."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from monographs.imports.clipboard.elements import Element

#: Rules and characters that are read; programs write a few hundred rules.
_MAX_RULES = 5_000
_MAX_LENGTH = 1_000_000
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_PIECE = re.compile(r"([^{}]*)([{}])")
_COMPOUND = re.compile(r"([\w-]+|\*)?((?:[.#][\w-]+)*)(?::(?:link|visited|root))?")
_PART = re.compile(r"([.#])([\w-]+)")
_PRINT_ONLY = re.compile(r"@media\b(?!.*\b(?:screen|all)\b).*\bprint\b", re.IGNORECASE)
#: A semicolon inside quotes or brackets does not end a declaration.
_DECLARATION = re.compile(r"""((?:[^;"'(]|"[^"]*"|'[^']*'|\([^)]*\)|["'(])+)""")


@dataclass(frozen=True, slots=True)
class _Compound:
    tag: str
    classes: frozenset[str]
    id: str

    def matches(self, element: Element) -> bool:
        return (
            self.tag in {"", "*", element.tag}
            and (not self.id or element.attrs.get("id") == self.id)
            and self.classes <= set(element.classes)
        )


@dataclass(frozen=True, slots=True)
class _Rule:
    compounds: tuple[_Compound, ...]
    declarations: dict[str, str]
    specificity: tuple[int, int, int]

    def matches(self, element: Element) -> bool:
        if not self.compounds[-1].matches(element):
            return False
        above = element.parent
        for compound in reversed(self.compounds[:-1]):
            while above is not None and not compound.matches(above):
                above = above.parent
            if above is None:
                return False
            above = above.parent
        return True


@dataclass(slots=True)
class StyleSheet:
    """Rules by the tag, class or id that an element must have."""

    _rules: dict[str, list[_Rule]] = field(default_factory=lambda: defaultdict(list))
    levels: dict[str, dict[str, str]] = field(default_factory=dict)

    def declarations(self, element: Element) -> dict[str, str]:
        """Return the declarations for ``element``: those of rules, then its own."""
        keys = ["*", element.tag, *(f".{name}" for name in element.classes), f"#{element.attrs.get('id')}"]
        found = [rule for key in keys for rule in self._rules.get(key, ()) if rule.matches(element)]
        merged: dict[str, str] = {}
        # The sort is stable: of two equally specific rules the later one applies
        for rule in sorted(found, key=lambda rule: rule.specificity):
            merged.update(rule.declarations)
        return merged | declarations_of(element.attrs.get("style", ""))

    def add(self, selector: str, declarations: dict[str, str]) -> None:
        """Add a rule for each selector in a list; selectors of other kinds match nothing."""
        for each in selector.split(","):
            compounds = [_compound(piece) for piece in each.replace(">", " ").split()]
            if not compounds or None in compounds:
                continue
            known = tuple(compound for compound in compounds if compound)
            last = known[-1]
            key = f"#{last.id}" if last.id else f".{min(last.classes)}" if last.classes else last.tag or "*"
            specificity = (
                sum(bool(c.id) for c in known),
                sum(len(c.classes) for c in known),
                sum(c.tag not in {"", "*"} for c in known),
            )
            self._rules[key].append(_Rule(known, declarations, specificity))


def _compound(piece: str) -> _Compound | None:
    match = _COMPOUND.fullmatch(piece)
    if match is None:
        return None
    parts = _PART.findall(match[2])
    classes = frozenset(name for kind, name in parts if kind == ".")
    return _Compound(
        (match[1] or "").lower(), classes, next((name for kind, name in parts if kind == "#"), "")
    )


def declarations_of(style: str) -> dict[str, str]:
    """Return the declarations of a style attribute, names and values in lower case."""
    found: dict[str, str] = {}
    for match in _DECLARATION.finditer(style):
        name, colon, value = match[1].partition(":")
        if colon:
            found[name.strip().lower()] = value.replace("!important", "").strip().lower()
    return found


def read_styles(source: str) -> StyleSheet:
    """Read style sheets; what is for print only, and what cannot be read, is left out."""
    sheet = StyleSheet()
    depth_skipped: list[bool] = []
    selector: str | None = None
    for match in list(_PIECE.finditer(_COMMENT.sub(" ", source[:_MAX_LENGTH])))[: _MAX_RULES * 2]:
        words = match[1].strip().rsplit(";", 1)[-1].strip() if match[2] == "{" else match[1]
        if match[2] == "}":
            if selector is not None:
                _add(sheet, selector, declarations_of(words), skipped=any(depth_skipped))
                selector = None
            elif depth_skipped:
                depth_skipped.pop()
        elif words.lower().startswith(("@media", "@supports", "@layer")):
            depth_skipped.append(bool(_PRINT_ONLY.match(words)))
        else:
            selector = words
    return sheet


def _add(sheet: StyleSheet, selector: str, declarations: dict[str, str], *, skipped: bool) -> None:
    if skipped:
        return
    if selector.startswith("@list"):
        sheet.levels[selector.removeprefix("@list").strip().lower()] = declarations
    elif not selector.startswith("@"):
        sheet.add(selector, declarations)
