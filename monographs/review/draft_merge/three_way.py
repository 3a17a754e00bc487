"""The three-way merge of stored values: what one side changed is taken, what both changed is asked.

A pure function of plain data, as revisions hold it: structs, lists of blocks, tables, rich text.
"""

from collections.abc import Callable, Mapping
from typing import Any

from monographs.review.draft_merge.child_order import merged_order
from monographs.review.draft_merge.children import Child, Trio, trios
from monographs.review.draft_merge.merge_conflict import (
    ABSENT,
    Choice,
    Conflict,
    ConflictAnswer,
    ConflictKind,
    Merge,
    written_anew,
)
from monographs.review.draft_merge.plain_values import (
    LISTS,
    elements,
    key_of_element,
    name_of_element,
    opened,
    plain,
)


def merge(  # three texts, and what is known of them
    base: Any,
    ours: Any,
    theirs: Any,
    *,
    answers: Mapping[str, ConflictAnswer] | None = None,
    once: frozenset[str] = frozenset(),
    name: str = "",
) -> Merge:
    """Return ``ours`` and ``theirs``, which both stem from ``base``, in one.

    ``answers`` are by the names of conflicts; an answer that its conflict does not offer is none. ``once``
    are types of blocks of which a list has one at most, in any order. ``name`` is of the field, and
    begins all names.
    """
    merger = _Merger(answers or {}, once)
    value = merger.value(name, (name,) if name else (), base, ours, theirs)
    if not any(value is each for each in (base, ours, theirs)):
        value = _with_own_ids(value, set())
    return Merge(value, merger.conflicts, merger.open)


Place = tuple[str, ...]


