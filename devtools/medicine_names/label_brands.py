"""Brand and generic names from files of FDA labels: openFDA's JSON and DailyMed's SPL (public domain)."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from monographs.core.medicine_names import name_key

_PRODUCT = re.compile(
    r"<name>([^<]+?)\s*(?:<suffix>[^<]*</suffix>\s*)?</name>(?:(?!<name>).)*?<genericMedicine>\s*<name>([^<]+)</name>",
    re.DOTALL,
)
#: A four-letter suffix that FDA gives to biological medicines.
_SUFFIX = re.compile(r"-[a-z]{4}$")
_SALTS = re.compile(
    r"\b(?:hydrochloride|hcl|sodium|calcium|mesylate|citrate|sulfate|maleate|tosylate|phosphate|acetate|monohydrate)\b"
)
_NAME = re.compile(r"[a-z][a-z0-9-]*(?: [a-z0-9-]+)?")


def label_names(folder: Path) -> dict[str, set[str]]:
    """Return generic names with the brands on the labels in ``folder`` and its subfolders."""
    names: dict[str, set[str]] = defaultdict(set)
    for path in sorted(folder.rglob("*")):
        reader = {".json": _openfda, ".xml": _spl}.get(path.suffix)
        for brand, generic in reader(path) if reader else ():
            plain = _SALTS.sub("", _SUFFIX.sub("", generic.lower()).removeprefix("fam-")).strip(" ,")
            plain = " ".join(plain.split())
            name = brand.strip().lower()
            if _NAME.fullmatch(plain) and _NAME.fullmatch(name) and name_key(plain) not in name_key(name):
                names[plain].add(name)
    return dict(names)


def _openfda(path: Path) -> Iterator[tuple[str, str]]:
    data = json.loads(path.read_text())
    for label in data.get("results", [data]):
        facts = label.get("openfda", {})
        if len(facts.get("generic_name", ())) == 1:
            yield from ((brand, facts["generic_name"][0]) for brand in facts.get("brand_name", ()))


def _spl(path: Path) -> Iterator[tuple[str, str]]:
    text = path.read_text()
    if "HUMAN PRESCRIPTION DRUG" in text.upper() or "HUMAN OTC DRUG" in text.upper():
        yield from _PRODUCT.findall(text)
