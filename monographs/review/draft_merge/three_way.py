"""The three-way merge of stored values: what one side changed is taken, what both changed is asked.

A pure function of plain data, as revisions hold it: structs, lists of blocks, tables, rich text.
"""

from collections.abc import Callable, Mapping
from typing import Any

from monographs.review.draft_merge.child_order import merged_order
from monographs.review.draft_merge.children import Child, ChildVersions, matched_children
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
    set_aside: Any,
    latest: Any,
    *,
    answers: Mapping[str, ConflictAnswer] | None = None,
    once: frozenset[str] = frozenset(),
    name: str = "",
) -> Merge:
    """Return ``set_aside`` and ``latest``, which both stem from ``base``, in one.

    ``answers`` are by the names of conflicts; an answer that its conflict does not offer is none. ``once``
    are types of blocks of which a list has one at most, in any order. ``name`` is of the field, and
    begins all names.
    """
    merger = _Merger(answers or {}, once)
    value = merger.value(name, (name,) if name else (), base, set_aside, latest)
    if not any(value is each for each in (base, set_aside, latest)):
        value = _with_own_ids(value, set())
    return Merge(value, merger.conflicts, merger.open)


Place = tuple[str, ...]
#: Fields of a block that the others are about, or are said with: words for one effect, medicine, condition or
#: picture are not true of another, and an urgency goes with its words.
_ABOUT = frozenset({"name", "medicine", "condition", "image", "source", "urgency"})


class _Merger:
    def __init__(self, answers: Mapping[str, ConflictAnswer], once: frozenset[str]) -> None:
        self.answers = answers
        self.once = once
        self.conflicts: list[Conflict] = []
        self.open: list[Conflict] = []

    def value(self, name: str, place: Place, base: Any, set_aside: Any, latest: Any) -> Any:
        """Return the merged value of one place."""
        for taken, same, other in (
            (latest, set_aside, latest),
            (latest, set_aside, base),
            (set_aside, latest, base),
            (latest, plain(set_aside), plain(latest)),
            (latest, plain(set_aside), plain(base)),
            (set_aside, plain(latest), plain(base)),
        ):
            if same == other and type(same) is type(other):
                return taken
        base = _empty_like(set_aside, latest) if base is ABSENT else base
        values = (base, set_aside, latest)
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
        return self._conflict(Conflict(name, place, ConflictKind.CHANGED, base, set_aside, latest))

    def _struct(self, name: str, place: Place, base: Any, set_aside: Any, latest: Any) -> Any:
        if _says_of_another(base, set_aside, latest):
            before = base or ABSENT
            return self._conflict(Conflict(name, place, ConflictKind.CHANGED, before, set_aside, latest))
        found = {}
        for key in dict.fromkeys([*latest, *set_aside]):
            sides = (each.get(key, ABSENT) for each in (base, set_aside, latest))
            value = self.value(f"{name}/{key}", (*place, key), *sides)
            if value is not ABSENT:
                found[key] = value
        return found

    def _list(self, name: str, place: Place, base: Any, set_aside: Any, latest: Any) -> list[Any]:
        lists = [[_stored_child(raw) for raw in value] for value in (base, set_aside, latest)]

        def one(versions: ChildVersions, name: str) -> Any:
            inner = (*place, _name_of(versions)) if _name_of(versions) else place
            return self._child(versions, name, inner)

        return self._children(name, place, lists, one)

    def _child(self, versions: ChildVersions, name: str, place: Place) -> Any:
        value = self.value(name, place, *versions.values)
        base, set_aside, latest = versions.base, versions.set_aside, versions.latest
        kept = latest if _is_changed(base, latest) or set_aside is None else set_aside
        raw = kept.raw if kept else None
        return {**raw, "value": value} if isinstance(raw, dict) and "value" in raw else value

    def _elements(self, name: str, place: Place, *split: list[str]) -> list[str]:
        lists = [[_element_child(element) for element in each] for each in split]

        def one(versions: ChildVersions, name: str) -> Any:
            return self._element(versions, name, place)

        return self._children(name, place, lists, one)

    def _element(self, versions: ChildVersions, name: str, place: Place) -> Any:
        sides = versions.values
        is_list = versions.base is not None and versions.base.name == "list"
        if is_list and len({plain(each) for each in sides}) == len(sides):
            base, set_aside, latest = (opened(each) for each in sides)
            items = [elements(each[1]) for each in (base, set_aside, latest)]
            if all(items):
                inner = "".join(self._elements(name, place, *(each or [] for each in items)))
                start, _, end = set_aside if latest[0] == base[0] else latest
                return f"{start}{inner}{end}"
            return self._conflict(Conflict(name, place, ConflictKind.CHANGED, *sides))
        return self._paragraph(name, place, *sides)

    def _paragraph(self, name: str, place: Place, base: Any, set_aside: Any, latest: Any) -> Any:
        """Return the merged value of a paragraph, which is not split any further."""
        merged = merge_whole(base, set_aside, latest)
        if merged is not None:
            return merged
        return self._conflict(Conflict(name, place, ConflictKind.CHANGED, base, set_aside, latest))

    def _table(self, name: str, place: Place, base: Any, set_aside: Any, latest: Any) -> Any:
        """Merge the rows of a table that has the same columns on all sides; else the table is one value."""
        columns = [plain(value["columns"]) for value in (base, set_aside, latest)]
        if columns.count(columns[0]) != len(columns) or not _are_rectangular(base, set_aside, latest):
            return self._conflict(Conflict(name, place, ConflictKind.CHANGED, base, set_aside, latest))

        def one(versions: ChildVersions, name: str) -> Any:
            sides = versions.values
            whole = merge_whole(*sides)
            if whole is not None:
                return whole
            values = [side["values"] for side in sides if isinstance(side, dict)]
            if len(values) < len(sides) or _says_of_another(*map(_row_fields, values)):
                return self._conflict(Conflict(name, place, ConflictKind.CHANGED, *sides))
            cells = [
                self.value(f"{name}/{n}", place, *cell) for n, cell in enumerate(zip(*values, strict=True))
            ]
            return {**sides[-1], "values": cells}

        lists = [[Child("", "", row, row) for row in value["rows"]] for value in (base, set_aside, latest)]
        rows = self._children(f"{name}/rows", place, lists, one)
        rest = [{k: v for k, v in value.items() if k != "rows"} for value in (base, set_aside, latest)]
        return {**self._struct(name, place, *rest), "rows": rows}

    def _children(
        self, name: str, place: Place, lists: list[list[Child]], one: Callable[[ChildVersions, str], Any]
    ) -> list[Any]:
        """Return the merged children, as ``one`` merges each, in the merged order."""
        found, tokens = matched_children(lists, self.once)
        deleted = {
            token: self._deletion(versions, f"{name}/{token}", place) for token, versions in found.items()
        }
        kept = {token for token in found if not deleted[token]}
        order = merged_order(tokens, kept)
        chosen = order.latest_first
        in_any_order = all(_name_of(versions) in self.once for versions in found.values())
        if not order.decided and not in_any_order:
            sides = [
                [_said(found[token].set_aside, found[token].latest) for token in order.set_aside_first],
                [_said(found[token].latest, found[token].set_aside) for token in order.latest_first],
            ]
            conflict = Conflict(f"{name}/order", place, ConflictKind.ORDER, ABSENT, *sides)
            if self._answer(conflict) == ConflictAnswer(Choice.SET_ASIDE):
                chosen = order.set_aside_first
        return [self._kept(found[token], f"{name}/{token}", one) for token in chosen]

    def _deletion(self, versions: ChildVersions, name: str, place: Place) -> bool:
        """Return whether a child is deleted. One that the other side changed is asked about."""
        if versions.base is None or (versions.set_aside and versions.latest):
            return False
        left = versions.set_aside or versions.latest
        if left is None or left.said == versions.base.said:
            return True
        inner = (*place, _name_of(versions)) if _name_of(versions) else place
        answer = self._answer(Conflict(name, inner, ConflictKind.DELETED, *versions.values))
        keeping = Choice.SET_ASIDE if versions.set_aside else Choice.LATEST
        return answer is not None and answer.choice != keeping

    def _kept(self, versions: ChildVersions, name: str, one: Callable[[ChildVersions, str], Any]) -> Any:
        if versions.set_aside and versions.latest:
            return one(versions, name)
        left = versions.latest or versions.set_aside
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
            case Choice.SET_ASIDE:
                return conflict.set_aside
            case Choice.ANEW:
                return written_anew(answer.words if answer else "", conflict.latest)
            case _:
                return conflict.latest


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


