"""Wagtail's block errors as problems a writer can find."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import StreamValue

from monographs.rules.problem import Problem


def block_problems(value: StreamValue, field: str) -> Iterator[Problem]:
    """Everything a stream's own blocks find missing or wrong, with the way to it."""
    try:
        value.stream_block.clean(value)
    except ValidationError as error:
        errors = getattr(error, "block_errors", {}) or {}
        for index, child_error in errors.items():
            child = value[index]
            for trail, message in _flatten(child.block, child_error):
                yield Problem(": ".join([str(child.block.label), *trail]), message, child.block_type)
        for message in _own(error):
            yield Problem(field.capitalize(), message, field)


def _flatten(block: Any, error: ValidationError) -> Iterator[tuple[list[str], str]]:
    errors = getattr(error, "block_errors", None)
    if errors is None:
        for message in error.messages:
            yield [], _plain(message)
        return
    items = errors.items() if isinstance(errors, dict) else enumerate(errors)
    for name, inner in items:
        if inner is None:
            continue
        child = _child(block, name)
        label = str(child.label or "") if isinstance(name, str) else f"{child.label or 'item'} {name + 1}"
        for trail, message in _flatten(child, inner):
            yield [label, *trail], message
    for message in _own(error):
        yield [], _plain(message)


def _child(block: Any, name: Any) -> Any:
    if isinstance(name, str):
        return block.child_blocks[name]
    return getattr(block, "child_block", block)


def _own(error: ValidationError) -> list[str]:
    own = getattr(error, "non_block_errors", None)
    return [_plain(message) for message in own.messages] if own else []


def _plain(message: str) -> str:
    return "This must be filled in." if message == "This field is required." else message
