"""House rules a draft must meet before it may be submitted. Each is small, named and sourced."""

from monographs.rules.required import problems_of

__all__ = ["problems_of"]