class _Merger:
    def __init__(self, answers: Mapping[str, ConflictAnswer], once: frozenset[str]) -> None:
        self.answers = answers
        self.once = once
        self.conflicts: list[Conflict] = []
        self.open: list[Conflict] = []

    def value(self, name: str, place: Place, base: Any, ours: Any, theirs: Any) -> Any:
        """Return the merged value of one place."""
        for taken, same, other in (
            (theirs, ours, theirs),
            (theirs, ours, base),
            (ours, theirs, base),
            (theirs, plain(ours), plain(theirs)),
            (theirs, plain(ours), plain(base)),
            (ours, plain(theirs), plain(base)),
        ):
            if same == other and type(same) is type(other):
                return taken
        base = _empty_like(ours, theirs) if base is ABSENT else base
        values = (base, ours, theirs)
        if all(_is_table(value) for value in values):
            return self._table(name, place, *values)
        if all(isinstance(value, dict) for value in values):
            return self._struct(name, place, *values)
        if all(isinstance(value, list) for value in values):
            return self._list(name, place, *values)
        if all(isinstance(value, str) and value for value in values):
            split = [elements(value) for value in values]
            if all(split):
                return "".join(self._elements(name, place, *(s or [] for s in split)))
        return self._conflict(Conflict(name, place, ConflictKind.CHANGED, base, ours, theirs))

    def _struct(self, name: str, place: Place, base: Any, ours: Any, theirs: Any) -> dict[str, Any]:
        found = {}
        for key in dict.fromkeys([*theirs, *ours]):
            sides = (each.get(key, ABSENT) for each in (base, ours, theirs))
            value = self.value(f"{name}/{key}", (*place, key), *sides)
            if value is not ABSENT:
                found[key] = value
        return found

    def _list(self, name: str, place: Place, base: Any, ours: Any, theirs: Any) -> list[Any]:
        lists = [[_stored_child(raw) for raw in value] for value in (base, ours, theirs)]

        def one(trio: Trio, name: str) -> Any:
            inner = (*place, _name_of(trio)) if _name_of(trio) else place
            return self._child(trio, name, inner)

        return self._children(name, place, lists, one)

    def _child(self, trio: Trio, name: str, place: Place) -> Any:
        sides = (trio.base, trio.ours, trio.theirs)
        value = self.value(name, place, *(ABSENT if side is None else side.value for side in sides))
        kept = trio.theirs if _is_changed(trio.base, trio.theirs) or trio.ours is None else trio.ours
        raw = kept.raw if kept else None
        return {**raw, "value": value} if isinstance(raw, dict) and "value" in raw else value

    def _elements(self, name: str, place: Place, *split: list[str]) -> list[str]:
        lists = [[_element_child(element) for element in each] for each in split]

        def one(trio: Trio, name: str) -> Any:
            return self._element(trio, name, place)

        return self._children(name, place, lists, one)

    def _element(self, trio: Trio, name: str, place: Place) -> Any:
        sides: list[Any] = [
            ABSENT if side is None else side.value for side in (trio.base, trio.ours, trio.theirs)
        ]
        if trio.base and trio.base.name == "list" and len({plain(each) for each in sides}) == len(sides):
            base, ours, theirs = (opened(each) for each in sides)
            items = [elements(each[1]) for each in (base, ours, theirs)]
            if all(items):
                inner = "".join(self._elements(name, place, *(each or [] for each in items)))
                start, _, end = ours if theirs[0] == base[0] else theirs
                return f"{start}{inner}{end}"
            return self._conflict(Conflict(name, place, ConflictKind.CHANGED, *sides))
        return self._paragraph(name, place, *sides)

    def _paragraph(self, name: str, place: Place, base: Any, ours: Any, theirs: Any) -> Any:
        """Return the merged value of a paragraph, which is not split any further."""
        merged = merge_whole(base, ours, theirs)
        if merged is not None:
            return merged
        return self._conflict(Conflict(name, place, ConflictKind.CHANGED, base, ours, theirs))

    def _table(self, name: str, place: Place, base: Any, ours: Any, theirs: Any) -> Any:
        """Merge the rows of a table that has the same columns on all sides; else the table is one value."""
        columns = [plain(value["columns"]) for value in (base, ours, theirs)]
        if columns.count(columns[0]) != len(columns) or not _are_rectangular(base, ours, theirs):
            return self._conflict(Conflict(name, place, ConflictKind.CHANGED, base, ours, theirs))

        def one(trio: Trio, name: str) -> Any:
            sides: list[Any] = [
                side.value if side else ABSENT for side in (trio.base, trio.ours, trio.theirs)
            ]
            whole = merge_whole(*sides)
            if whole is not None:
                return whole
            values = [side["values"] for side in sides if isinstance(side, dict)]
            if len(values) < len(sides):
                return self._conflict(Conflict(name, place, ConflictKind.CHANGED, *sides))
            cells = [
                self.value(f"{name}/{n}", place, *cell) for n, cell in enumerate(zip(*values, strict=True))
            ]
            return {**sides[-1], "values": cells}

        lists = [[Child("", "", row, row) for row in value["rows"]] for value in (base, ours, theirs)]
        rows = self._children(f"{name}/rows", place, lists, one)
        rest = [{k: v for k, v in value.items() if k != "rows"} for value in (base, ours, theirs)]
        return {**self._struct(name, place, *rest), "rows": rows}

    def _children(
        self, name: str, place: Place, lists: list[list[Child]], one: Callable[[Trio, str], Any]
    ) -> list[Any]:
        """Return the merged children, as ``one`` merges each, in the merged order."""
        found, tokens = trios(lists, self.once)
        deleted = {token: self._deletion(trio, f"{name}/{token}", place) for token, trio in found.items()}
        kept = {token for token in found if not deleted[token]}
        order = merged_order(tokens, kept)
        chosen = order.theirs_first
        in_any_order = all(_name_of(trio) in self.once for trio in found.values())
        if not order.decided and not in_any_order:
            sides = [
                [_said(found[token].ours, found[token].theirs) for token in order.ours_first],
                [_said(found[token].theirs, found[token].ours) for token in order.theirs_first],
            ]
            conflict = Conflict(f"{name}/order", place, ConflictKind.ORDER, ABSENT, *sides)
            chosen = order.ours_first if self._answer(conflict) == ConflictAnswer(Choice.OURS) else chosen
        return [self._kept(found[token], f"{name}/{token}", one) for token in chosen]

    def _deletion(self, trio: Trio, name: str, place: Place) -> bool:
        """Return whether a child is deleted. One that the other side changed is asked about."""
        if trio.base is None or (trio.ours and trio.theirs):
            return False
        left = trio.ours or trio.theirs
        if left is None or left.said == trio.base.said:
            return True
        values = [ABSENT if side is None else side.value for side in (trio.base, trio.ours, trio.theirs)]
        inner = (*place, _name_of(trio)) if _name_of(trio) else place
        answer = self._answer(Conflict(name, inner, ConflictKind.DELETED, *values))
        keeping = Choice.OURS if trio.ours else Choice.THEIRS
        return answer is not None and answer.choice != keeping

    def _kept(self, trio: Trio, name: str, one: Callable[[Trio, str], Any]) -> Any:
        if trio.ours and trio.theirs:
            return one(trio, name)
        left = trio.theirs or trio.ours
        return left.raw if left else None

    def _answer(self, conflict: Conflict) -> ConflictAnswer | None:
        """Note a conflict; return its answer if there is one that it offers."""
        self.conflicts.append(conflict)
        answer = self.answers.get(conflict.name)
        if answer is None or answer.choice not in conflict.choices:
            self.open.append(conflict)
            return None
        return answer

    def _conflict(self, conflict: Conflict) -> Any:
        """Return what was chosen; the other side's while nothing is."""
        answer = self._answer(conflict)
        match answer.choice if answer else None:
            case Choice.BASE:
                return conflict.base
            case Choice.OURS:
                return conflict.ours
            case Choice.ANEW:
                return written_anew(answer.words if answer else "", conflict.theirs)
            case _:
                return conflict.theirs


