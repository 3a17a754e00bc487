"""Generates pronounceable, unique names of synthetic medicines, reproducibly for a seed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from devtools.synthetic.word_lists import WORDS

#: Syllables before a name's ending.
GENERIC_SYLLABLES = (2, 3)
BRAND_SYLLABLES = (1, 2)
#: Numbers of brand names to choose from: most medicines have one.
BRAND_COUNTS = (1, 1, 1, 2, 2, 3, 0)


@dataclass
class NameGenerator:
    """Generates names, each of them once."""

    rng: random.Random
    used: set[str] = field(default_factory=set)

    def generic(self) -> str:
        """Return a generic name, with an ending like those of generic names."""
        return self._unused_name(GENERIC_SYLLABLES, WORDS["generic_endings"])

    def brands(self) -> tuple[str, ...]:
        """Return the brand names of a medicine; may be empty."""
        return tuple(self.brand() for _ in range(self.rng.choice(BRAND_COUNTS)))

    def brand(self) -> str:
        """Return a brand name."""
        return self._unused_name(BRAND_SYLLABLES, WORDS["brand_endings"]).capitalize()

    def phrases(self, name: str) -> Iterator[str]:
        """Yield every title of ``name`` (``class`` or ``condition``) in an order that depends on the seed."""
        firsts, seconds = WORDS[f"{name}_firsts"], WORDS[f"{name}_seconds"]
        pairs = [f"{first} {second}" for first in firsts for second in seconds]
        self.rng.shuffle(pairs)
        yield from pairs

    def _unused_name(self, syllables: tuple[int, int], endings: Sequence[str]) -> str:
        while True:
            middle = "".join(self._syllable() for _ in range(self.rng.randint(*syllables)))
            name = middle + self.rng.choice(endings)
            if name not in self.used:
                self.used.add(name)
                return name

    def _syllable(self) -> str:
        return self.rng.choice(WORDS["onsets"]) + self.rng.choice(WORDS["vowels"])
