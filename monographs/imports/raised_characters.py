"""Raised and lowered characters as Unicode has them, for words without formatting: “10⁸” and not “108”."""

_RAISED = str.maketrans("0123456789+-\u2212=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-\u2212=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


def raised(words: str) -> str:
    """Return ``words`` raised; letters that Unicode does not have raised stay as they are."""
    return words.translate(_RAISED)


def lowered(words: str) -> str:
    """Return ``words`` lowered; letters stay as they are."""
    return words.translate(_LOWERED)
