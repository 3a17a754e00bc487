"""The writers' side of a document: one StreamField block class per section, and the parts they share.

Every block here can turn its value into parts of a document; what a patient reads is decided there.
"""

from monographs.blocks.sections import SECTION_BLOCKS, BodyBlock, SectionsBlock, SourcesBlock

__all__ = ["SECTION_BLOCKS", "BodyBlock", "SectionsBlock", "SourcesBlock"]