def _with_own_ids(value: Any, known: set[str]) -> Any:
    """Return ``value`` without the second use of an id; Wagtail gives a block without one a new one."""
    if isinstance(value, list):
        return [_with_own_ids(inner, known) for inner in value]
    if not isinstance(value, dict):
        return value
    again = "type" in value and value.get("id") in known
    if "type" in value and value.get("id"):
        known.add(value["id"])
    return {k: _with_own_ids(inner, known) for k, inner in value.items() if not (again and k == "id")}


def merge_whole(base: Any, ours: Any, theirs: Any) -> Any:
    """Return the merged value of what is not split; None if both sides changed it."""
    mine, their, before = plain(ours), plain(theirs), plain(base)
    if mine in (their, before):
        return theirs
    return ours if their == before else None


def _stored_child(raw: Any) -> Child:
    if isinstance(raw, dict) and "type" in raw and "value" in raw:
        return Child(str(raw.get("id") or ""), raw["type"], raw["value"], raw)
    # An item of the form that lists had before, or a choice; it is known by what it says
    return Child("", "item", raw, raw)


def _element_child(element: str) -> Child:
    name = name_of_element(element)
    kind = "list" if name in LISTS else "item" if name == "li" else "text"
    return Child("" if kind == "list" else key_of_element(element), kind, element, element)


def _name_of(trio: Trio) -> str:
    child = trio.theirs or trio.ours or trio.base
    return child.name if child and child.name not in ("item", "text", "list") else ""


def _said(first: Child | None, second: Child | None) -> Any:
    child = first or second
    return child.value if child else None


def _is_changed(base: Child | None, side: Child | None) -> bool:
    return base is None or side is None or base.raw != side.raw


def _empty_like(ours: Any, theirs: Any) -> Any:
    for kind in (dict, list):
        if isinstance(ours, kind) and isinstance(theirs, kind):
            return kind()
    return ABSENT


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) and "columns" in value and "rows" in value


def _are_rectangular(*tables: Any) -> bool:
    width = len(tables[0]["columns"])
    return all(len(row["values"]) == width for table in tables for row in table["rows"])
