"""Wagtail's block errors as problems a writer can find."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import StreamValue

from monographs.document import SECTION_ORDER
from monographs.rules.submit_error import SubmitError


def block_errors(value: StreamValue, field: str) -> Iterator[SubmitError]:
    """Everything a stream's own blocks find missing or wrong, with the way to it."""
    try:
        value.stream_block.clean(value)
    except ValidationError as error:
        errors = getattr(error, "block_errors", {}) or {}
        for index, child_error in errors.items():
            child = value[index]
            anchor = child.block_type if child.block_type in SECTION_ORDER else field
            for trail, message in _flatten(child.block, child.value, child_error):
                yield SubmitError(": ".join([str(child.block.label), *trail]), message, anchor)
        for message in _own(error):
            yield SubmitError(field.capitalize(), message, field)


def _flatten(block: Any, value: Any, error: ValidationError) -> Iterator[tuple[list[str], str]]:
    errors = getattr(error, "block_errors", None)
    if errors is None:
        for message in error.messages:
            yield [], _plain(message)
        return
    for name, inner in errors.items() if isinstance(errors, dict) else enumerate(errors):
        if inner is None:
            continue
        label, child, child_value = _step(block, value, name)
        for trail, message in _flatten(child, child_value, inner):
            yield [label, *trail], message
    for message in _own(error):
        yield [], message


def _step(block: Any, value: Any, name: Any) -> tuple[str, Any, Any]:
    """The label, block and value one step further down: a field, a member of a stream, or of a list."""
    if isinstance(name, str):
        child = block.child_blocks[name]
        return str(child.label), child, value[name]
    if isinstance(value, StreamValue):
        return str(value[name].block.label), value[name].block, value[name].value
    return f"{block.child_block.label} {name + 1}", block.child_block, value[name]


def _own(error: ValidationError) -> list[str]:
    own = getattr(error, "non_block_errors", None)
    return [_plain(message) for message in own.messages] if own else []


def _plain(message: str) -> str:
    return "This must be filled in." if message == "This field is required." else message
