"""Equations of a Word file, for its inventory."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from monographs.imports.inventory import Script
from monographs.imports.word_source.source_parts import local, value_below

_RAISED = {"m.sup", "m.deg"}
_LOWERED = {"m.sub"}


def equation_pieces(element: Element, script: Script = Script.LINE) -> Iterator[tuple[str, Script]]:
    """Yield the texts of an equation, with spaces where tokens must not join."""
    name = local(element)
    if name in {"m.t", "t"}:
        yield element.text or "", script
        return
    if name in {"m.f", "m.rad", "m.nary"}:
        yield from _sign(element, name, script)
    for child in element:
        kind = local(child)
        within = Script.RAISED if kind in _RAISED else Script.LOWERED if kind in _LOWERED else script
        if kind == "m.lim":
            within = Script.LOWERED if name == "m.limLow" else Script.RAISED
        yield from equation_pieces(child, within)
        if name == "m.f" and kind == "m.num":
            yield "/", script
        elif name in {"m.m", "m.eqArr", "m.mr", "m.d", "m.func"}:
            yield " ", script


def _sign(element: Element, name: str, script: Script) -> Iterator[tuple[str, Script]]:
    if name == "m.rad":
        yield "√", script
    elif name == "m.nary":
        given = value_below(element, "m.naryPr", "m.chr")
        yield ("∫" if given is None else given), script
