"""Changes of an exported record, and how a test finds that one is named."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from tests.export.bundles import Bundle, Row, verify

A_DAY = "2001-01-01T00:00:00.000000Z"


def check_named(bundle: Bundle, tamper: Callable[[Bundle], str]) -> None:
    """Tamper with the record and its manifest; check that the fault is found and named without an anchor."""
    fault = tamper(bundle)
    bundle.rewrite_manifest()
    status, answer = verify(bundle)
    assert status == 1
    assert re.search(f"^FAULT .*(?:{fault})", answer, re.MULTILINE), answer


def first_edition(bundle: Bundle) -> Row:
    return bundle.row("editions", slug="testumab", number=1)


def signature_of(bundle: Bundle, edition: Row, step: str = "Medical review") -> Row:
    return bundle.row("signatures", submission=edition["submission"], step=step)


def forge_text(bundle: Bundle, edition: Row) -> tuple[str, str]:
    """Other words in an edition, its page and its row's hash; the old and the new hash."""
    text = edition["canonical"].replace("Fever", "Feves")
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    bundle.change("editions", {"canonical": text, "sha256": sha256}, id=edition["id"])
    page = bundle.folder / "editions" / f"{edition['slug']}-{edition['number']}.html"
    page.write_text(page.read_text().replace("Fever", "Feves").replace(edition["sha256"], sha256))
    return edition["sha256"], sha256


def row_removed_from(name: str, fault: str) -> Callable[[Bundle], str]:
    def remove(bundle: Bundle) -> str:
        rows = bundle.rows(name)
        gone = rows.pop(len(rows) // 2)
        bundle.write(name, rows)
        return fault.format(**gone)

    return remove


def change_with_forged_chain(bundle: Bundle, edition: Row, **columns: Any) -> None:
    """Change columns of an edition, with a forged chain in which its entry agrees."""
    bundle.change("editions", columns, id=edition["id"])
    bundle.change_entries(
        lambda event, data: (
            data.update(columns) if (event, data.get("edition")) == ("edition", edition["id"]) else None
        )
    )
