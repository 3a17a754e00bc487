"""How long a redline of a monograph takes: ``python -m benchmarks.redline [--words 3000] [--rounds 20]``.

Small: ten words in ten paragraphs. Moved: every paragraph of a section in the reverse order. Rewritten: no
sentence left as it was. Documents are parsed anew for each round, so that nothing is remembered; the time is
the processor's, so that a busy machine tells the same.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable

from monographs.document import SECTION_HEADINGS, SECTION_ORDER, MonographDocument, Section
from monographs.document.parts import Effect, Effects, Text
from monographs.redline import redline
from monographs.redline.tokens import tokens_of

KEY = "00000000-0000-4000-8000-000000000001"
VOCABULARY = (
    "take tablet water food doctor nurse blood test call today fever rash skin 5 10 mg mL day week not never "
    "before after with without the a of to in and or if you your it is may can feel sick tired dose skip "
    "pain chest breath swelling liver kidney pregnant heart medicine treatment care team 0.5 2–3"
).split()


def _sentence(chance: random.Random) -> str:
    words = chance.choices(VOCABULARY, k=chance.randint(8, 16))
    return f"{' '.join(words).capitalize()}."


def _paragraph(chance: random.Random) -> str:
    return " ".join(_sentence(chance) for _ in range(chance.randint(2, 4)))


def monograph(words: int, chance: random.Random) -> MonographDocument:
    """A monograph of about ``words`` words in twelve sections: paragraphs, a list and effects in each."""
    each = words // len(SECTION_ORDER)
    sections = []
    for name in SECTION_ORDER:
        blocks, count = [], 0
        while count < each * 0.7:
            blocks.append(_paragraph(chance))
            count += len(blocks[-1].split())
        effects = tuple(
            Effect(name=" ".join(chance.sample(VOCABULARY, 3)), explanation=_sentence(chance))
            for _ in range(each // 50)
        )
        html = "".join(f"<p>{block}</p>" for block in blocks[:-2])
        html += f"<ul>{''.join(f'<li>{block}</li>' for block in blocks[-2:])}</ul>"
        parts = (Text(html=html), Effects(group="common", items=effects))
        sections.append(Section(type=name, heading=SECTION_HEADINGS[name], parts=parts))
    return MonographDocument(
        key=KEY, slug="x", title="x", review_interval_months=12, sections=tuple(sections)
    )


def _edited(document: MonographDocument, edit: Callable[[str], str]) -> MonographDocument:
    sections = []
    for section in document.sections:
        parts = [Text(html=edit(p.html)) if isinstance(p, Text) else p for p in section.parts]
        sections.append(section.model_copy(update={"parts": tuple(parts)}))
    return document.model_copy(update={"sections": tuple(sections)})


def small(document: MonographDocument) -> MonographDocument:
    """One word in the first paragraph of each section."""
    return _edited(document, lambda html: html.replace(" mg", " mcg", 1).replace(".", " now.", 1))


def reversed_order(document: MonographDocument) -> MonographDocument:
    """Every paragraph at another place."""

    def turn(html: str) -> str:
        head, listed = html.split("<ul>")
        return "</p>".join(reversed(head.split("</p>")[:-1])) + "</p><ul>" + listed

    return _edited(document, turn)


def measure(name: str, old: MonographDocument, new: MonographDocument, rounds: int) -> None:
    """Print median and slowest of ``rounds`` in milliseconds."""
    before, after = old.model_dump_json(), new.model_dump_json()
    times = []
    for _ in range(rounds):
        pair = [MonographDocument.model_validate_json(text) for text in (before, after)]
        tokens_of.cache_clear()
        start = time.process_time()
        found = redline(*pair)
        times.append((time.process_time() - start) * 1000)
    lines = sum(len(section.lines) for section in found.sections)
    print(
        f"{name:12} median {statistics.median(times):6.1f} ms  slowest {max(times):6.1f} ms  "
        f"{len(found.changed):3} sections  {lines:4} lines"
    )


def main() -> None:
    """Measure each kind of change."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--words", type=int, default=3000)
    options.add_argument("--rounds", type=int, default=20)
    chosen = options.parse_args()
    old = monograph(chosen.words, random.Random(1))  # noqa: S311  # the same text each time
    other = monograph(chosen.words, random.Random(2))  # noqa: S311
    counted = len(old.model_dump_json().split())
    print(f"A monograph of {counted} words, {chosen.rounds} rounds each.")
    measure("unchanged", old, old, chosen.rounds)
    measure("small", old, small(old), chosen.rounds)
    measure("moved", old, reversed_order(old), chosen.rounds)
    measure("rewritten", old, other, chosen.rounds)


if __name__ == "__main__":
    main()
