"""Links have a working address, and words that say where they lead."""

import re
from collections.abc import Iterator

from monographs.core.link_targets import LinkKind, link_target
from monographs.presentation.moments import long_day_text
from monographs.rules.check_context import CheckContext
from monographs.rules.models import LinkCheck, LinkOutcome
from monographs.rules.rule import Severity, Violation, house_rule
from monographs.rules.text_index import LinkUse, TextIndex

_WEB = re.compile(r"https?://[^\s/]+\.?[^\s]*$", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^\s@]+@[^\s@]+\.[^\s@?]+(?:\?.*)?$", re.IGNORECASE)
_PHONE = re.compile(r"tel:\+?[\d(][\d(). -]+(?:;[a-z-]+=[\w.+-]+)*$", re.IGNORECASE)
_FORMS = {
    "http": (_WEB, "a complete address; copy it again"),
    "https": (_WEB, "a complete address; copy it again"),
    "mailto": (_MAIL, "an email address, e.g. mailto:name@example.org"),
    "tel": (_PHONE, "a phone number, e.g. tel:+18003321088"),
}
_SAYS_NOTHING = re.compile(
    r"(?:click\s+)?here|(?:read|learn|find out|see)?\s*more(?:\s+(?:here|information|details))?|link|this|"
    r"this\s+(?:page|link|site|website)|https?://\S+|www\.\S+",
    re.IGNORECASE,
)


def _violation(link: LinkUse, message: str) -> Violation:
    excerpt = link.words or link.address
    return Violation(link.anchor, link.place, message, excerpt, link.address, link.order)


@house_rule(
    "link-address",
    title="Links that can be followed",
    severity=Severity.ERROR,
    why="A link to a page of this site that was chosen from the list follows the page when it moves; a typed "
    "one does not. Readers cannot open the admin, search engines' redirects show what was searched for, and "
    "other kinds of addresses do not open on most phones.",
    source="RFC 3986, 6068 (mailto) and 3966 (tel); links between pages of this site",
    bad="/medicines/imatinib/ typed by hand, ftp://example.org/label.pdf, an address of the admin",
    good="The page chosen from the list, https://example.org/label.pdf",
)
def link_address(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """Each link is a complete web, email or phone address."""
    for link in text.links:
        fault = _fault(link.address)
        if fault:
            yield _violation(link, fault)


def _fault(address: str) -> str:
    """Return what is wrong with the address itself; empty when nothing is."""
    scheme, colon, _ = address.split("/", maxsplit=1)[0].partition(":")
    pattern, expected = _FORMS.get(scheme.lower(), (None, ""))
    if not colon:
        return f"“{address}” was typed by hand. Choose the page, or write the whole address."
    if pattern is None:
        return f"Readers cannot open “{scheme}:” addresses. Link to a web page."
    return _fault_of_target(address) if pattern.match(address) else f"“{address}” is not {expected}."


def _fault_of_target(address: str) -> str:
    """Return what is wrong with where a complete address leads."""
    target = link_target(address)
    if target.kind is LinkKind.OWN_PAGE:
        return f"{target.path} is a page of this site. Choose the page from the list instead of its address."
    if target.kind in {LinkKind.ADMIN, LinkKind.LOCAL, LinkKind.REDIRECT}:
        return f"{target.change} Link to the page that readers should see."
    if target.redirected:
        return f"{target.change.split(' only leads on')[0]} only leads on. Link to {target.address} itself."
    return "" if target.is_kept else target.change


@house_rule(
    "dead-link",
    title="Links that answer",
    severity=Severity.ERROR,
    overrulable=True,
    why="A source that is gone cannot be checked, and a reader who follows a link that does not work doubts "
    "the rest. It is an error once it has failed for more than a day. Some sites answer browsers only; then "
    "overrule it.",
    source="NHS standard for creating health content; checked in the background by check_links",
    bad="A label's address that answers 404 since Monday",
    good="The label's address as it is today",
)
def dead_link(text: TextIndex, context: CheckContext) -> Iterator[Violation]:
    """No link has failed for more than a day."""
    for link, check in _checked(text, context):
        if check.dead:
            since = f" since {long_day_text(check.first_failed_at)}" if check.first_failed_at else ""
            message = f"{link.address} has not answered{since}: {_result(check)}. Fix the link."
            yield _violation(link, message)


@house_rule(
    "shaky-link",
    title="Links that may not answer",
    severity=Severity.ADVICE,
    why="The address failed for the first time today, or does not answer programs. Open it yourself.",
    source="Checked in the background by check_links",
    bad="An address that did not answer this morning",
    good="An address somebody has just opened",
)
def shaky_link(text: TextIndex, context: CheckContext) -> Iterator[Violation]:
    """The last check of each link gave a clear answer."""
    for link, check in _checked(text, context):
        if not check.dead and check.outcome != LinkOutcome.ANSWERS:
            message = f"{link.address}: {_result(check)}. Open it yourself to see whether it is right."
            yield _violation(link, message)


@house_rule(
    "link-words",
    title="Links that say where they lead",
    severity=Severity.ADVICE,
    why="Screen readers list links without the text around them, and “here” says nothing there.",
    source="WCAG 2.2, success criterion 2.4.4; NHS content guide: links",
    bad="Click here",
    good="How to report a side effect to the FDA",
)
def link_words(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """The words of a link say where it leads."""
    for link in text.links:
        if link.anchor != "sources" and _SAYS_NOTHING.fullmatch(link.words.strip(" .")):
            yield _violation(link, f"“{link.words}” does not say where it leads. Underline words that do.")


def _checked(text: TextIndex, context: CheckContext) -> Iterator[tuple[LinkUse, LinkCheck]]:
    for link in text.links:
        check = context.links.get(link.address)
        if check:
            yield link, check


def _result(check: LinkCheck) -> str:
    return check.detail or check.get_outcome_display().lower()


RULES = (link_address, dead_link, shaky_link, link_words)
