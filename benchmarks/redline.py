"""Times the redline of a monograph: ``python -m benchmarks.redline [--words 3000] [--rounds 20]``.

Three kinds of change: *small*, one word in the first paragraph of each section; *moved*, the paragraphs of
each section in reverse order; *rewritten*, every sentence replaced. Documents are parsed again in each round,
so that nothing is cached. The time is processor time, so that other load on the machine matters little.
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


def _sentence(rng: random.Random) -> str:
    words = rng.choices(VOCABULARY, k=rng.randint(8, 16))
    return f"{' '.join(words).capitalize()}."


def _paragraph(rng: random.Random) -> str:
    return " ".join(_sentence(rng) for _ in range(rng.randint(2, 4)))


def monograph(words: int, rng: random.Random) -> MonographDocument:
    """Return a monograph of about ``words`` words: paragraphs, a list and effects in each section."""
    each = words // len(SECTION_ORDER)
    sections = []
    for name in SECTION_ORDER:
        blocks, count = [], 0
        while count < each * 0.7:
            blocks.append(_paragraph(rng))
            count += len(blocks[-1].split())
        effects = tuple(
            Effect(name=" ".join(rng.sample(VOCABULARY, 3)), explanation=_sentence(rng))
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
    """Change a word or two in each section."""
    return _edited(document, lambda html: html.replace(" mg", " mcg", 1).replace(".", " now.", 1))


def reversed_order(document: MonographDocument) -> MonographDocument:
    """Reverse the order of the paragraphs of each section."""

    def reverse_paragraphs(html: str) -> str:
        head, listed = html.split("<ul>")
        paragraphs = head.split("</p>")[:-1]
        return "".join(f"{paragraph}</p>" for paragraph in reversed(paragraphs)) + "<ul>" + listed

    return _edited(document, reverse_paragraphs)


def measure(name: str, old: MonographDocument, new: MonographDocument, rounds: int) -> None:
    """Print the median and the slowest time of ``rounds`` in milliseconds."""
    old_json, new_json = old.model_dump_json(), new.model_dump_json()
    times = []
    for _ in range(rounds):
        pair = [MonographDocument.model_validate_json(text) for text in (old_json, new_json)]
        tokens_of.cache_clear()
        start = time.process_time()
        result = redline(*pair)
        times.append((time.process_time() - start) * 1000)
    lines = sum(len(section.lines) for section in result.sections)
    print(
        f"{name:12} median {statistics.median(times):6.1f} ms  slowest {max(times):6.1f} ms  "
        f"{len(result.changed):3} sections  {lines:4} lines"
    )


def main() -> None:
    """Measure each kind of change."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--words", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    old = monograph(options.words, random.Random(1))  # noqa: S311  # the same text each time
    other = monograph(options.words, random.Random(2))  # noqa: S311
    counted = len(old.model_dump_json().split())
    print(f"A monograph of {counted} words, {options.rounds} rounds each.")
    measure("unchanged", old, old, options.rounds)
    measure("small", old, small(old), options.rounds)
    measure("moved", old, reversed_order(old), options.rounds)
    measure("rewritten", old, other, options.rounds)


if __name__ == "__main__":
    main()
