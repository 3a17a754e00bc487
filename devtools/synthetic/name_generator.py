"""Names that nobody's medicine has: pronounceable, no two alike, the same ones for the same seed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from devtools.synthetic.vocabulary import WORDS

#: Syllables before a name's ending.
GENERIC_SYLLABLES = (2, 3)
BRAND_SYLLABLES = (1, 2)
#: How many brands a medicine has: most have one.
BRANDS = (1, 1, 1, 2, 2, 3, 0)


@dataclass
class Namer:
    """Gives names out, none twice."""

    chance: random.Random
    given: set[str] = field(default_factory=set)

    def generic(self) -> str:
        """A generic name, with an ending as such names have."""
        return self._new(GENERIC_SYLLABLES, WORDS["generic_endings"])

    def brands(self) -> tuple[str, ...]:
        """A medicine's brand names; sometimes none."""
        return tuple(self.brand() for _ in range(self.chance.choice(BRANDS)))

    def brand(self) -> str:
        """A brand name."""
        return self._new(BRAND_SYLLABLES, WORDS["brand_endings"]).capitalize()

    def phrases(self, name: str) -> Iterator[str]:
        """Titles of classes or conditions, in an order of the seed's own, until they run out."""
        firsts, seconds = WORDS[f"{name}_firsts"], WORDS[f"{name}_seconds"]
        pairs = [f"{first} {second}" for first in firsts for second in seconds]
        self.chance.shuffle(pairs)
        yield from pairs

    def _new(self, syllables: tuple[int, int], endings: Sequence[str]) -> str:
        while True:
            middle = "".join(self._syllable() for _ in range(self.chance.randint(*syllables)))
            name = middle + self.chance.choice(endings)
            if name not in self.given:
                self.given.add(name)
                return name

    def _syllable(self) -> str:
        return self.chance.choice(WORDS["onsets"]) + self.chance.choice(WORDS["vowels"])
