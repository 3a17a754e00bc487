"""Builds complete documents of synthetic medicines, with every required section."""

import random
import uuid
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from devtools.synthetic.name_generator import NameGenerator
from devtools.synthetic.word_lists import WORDS
from monographs.document import (
    SECTION_HEADINGS,
    ConditionDocument,
    DrugClassDocument,
    MonographDocument,
    Section,
    SectionType,
)
from monographs.document.models import BaseDocument, Identifiers, Reference, Source
from monographs.document.parts import (
    Companion,
    Companions,
    Effect,
    Effects,
    Frequency,
    Part,
    Table,
    Text,
    Urgency,
)

#: Namespace of the synthetic pages' keys, which are UUIDs derived from seed, kind and title.
NAMESPACE = uuid.UUID("6f1c3b1e-7a3c-4a55-9d0e-0c8f5f2f7d11")
#: Medicines per class and per condition, so that lists are at least as long as real ones.
PER_CLASS = 400
PER_CONDITION = 300
#: The most earlier medicines that one names as used with it.
MAX_COMPANIONS = 3
SUMMARY = "{} is an invented medicine for trying this service at size. No patient takes it."
#: The share of medicines with a table of doses.
_WITH_TABLE = 0.25
_FIRST_RXCUI = 90_000_000  # higher than any identifier in RxNorm


def shared_documents(count: int, seed: int) -> tuple[list[DrugClassDocument], list[ConditionDocument]]:
    """Return the drug classes and conditions for ``count`` medicines."""
    namer = NameGenerator(random.Random(f"shared {seed}"))  # noqa: S311  # not used for secrets
    classes = [
        DrugClassDocument(**_page(seed, "class", title), body=(_text(f"Invented {title} are a class."),))
        for title in islice(namer.phrases("class"), count // PER_CLASS + 1)
    ]
    conditions = [
        ConditionDocument(**_page(seed, "condition", title), body=(_text(f"{title} is invented."),))
        for title in islice(namer.phrases("condition"), count // PER_CONDITION + 1)
    ]
    return classes, conditions


def medicines(
    count: int,
    seed: int,
    classes: list[DrugClassDocument],
    conditions: list[ConditionDocument],
    wanted: Callable[[int], bool] = lambda number: True,
) -> Iterator[MonographDocument]:
    """Yield the first editions of those of ``count`` medicines whose number, from 0, is ``wanted``.

    A greater ``count`` begins with the same medicines.
    """
    namer = NameGenerator(random.Random(f"names {seed}"))  # noqa: S311  # not used for secrets
    earlier: list[tuple[str, str]] = []
    for number in range(count):
        name, brands = namer.generic(), namer.brands()
        if not wanted(number):
            earlier.append((_key(seed, "medicine", name), name))
            continue
        rng = random.Random(f"{seed} {name}")  # noqa: S311  # not used for secrets
        companions = rng.sample(earlier, min(len(earlier), rng.randint(0, MAX_COMPANIONS)))
        document = MonographDocument(
            **_page(seed, "medicine", name),
            brand_names=brands,
            drug_class=_reference(rng.choice(classes)),
            conditions=(_reference(rng.choice(conditions)),),
            routes=(rng.choice(WORDS["routes"]),),
            identifiers=Identifiers(rxcui=(str(_FIRST_RXCUI + number),)),
            sections=_sections(name, companions, rng),
            sources=(Source(number=1, title="Invented label", publisher="Nobody"),),
        )
        earlier.append((document.key, name))
        yield document


def next_edition(document: MonographDocument, number: int) -> MonographDocument:
    """Return the text of edition ``number``: ``document`` with one sentence added."""
    *others, last = document.sections
    added = _text(f"This sentence came with edition {number}.")
    grown = last.model_copy(update={"parts": (*last.parts, added)})
    note = f"Edition {number} adds a sentence."
    return document.model_copy(update={"sections": (*others, grown), "change_note": note})


def _key(seed: int, kind: str, title: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{seed} {kind} {title}"))


def _page(seed: int, kind: str, title: str) -> dict[str, Any]:
    return {
        "key": _key(seed, kind, title),
        "slug": title.lower().replace(" ", "-"),
        "title": title,
        "summary": SUMMARY.format(title) if kind == "medicine" else f"{title} is invented.",
        "change_note": "First edition.",
        "review_interval_months": 12,
        "demonstration": True,
    }


def _reference(document: BaseDocument) -> Reference:
    return Reference(key=document.key, name=document.title)


def _text(words: str) -> Text:
    return Text(html=f"<p>{words}</p>")


def _sections(name: str, companions: list[tuple[str, str]], rng: random.Random) -> tuple[Section, ...]:
    sections = []
    for kind, sentences in WORDS["sentences"].items():
        chosen = rng.sample(sentences, rng.randint(2, len(sentences)))
        parts: list[Part] = [_text(" ".join(_filled(sentence, name, rng) for sentence in chosen))]
        if kind == SectionType.HOW_IT_IS_ADMINISTERED:
            parts += _doses(name)
        if kind == SectionType.COMMON_SIDE_EFFECTS:
            parts += _effects(rng)
        if kind == SectionType.COMMONLY_USED_WITH and companions:
            parts.append(Companions(items=tuple(Companion(name=n, page=key) for key, n in companions)))
        section = SectionType(kind)
        sections.append(
            Section(type=section, heading=SECTION_HEADINGS[section], parts=tuple(parts), sources=(1,))
        )
    order = list(SectionType)
    return tuple(sorted(sections, key=lambda section: order.index(section.type)))


def _doses(name: str) -> list[Part]:
    """Return a table of doses for some of the medicines; other texts do not depend on its numbers."""
    rng = random.Random(f"doses {name}")  # noqa: S311  # not used for secrets
    if rng.random() > _WITH_TABLE:
        return []
    steps = sorted(rng.sample(range(5, 100, 5), 4))
    rows = tuple((f"Week {week}", f"{dose} mg") for week, dose in enumerate(steps, 1))
    return [Table(caption="How much to take", header=("When", "Each day"), row_headers=True, rows=rows)]


def _filled(sentence: str, name: str, rng: random.Random) -> str:
    return sentence.format(
        name=name,
        dose=rng.choice((5, 10, 25, 50, 100)),
        days=rng.randint(3, 60),
        topic=rng.choice(WORDS["topics"]),
        condition=f"{rng.choice(WORDS['condition_seconds'])}",
    )


def _effects(rng: random.Random) -> list[Part]:
    common = tuple(
        Effect(
            name=name,
            explanation=f"It often gets better after {rng.randint(2, 20)} days.",
            frequency=Frequency.COMMON,
            frequency_label=Frequency.COMMON.label,
            what_to_do="Tell your care team at your next visit.",
        )
        for name in rng.sample(WORDS["effects"], 5)
    )
    serious = tuple(
        Effect(
            name=name,
            what_to_do="Get help at once.",
            urgency=Urgency.CALL_911,
            urgency_label=Urgency.CALL_911.label,
        )
        for name in rng.sample(WORDS["serious_effects"], 2)
    )
    return [
        Effects(group="common", items=common),
        Effects(group="serious", heading="Serious side effects", items=serious),
    ]
