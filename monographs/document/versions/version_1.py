"""Version 1 of documents: the first. Frozen, with its shape in ``version_1.json``."""

from pathlib import Path

from monographs.document.versions.shape import Shape

NUMBER = 1
SHAPE = Shape.load(Path(__file__).with_suffix(".json"))
