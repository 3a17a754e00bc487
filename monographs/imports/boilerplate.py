"""Detect the boilerplate of a web page around a copied text: menus, buttons, advertisements, legal notices.

It is looked for only before a text's first heading and after its end, and always reported.
"""

import re

#: Words that are buttons or names of icons when a line consists of nothing else.
_BUTTONS = frozenset(
    "account app apps back blog bookmark chat close contact donate download email español events expand "
    "facebook feedback forum help home info instagram language less linkedin login logo logout menu more "
    "next newsletter notifications person pinterest previous print privacy profile register save search "
    "settings share "
    "signin signup sitemap skip subscribe terms tiktok toggle top twitter us whatsapp x youtube".split()
)
_SMALL_WORDS = frozenset("a and in of on or our the to us your".split())
_ICON = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")
_PICTURE = re.compile(
    r"!\[[^\]]*\]\([^)]*\)|\[(?:logo|image|img|icon|picture|photo|video)\b[^\]]*\].*", re.IGNORECASE
)
#: Boilerplate even when it is a whole sentence.
_LEGAL = re.compile(
    r"©|\(c\)\s*\d{4}|\bcopyright\b|\ball rights reserved\b|\b501\(c\)"
    r"|\b(?:we|this (?:site|website)) uses? cookies\b|\baccept (?:all )?cookies\b"
    r"|\bcookie (?:policy|settings|preferences|notice)\b|\bprivacy (?:policy|notice)\b"
    r"|\bterms (?:of (?:use|service)|and conditions)\b",
    re.IGNORECASE,
)
#: Boilerplate only in a short line that is not a sentence.
_INVITATION = re.compile(
    r"\bsign(?:ed)? ?(?:in|up|out)\b|\blog ?(?:in|out)\b|\bcreate (?:an |your )?account\b|\bmy account\b"
    r"|\bdownload\b.*\bapps?\b|\b(?:ios|android|iphone|ipad|mobile) apps?\b|\bget (?:the|our) app\b"
    r"|\bapp mockup\b|\bapp store\b|\bgoogle play\b|\bresources available\b|\banywhere,? anytime\b"
    r"|\banytime,? anywhere\b|\bskip to (?:main )?content\b|\bback to top\b|\bfollow us\b|\bshare this\b"
    r"|\bwas this (?:page )?helpful\b|\bnewsletter\b|\bcontact us\b|\babout us\b|\bdonate (?:now|today)\b"
    r"|\bmain menu\b|\btoggle (?:menu|navigation)\b|\bpowered by\b|\bview more\b|\bread more\b"
    r"|\bshow (?:more|less)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?:;,][\"'”’)\]*_]*$")
#: Words. The longest line of boilerplate in the customer's page has seven.
_SHORT = 12


def is_sentence(line: str) -> bool:
    """Whether a line ends as a sentence, or part of one, does."""
    return bool(_SENTENCE_END.search(line.strip()))


def is_short(line: str) -> bool:
    """Whether a line could be a title, a label or a button: few words, no end of a sentence."""
    return len(line.split()) <= _SHORT and not is_sentence(line)


def is_boilerplate(line: str) -> bool:
    """Whether a line is recognised as boilerplate."""
    words = line.strip()
    if _LEGAL.search(words) or _PICTURE.fullmatch(words):
        return True
    if not words or not (is_short(words) or words.endswith("?")):
        return False
    return bool(_INVITATION.search(words)) or _only_buttons(words)


def _only_buttons(words: str) -> bool:
    parts = [part for part in re.split(r"[\s|/·•,]+", words) if part]
    known = [p for p in parts if p.casefold() in _BUTTONS or _ICON.fullmatch(p)]
    return bool(known) and all(p in known or p.casefold() in _SMALL_WORDS for p in parts)
