"""Edits of the kind that harm or help patients, and exactly what the reviewer sees of each."""

from tests.redline.edits.parts import PARTS
from tests.redline.edits.words import WORDS

EDITS = {**WORDS, **PARTS}
