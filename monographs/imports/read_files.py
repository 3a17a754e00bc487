"""Read uploaded files and pasted texts for the preview, and read them again in another way."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import QueryDict

from monographs.core.posted_keys import posted_place
from monographs.imports.errors import ImportRefused
from monographs.imports.input_files import check_size, read_bytes
from monographs.imports.parsed_text import Markup
from monographs.imports.parser import parse_as
from monographs.imports.provenance import Provenance
from monographs.imports.signed_state import ReadFile

PASTED = "Pasted text"
#: The name of the buttons by which a file is read in another way; value: its number, and the other markup.
READ_AGAIN = "read-again"
#: The markups between which an importer can choose.
_CHOICES = {markup.value: markup for markup in (Markup.PLAIN, Markup.MARKDOWN)}
#: The choices that stay when a file is read again; all others are about blocks, which are others then.
_KEPT_CHOICES = ("name", "brands", "drug_class", "updates", "skip")


def read_uploads(cleaned_data: Mapping[str, Any]) -> tuple[list[ReadFile], list[str]]:
    """Return the files and the pasted text that could be read, and a sentence for each that could not."""
    files: list[ReadFile] = []
    refused: list[str] = []
    for uploaded in cleaned_data["files"]:
        try:
            check_size(uploaded.size, uploaded.name)
            files.append(_read(uploaded.name, uploaded.read(), uploaded.name))
        except ImportRefused as refusal:
            refused.append(f"{uploaded.name}: {sentence(str(refusal))}")
    text, name = cleaned_data["text"], cleaned_data["name"].strip()
    if text.strip():
        try:
            files.append(_pasted(text, name))
        except ImportRefused as refusal:
            refused.append(f"{PASTED}: {sentence(str(refusal))}")
    return files, refused


def _pasted(text: str, name: str) -> ReadFile:
    read = _read(PASTED, text.encode(), f"{name or PASTED}.txt")
    if name or read.parsed.named_by_file:
        read.parsed.name = name
    return read


def _read(name: str, data: bytes, read_as: str) -> ReadFile:
    origin = replace(Provenance.of(name, data), preview=secrets.token_hex(16))
    return ReadFile(name, read_bytes(data, read_as), origin, read_as)


def read_again(files: Sequence[ReadFile], wanted: str) -> list[ReadFile]:
    """Return ``files``, one of them read in another way. ``wanted`` is its number and the other markup."""
    number, _, markup = wanted.partition(" ")
    place, result = posted_place(number), list(files)
    if place is None or place >= len(result) or markup not in _CHOICES:
        return result
    file = result[place]
    parsed = parse_as(file.parsed, file.read_as, _CHOICES[markup])
    if file.name == PASTED and parsed.named_by_file:
        parsed.name = file.parsed.name
    result[place] = replace(file, parsed=parsed)
    return result


def submitted_choices(post: QueryDict) -> QueryDict:
    """Return the choices of the preview; for a file that was just read again only those about its page."""
    if READ_AGAIN not in post:
        return post
    number = str(post[READ_AGAIN]).partition(" ")[0]
    data = post.copy()
    for name in post:
        prefix, _, field = name.partition("-")
        if prefix == f"file{number}" and field not in _KEPT_CHOICES:
            del data[name]
    return data


def sentence(words: str) -> str:
    """Return words as a sentence."""
    return words[:1].upper() + words[1:].rstrip(".") + "."
