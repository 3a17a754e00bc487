"""Names of medicines as people get them wrong: by rule, the same ones for the same seed, and by hand."""

import random
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: A name that loses a syllable, or two letters' order, should still be one.
LONG, SHORT = 8, 4
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = "aeiou"
#: How one sound is written two ways; either may be typed for the other.
_SOUNDS = (
    ("ph", "f"), ("c", "k"), ("ck", "k"), ("x", "ks"), ("s", "z"), ("y", "i"), ("ch", "k"), ("th", "t"),
    ("qu", "kw"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("ge", "je"), ("gi", "ji"), ("ae", "e"),
    ("ee", "i"), ("ll", "l"), ("nn", "n"), ("tt", "t"), ("ss", "s"), ("mm", "m"), ("v", "f"), ("rh", "r"),
)  # fmt: skip
_SYLLABLE = re.compile(r"[^aeiouy]*[aeiouy]+(?:[^aeiouy]+$)?")


@dataclass(frozen=True)
class Misspelling:
    """What was typed, by which rule it came about, and the medicine that was meant."""

    typed: str
    rule: str
    name: str
    medicine: str


@cache
def _table() -> dict[str, dict[str, object]]:
    table: dict[str, dict[str, object]] = tomllib.loads(Path(__file__).with_name("names.toml").read_text())
    return table


def medicines() -> dict[str, list[str]]:
    """Generic names and their brands."""
    return {str(name): list(brands) for name, brands in _table()["medicines"].items()}  # type: ignore[call-overload]


def names() -> dict[str, str]:
    """Every generic and brand name, and the medicine it is of."""
    return {name: medicine for medicine, brands in medicines().items() for name in (medicine, *brands)}


def by_hand() -> list[Misspelling]:
    """Misspellings that were thought of, not made."""
    of = names()
    return [
        Misspelling(typed, "by hand", str(name), of[str(name)])
        for typed, name in _table()["misheard"].items()
    ]


def by_rule(seed: int, each: int = 1) -> list[Misspelling]:
    """``each`` misspellings of every name by every rule that fits it; never another medicine's right name."""
    chance, of = random.Random(seed), names()  # noqa: S311  # not for secrets
    right = {name.lower() for name in of}
    made = {
        wrong.typed: wrong
        for name, medicine in of.items()
        for rule, change in RULES.items()
        for _ in range(each)
        for wrong in [Misspelling(change(name.lower(), chance), rule, name, medicine)]
        if wrong.typed not in right and len(wrong.typed) >= SHORT
    }
    return list(made.values())


def _edit(name: str, chance: random.Random) -> str:
    """A letter left out, added, doubled, or its neighbour on the keyboard."""
    at = chance.randrange(len(name))
    near = next((row for row in _KEYBOARD if name[at] in row), name[at])
    place = near.index(name[at])
    other = chance.choice(near[max(place - 1, 0) : place + 2])
    changed = [
        name[:at] + name[at + 1 :],
        name[:at] + other + name[at + 1 :],
        name[:at] + other + name[at:],
        name[:at] + name[at] + name[at:],
    ]
    return chance.choice(changed)


def _transposition(name: str, chance: random.Random) -> str:
    """Two neighbours in the wrong order."""
    places = [i for i in range(1, len(name) - 1) if name[i] != name[i + 1]]
    at = chance.choice(places)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _phonetic(name: str, chance: random.Random) -> str:
    """Written as it sounds: one sound spelt another way, and perhaps a vowel misheard."""
    pairs = [*_SOUNDS, *((other, one) for one, other in _SOUNDS)]
    fitting = [pair for pair in pairs if pair[0] in name]
    if fitting:
        one, other = chance.choice(fitting)
        at = chance.choice([m.start() for m in re.finditer(re.escape(one), name)])
        name = name[:at] + other + name[at + len(one) :]
    vowels = [i for i in range(1, len(name)) if name[i] in _VOWELS]
    if vowels and (not fitting or chance.random() < 0.5):
        at = chance.choice(vowels)
        name = name[:at] + chance.choice(_VOWELS) + name[at + 1 :]
    return name


def _dropped_syllable(name: str, chance: random.Random) -> str:
    """A long name without one of its inner syllables."""
    syllables = _SYLLABLE.findall(name)
    if len(name) < LONG or len(syllables) < 4 or "".join(syllables) != name:
        return name
    del syllables[chance.randrange(1, len(syllables) - 1)]
    return "".join(syllables)


RULES: dict[str, Callable[[str, random.Random], str]] = {
    "edit": _edit,
    "transposition": _transposition,
    "phonetic": _phonetic,
    "dropped syllable": _dropped_syllable,
}


def ranks(wrongs: list[Misspelling], find: Callable[[str], list[str]]) -> Iterator[tuple[Misspelling, int]]:
    """Where ``find`` has the medicine that was meant: its place from 1, or 0 if it has it not."""
    for wrong in wrongs:
        found = find(wrong.typed)
        yield wrong, found.index(wrong.medicine) + 1 if wrong.medicine in found else 0
