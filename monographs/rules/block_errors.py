"""Convert the validation errors of Wagtail blocks into messages that name the place in the form."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import StreamValue

from monographs.document import SECTION_ORDER
from monographs.rules.submit_error import SubmitError


def block_errors(value: StreamValue, field: str) -> Iterator[SubmitError]:
    """Yield what the blocks of a stream find missing or wrong; ``place`` is the path of labels to it."""
    try:
        value.stream_block.clean(value)
    except ValidationError as error:
        errors = getattr(error, "block_errors", {}) or {}
        for index, child_error in errors.items():
            child = value[index]
            anchor = child.block_type if child.block_type in SECTION_ORDER else field
            for path, message in _flatten(child.block, child.value, child_error):
                yield SubmitError(": ".join([str(child.block.label), *path]), message, anchor)
        for message in _non_block_messages(error):
            yield SubmitError(field.capitalize(), message, field)


def _flatten(block: Any, value: Any, error: ValidationError) -> Iterator[tuple[list[str], str]]:
    """Yield each message with the labels that lead from ``block`` to it."""
    if cells := getattr(error, "cell_errors", None):
        yield from _flatten_cells(cells)
    errors = getattr(error, "block_errors", {} if hasattr(error, "cell_errors") else None)
    if errors is None:
        for message in error.messages:
            yield [], _plain(message)
        return
    for name, inner in errors.items() if isinstance(errors, dict) else enumerate(errors):
        if inner is None:
            continue
        label, child, child_value = _child(block, value, name)
        for path, message in _flatten(child, child_value, inner):
            yield [label, *path], message
    for message in _non_block_messages(error):
        yield [], message


def _flatten_cells(cells: dict[int, dict[int, ValidationError]]) -> Iterator[tuple[list[str], str]]:
    """Yield each message about a cell of a table with its row and column, counted from 1."""
    for row, errors in cells.items():
        for column, error in errors.items():
            for message in error.messages:
                yield [f"Row {row + 1}, column {column + 1}"], _plain(message)


def _child(block: Any, value: Any, name: Any) -> tuple[str, Any, Any]:
    """Return label, block and value of a child: a field, a member of a stream, or an item of a list."""
    if isinstance(name, str):
        child = block.child_blocks[name]
        return str(child.label), child, value[name]
    if isinstance(value, StreamValue):
        return str(value[name].block.label), value[name].block, value[name].value
    return f"{block.child_block.label} {name + 1}", block.child_block, value[name]


def _non_block_messages(error: ValidationError) -> list[str]:
    found = getattr(error, "non_block_errors", None)
    return [_plain(message) for each in found.as_data() for message in each.messages] if found else []


def _plain(message: str) -> str:
    return "This must be filled in." if message == "This field is required." else message