def merge_whole(base: Any, set_aside: Any, latest: Any) -> Any:
    """Return the merged value of what is not split; None if both sides changed it."""
    one, other, before = plain(set_aside), plain(latest), plain(base)
    if one in (other, before):
        return latest
    return set_aside if other == before else None


def _stored_child(raw: Any) -> Child:
    if isinstance(raw, dict) and "type" in raw and "value" in raw:
        return Child(str(raw.get("id") or ""), raw["type"], raw["value"], raw)
    # An item of the form that lists had before, or a choice; it is identified by its content
    return Child("", "item", raw, raw)


def _element_child(element: str) -> Child:
    name = name_of_element(element)
    kind = "list" if name in LISTS else "item" if name == "li" else "text"
    return Child("" if kind == "list" else key_of_element(element), kind, element, element)


def _name_of(versions: ChildVersions) -> str:
    child = versions.latest or versions.set_aside or versions.base
    return child.name if child and child.name not in ("item", "text", "list") else ""


def _says_of_another(base: dict[str, Any], set_aside: dict[str, Any], latest: dict[str, Any]) -> bool:
    """Whether fields that each side changed for itself would say in one what neither of them says."""
    sides = (base, set_aside, latest)
    fields = {key: [plain(side.get(key, ABSENT)) for side in sides] for side in sides for key in side}
    differ = {key: values for key, values in fields.items() if values[1] != values[2]}
    own = {key for key, (before, one, _) in differ.items() if one != before}
    others = {key for key, (before, _, other) in differ.items() if other != before}
    return bool(own and others and len(own | others) > 1 and (own | others) & _ABOUT)


def _row_fields(cells: list[Any]) -> dict[str, Any]:
    """Return the cells of a row as fields of a block; its first cell names what the others are about."""
    return {"name": cells[0] if cells else "", **{f"cell {n}": cell for n, cell in enumerate(cells) if n}}


def _said(first: Child | None, second: Child | None) -> Any:
    child = first or second
    return child.value if child else None


def _is_changed(base: Child | None, side: Child | None) -> bool:
    return base is None or side is None or base.raw != side.raw


def _empty_like(set_aside: Any, latest: Any) -> Any:
    for kind in (dict, list):
        if isinstance(set_aside, kind) and isinstance(latest, kind):
            return kind()
    return ABSENT


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) and "columns" in value and "rows" in value


def _are_rectangular(*tables: Any) -> bool:
    width = len(tables[0]["columns"])
    return all(len(row["values"]) == width for table in tables for row in table["rows"])
