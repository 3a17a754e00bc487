"""StreamField blocks in which writers draft a document: one class per section, and the parts they share.

Every block converts its value into parts of a document, which are what patients read.
"""

from monographs.blocks import adapters
from monographs.blocks.sections import SECTION_BLOCKS, BodyBlock, IncludingBodyBlock, SectionsBlock
from monographs.blocks.source_blocks import SourcesBlock

__all__ = ["SECTION_BLOCKS", "BodyBlock", "IncludingBodyBlock", "SectionsBlock", "SourcesBlock", "adapters"]
