"""Edits that matter to patients, each with its redline in ``notation`` and its flags."""

from tests.redline.edits.parts import PARTS
from tests.redline.edits.words import WORDS

EDITS = {**WORDS, **PARTS}
