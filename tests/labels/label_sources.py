"""Small labels in both formats, in words of our own."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from monographs.labels import Label, read_label

SET_ID = "11111111-2222-4333-8444-555555555555"
#: Real labels, beside the repository where there are any.
REAL = Path(__file__).resolve().parents[3] / "shared" / "labels"
NAMESPACE = "urn:hl7-org:v3"


def section(
    code: str = "", title: str = "", text: str = "", *, inside: Sequence[str] = (), more: str = ""
) -> str:
    """One section of SPL; ``more`` is XML between its text and the sections in it."""
    coded = f'<code code="{code}" codeSystem="2.16.840.1.113883.6.1" displayName="ANY NAME"/>' if code else ""
    titled = f"<title>{title}</title>" if title else ""
    body = f"<text>{text}</text>" if text else ""
    parts = "".join(f"<component>{each}</component>" for each in inside)
    return f'<section><id root="x"/>{coded}{titled}{body}{more}{parts}</section>'


def spl(
    *sections: str,
    version: str = "3",
    date: str = "20240131",
    kind: tuple[str, str] = ("34391-3", "HUMAN PRESCRIPTION DRUG LABEL"),
    set_id: str = SET_ID,
    product: str = "",
) -> bytes:
    """An SPL document with these sections."""
    body = "".join(f"<component>{each}</component>" for each in (*sections, *([product] if product else [])))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><document xmlns="{NAMESPACE}" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><id root="aaaa"/>'
        f'<code code="{kind[0]}" codeSystem="2.16.840.1.113883.6.1" displayName="{kind[1]}"/>'
        "<title>Examplomab<br/>for infusion</title>"
        f'<effectiveTime value="{date}"/>'
        f'<setId root="{set_id}"/><versionNumber value="{version}"/>'
        "<author><assignedEntity><representedOrganization><name>Example Makers</name>"
        f"</representedOrganization></assignedEntity></author><component><structuredBody>{body}</structuredBody></component></document>"
    ).encode()


PRODUCT = (
    "<section><code code='48780-1' codeSystem='2.16.840.1.113883.6.1'/><subject><manufacturedProduct>"
    "<manufacturedProduct><code code='12345-678' codeSystem='2.16.840.1.113883.6.69'/>"
    "<name>Exemplar<suffix>XR</suffix></name>"
    "<asEntityWithGeneric><genericMedicine><name>examplomab</name></genericMedicine></asEntityWithGeneric>"
    "<ingredient classCode='ACTIM'><ingredientSubstance>"
    "<code code='ABCDEFGHIJ' codeSystem='2.16.840.1.113883.4.9'/></ingredientSubstance></ingredient>"
    "<ingredient classCode='IACT'><ingredientSubstance>"
    "<code code='WATERWATER' codeSystem='2.16.840.1.113883.4.9'/></ingredientSubstance></ingredient>"
    "<asContent><containerPackagedProduct>"
    "<code code='12345-678-90' codeSystem='2.16.840.1.113883.6.69'/></containerPackagedProduct></asContent>"
    "</manufacturedProduct>"
    "<subjectOf><approval><id extension='{application}' root='x'/></approval></subjectOf>"
    "<consumedIn><substanceAdministration><routeCode displayName='INTRAVENOUS'/></substanceAdministration>"
    "</consumedIn></manufacturedProduct></subject></section>"
)


def result(version: int = 3, *, facts: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """One result of openFDA; a text of ``fields`` becomes a list of one, as the feed has it."""
    return {
        "set_id": SET_ID,
        "id": "aaaa",
        "version": str(version),
        "effective_time": "20240131",
        "openfda": {"brand_name": ["Exemplar"], "generic_name": ["EXAMPLOMAB"]} if facts is None else facts,
        **{name: [value] if isinstance(value, str) else value for name, value in fields.items()},
    }


def openfda(version: int = 3, **fields: Any) -> Label:
    """The label of one result of openFDA."""
    return read_label(json.dumps(result(version, **fields)).encode())
