"""Equations (Office Math) as text, with raised and lowered parts kept."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from monographs.imports.word.inline_text import FormattedRun
from monographs.imports.word.word_package import child_at, children_of

_SKIPPED = frozenset({"m:rPr", "m:ctrlPr", "w:rPr"})
_RADICAL = "√"
Runs = list[FormattedRun]


def equation_runs(element: Element) -> Runs:
    """Return the text of a ``m:oMath``: powers raised, fractions with a slash, rows apart."""
    return list(_read(element))


def _read(element: Element) -> Iterator[FormattedRun]:
    tag = str(element.tag)
    if tag in _SKIPPED or tag.endswith("Pr"):
        return
    if tag in {"m:t", "w:t"}:
        yield FormattedRun(element.text or "")
    elif reader := _READERS.get(tag):
        yield from reader(element)
    else:
        for child in element:
            yield from _read(child)


def _part(element: Element, name: str) -> Runs:
    found = child_at(element, f"m:{name}")
    return [] if found is None else equation_runs(found)


def _marked(runs: Runs, mark: str) -> Runs:
    return [replace(run, marks=tuple(sorted({*run.marks, mark}))) for run in runs]


def _grouped(runs: Runs) -> Runs:
    """Return runs in brackets unless they are a single number or word."""
    text = "".join(run.words for run in runs)
    return runs if text.replace(".", "").isalnum() else [FormattedRun("("), *runs, FormattedRun(")")]


def _scripts(element: Element) -> Iterator[FormattedRun]:
    base, sub, sup = (_part(element, name) for name in ("e", "sub", "sup"))
    scripts = [*_marked(sub, "sub"), *_marked(sup, "sup")]
    yield from [*scripts, *base] if element.tag == "m:sPre" else [*base, *scripts]


def _fraction(element: Element) -> Iterator[FormattedRun]:
    yield from [*_grouped(_part(element, "num")), FormattedRun("/"), *_grouped(_part(element, "den"))]


def _root(element: Element) -> Iterator[FormattedRun]:
    yield from [
        *_marked(_part(element, "deg"), "sup"),
        FormattedRun(_RADICAL),
        *_grouped(_part(element, "e")),
    ]


def _delimited(element: Element) -> Iterator[FormattedRun]:
    opening, closing, separator = (
        _property(element, "dPr", name, default)
        for name, default in (("begChr", "("), ("endChr", ")"), ("sepChr", "|"))
    )
    yield FormattedRun(opening)
    for n, part in enumerate(children_of(element, "m:e")):
        yield from ([FormattedRun(separator)] if n else []) + equation_runs(part)
    yield FormattedRun(closing)


def _sum(element: Element) -> Iterator[FormattedRun]:
    yield FormattedRun(_property(element, "naryPr", "chr", "∫"))
    yield from [*_marked(_part(element, "sub"), "sub"), *_marked(_part(element, "sup"), "sup")]
    yield from [FormattedRun(" "), *_part(element, "e")]


def _limit(element: Element) -> Iterator[FormattedRun]:
    mark = "sub" if element.tag == "m:limLow" else "sup"
    yield from [*_part(element, "e"), *_marked(_part(element, "lim"), mark)]


def _function(element: Element) -> Iterator[FormattedRun]:
    yield from [*_part(element, "fName"), FormattedRun(" "), *_part(element, "e")]


def _rows(element: Element) -> Iterator[FormattedRun]:
    rows = children_of(element, "m:mr") or children_of(element, "m:e")
    for n, row in enumerate(rows):
        cells = children_of(row, "m:e") if row.tag == "m:mr" else [row]
        yield from [FormattedRun("; ")] if n else []
        for column, cell in enumerate(cells):
            yield from ([FormattedRun(" ")] if column else []) + equation_runs(cell)


def _property(element: Element, group: str, name: str, default: str) -> str:
    found = child_at(element, f"m:{group}/m:{name}")
    return default if found is None else found.get("m:val", "")


_READERS: dict[str, Callable[[Element], Iterator[FormattedRun]]] = {
    **dict.fromkeys(("m:sSup", "m:sSub", "m:sSubSup", "m:sPre"), _scripts),
    "m:f": _fraction,
    "m:rad": _root,
    "m:d": _delimited,
    "m:nary": _sum,
    "m:limLow": _limit,
    "m:limUpp": _limit,
    "m:func": _function,
    "m:m": _rows,
    "m:eqArr": _rows,
}
